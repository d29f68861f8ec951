"""Rows as lines of CSV: written here for every file, and once when an answer is published."""

import csv
from collections.abc import Sequence

from .cells import csv_cell
from .columns import Column, Row, of_tables
from .reported import PROGRESS

END = "\r\n"


class CsvLines:
    """What makes lines of rows with these columns, RFC 4180, each without its end."""

    def __init__(self, columns: Sequence[Column]) -> None:
        columns = of_tables(columns)
        self._readers = [column.reader() for column in columns]
        self._written: list[str] = []
        self._writer = csv.writer(self, lineterminator=END)  # what is quoted depends on it
        self.header = self._line([column.code for column in columns])

    def of(self, row: Row) -> str:
        """The line of a row."""
        return self._line([csv_cell(read(row)) for read in self._readers])

    def write(self, text: str) -> None:
        """What csv.writer calls; a row comes in one piece."""
        self._written.append(text)

    def _line(self, cells: Sequence[str]) -> str:
        self._writer.writerow(cells)
        return self._written.pop().removesuffix(END)


def progress_line(row: Row) -> str:
    """A row of `progress` as it stands in the CSV file."""
    return CsvLines(PROGRESS).of(row)

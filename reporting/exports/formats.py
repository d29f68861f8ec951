"""Rows written as NDJSON, as a JSON array, as CSV and as a workbook."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

import orjson

from ..tables.cells import xlsx_text
from ..tables.columns import Cell, Column, of_tables
from ..tables.lines import END, CsvLines
from .copying import QUOTE
from .source import Stored
from .undated import save

MOST_ROWS_OF_A_SHEET = 1_048_575
BLOCK = 64 * 1024
_TOGETHER = 500

Lines = Iterable[bytes]
Columns = Sequence[Column]


@dataclass(frozen=True)
class Format:
    """How a file of this ending is made: lines of JSON in, blocks of bytes out."""

    ending: str
    media_type: str
    write: Callable[[Lines, Columns], Iterator[bytes]]


def ndjson(lines: Lines, columns: Columns) -> Iterator[bytes]:
    """One row a line."""
    if isinstance(lines, Stored):
        yield from lines.copied()
        return
    for block in _blocks(lines):
        yield b"".join(line + b"\n" for line in block)


def json_array(lines: Lines, columns: Columns) -> Iterator[bytes]:
    """One array, a row a line."""
    if isinstance(lines, Stored):
        yield from _as_array(lines.copied(after=","))
        return
    before = b"[\n"
    for block in _blocks(lines):
        yield before + b",\n".join(block)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _as_array(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """One array of rows that all have a comma and a newline behind them."""
    held = b"[\n"
    for block in blocks:
        block = held + block
        yield block[:-2]
        held = block[-2:]
    yield b"[]\n" if held == b"[\n" else b"\n]\n"


def csv_file(lines: Lines, columns: Columns) -> Iterator[bytes]:
    """RFC 4180: UTF-8 without a byte order mark, CRLF, a line of names first."""
    written = CsvLines(columns)
    yield f"{written.header}{END}".encode()
    if isinstance(lines, Stored) and lines.has("line"):
        for part in lines.copied("line", after="\r"):
            yield part.translate(None, QUOTE.encode())
        return
    for block in _blocks(lines):
        yield "".join(written.of(orjson.loads(line)) + END for line in block).encode()


def workbook(lines: Lines, columns: Columns) -> Iterator[bytes]:
    """A sheet of text cells, numbers and booleans; written to a temporary file first."""
    with tempfile.TemporaryFile() as made:
        _write_workbook(made, lines, of_tables(columns))
        made.seek(0)
        while block := made.read(BLOCK):
            yield block


def _write_workbook(made: IO[bytes], lines: Lines, columns: Columns) -> None:
    from openpyxl import Workbook  # takes a while, and few requests ask for it
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"

    def cell(value: Cell) -> Any:
        if not isinstance(value, str) or value == "":
            return None if value == "" else value
        text = WriteOnlyCell(sheet, xlsx_text(value))
        text.data_type = "s"  # whatever it looks like, it is no formula
        return text

    sheet.append([cell(column.code) for column in columns])
    for cells in _cells(lines, columns):
        sheet.append([cell(value) for value in cells])
    save(book, made)


FORMATS = {
    one.ending: one
    for one in (
        Format("ndjson", "application/x-ndjson", ndjson),
        Format("json", "application/json", json_array),
        Format("csv", "text/csv; charset=utf-8", csv_file),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook,
        ),
    )
}


def _cells(lines: Lines, columns: Columns) -> Iterator[list[Cell]]:
    readers = [column.reader() for column in columns]
    for line in lines:
        row = orjson.loads(line)
        yield [read(row) for read in readers]


def _blocks(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while block := list(islice(rest, _TOGETHER)):
        yield block

"""The rows of a table of text, and what is wrong with each by the name of its column.

Nothing here ends the reading: who sends a file is told of everything in it at once.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.text import normalise

from ..forms.importing import LOST, MOST_ROWS
from ..tables.cells import csv_text

MARKS = ",;\t"  # what stands between cells: spreadsheets write what their country is used to

Wrong = tuple[str, str]  # the column, empty where it is the whole row, and what is wrong there


@dataclass
class Row:
    """The cells that can be read, by column, and what is wrong. Row 1 is the header."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def rows_of(text: str, agreed: Sequence[str]) -> Iterator[Row]:
    """The rows, the header first; one that is blank is counted and left out."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text, agreed), strict=True)
    header: list[str] | None = None
    for number, cells in enumerate(_read(lines), start=1):
        if header is None:
            header = [cell.strip() for cell in cells or []]
            yield Row(1, wrong=_of_header(header, agreed))
        elif number > MOST_ROWS + 1:
            yield Row(number, wrong=[("", _("More than %(n)d rows.") % {"n": MOST_ROWS})])
            return
        elif cells != []:
            yield _row(number, header, cells)


def _mark(text: str, agreed: Sequence[str]) -> str:
    """What stands between the cells: that by which the first line names most of the columns."""
    first = text.partition("\n")[0]

    def named(mark: str) -> int:
        return sum(cell.strip(' "') in agreed for cell in first.split(mark))

    return max(MARKS, key=named)


def _read(lines: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Each row's cells; None for one that is no CSV. The next line is then read as a new row."""
    while True:
        try:
            yield next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield None


def _of_header(header: Sequence[str], agreed: Sequence[str]) -> list[Wrong]:
    missing = [(name, _("This column is missing.")) for name in agreed if name not in header]
    unknown = [(name[:40], _("Unknown column.")) for name in header if name not in agreed]
    twice = sorted({name for name in header if header.count(name) > 1})
    return missing + unknown + [(n[:40], _("This column stands there twice.")) for n in twice]


def _row(number: int, header: Sequence[str], cells: Sequence[str] | None) -> Row:
    row = Row(number)
    if cells is None:
        said = _("This row cannot be read. A quotation mark inside a cell is written twice.")
        row.wrong.append(("", said))
        return row
    if len(cells) != len(header):
        short = header[len(cells)] if len(cells) < len(header) else ""
        words = {"n": len(cells), "of": len(header)}
        row.wrong.append((short, _("%(n)d cells where the header has %(of)d.") % words))
    for name, cell in zip(header, cells, strict=False):
        try:
            row.cells[name] = _clean(csv_text(cell))
        except ValidationError as error:
            row.wrong += [(name, words) for words in error.messages]
    return row


def _clean(cell: str) -> str:
    """The cell as it may be kept; raises ValidationError for what cannot be."""
    before, lost, why = cell.partition(LOST)
    if lost and not before and why:
        raise ValidationError(why)
    if lost:
        raise ValidationError(_("A character was lost here. Save the file as CSV UTF-8."))
    return normalise(cell)

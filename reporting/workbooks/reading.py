"""What stands in a returned workbook, by question; every complaint names its sheet and cell."""

import math
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ..observations import key_of
from ..tables.cells import xlsx_value
from . import layout
from .bounds import MOST_ROWS, Refused, looked_at

MOST_SECONDS = 10
ROWS = {row for row, _field in layout.rows_of()}


@dataclass(frozen=True)
class Place:
    """A cell, as the person who filled it in finds it."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return _("Sheet %(sheet)s, cell %(cell)s") % {"sheet": self.sheet, "cell": self.cell}


@dataclass(frozen=True)
class Wrong:
    """Something that cannot be taken over, to which question it belongs, and where it stands."""

    question: str
    place: Place
    words: str


@dataclass
class Typed:
    """The rows of one question: texts by row (answer, address), and where they stand."""

    version: str
    digest: str
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    places: dict[str, tuple[Place, Place]] = field(default_factory=dict)


@dataclass
class TypedYear:
    """The row of one year of an indicator: texts by field, where they stand, what is unreadable."""

    indicator: str
    version: str
    digest: str
    places: dict[str, Place]
    cells: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


@dataclass
class Returned:
    """All that was found. `form` is the fingerprint of the form that the file was made from."""

    report: str
    form: str = ""
    questions: dict[str, Typed] = field(default_factory=dict)
    years: dict[str, TypedYear] = field(default_factory=dict)  # by `Year.key`
    wrong: list[Wrong] = field(default_factory=list)

    def complain(self, question: str, place: Place, words: str) -> None:
        self.wrong.append(Wrong(question, place, words))


def read(data: bytes, *, report: str) -> Returned:
    """What a returned workbook of this report says, cell by cell; nothing is judged yet.

    Raises Refused for what is no workbook of this report, or passes a bound. Reads the cells
    of our own rows alone and keeps nothing of the file.
    """
    from openpyxl import load_workbook  # takes a while, and few requests ask for it

    until = time.monotonic() + MOST_SECONDS
    file = looked_at(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the colours and rules of other programs
            book = load_workbook(file, read_only=True, keep_links=False)
            return _read(book, report, until)
    except Refused:
        raise
    except Exception as error:  # a library on bytes of strangers: whatever it stumbles over
        raise Refused(
            _("The workbook cannot be read. Save it again as .xlsx and send it once more.")
        ) from error


def _read(book: Any, report: str, until: float) -> Returned:
    returned = _ours(book, report)
    for name in book.sheetnames:
        if name in (layout.KEYS, layout.LISTS, layout.READ_FIRST):
            continue
        for number, cells in _rows(book[name], until):
            _take(returned, name, number, cells)
    return returned


def _ours(book: Any, report: str) -> Returned:
    """Looks at the hidden sheet of keys: is it our workbook, of this report?"""
    if layout.KEYS not in book.sheetnames:
        raise Refused(_("This workbook was not made here. Fill in the one of this report."))
    rows = book[layout.KEYS].iter_rows(max_row=5, max_col=1, values_only=True)
    mark, version, code, _number, form = [*(str(row[0] or "") for row in rows), *[""] * 5][:5]
    if mark != layout.MARK or version not in layout.READABLE:
        raise Refused(_("This workbook was not made here. Fill in the one of this report."))
    if code != report:
        words = {"theirs": code[:20], "ours": report}
        raise Refused(_("This is the workbook of %(theirs)s; here is %(ours)s.") % words)
    return Returned(code, form)


def _rows(sheet: Any, until: float) -> Iterator[tuple[int, tuple[Any, ...]]]:
    found = sheet.iter_rows(max_row=MOST_ROWS, max_col=layout.COLUMNS)
    for number, cells in enumerate(found, 1):
        if time.monotonic() > until:
            raise Refused(_("Reading the file takes too long."))
        yield number, cells


def _take(returned: Returned, sheet: str, number: int, cells: tuple[Any, ...]) -> None:
    """Takes one row over, when its keys are those of a field of this report."""
    keys = [str(cells[column - 1].value or "") for column in layout.HIDDEN]
    report, question, row, version, digest = keys
    if not any(keys):
        return
    places = tuple(
        Place(sheet, layout.cell_name(column, number)) for column in (layout.ANSWER, layout.ADDRESS)
    )
    if report != returned.report:
        words = _("The line belongs to another report (%(code)s).") % {"code": report[:20]}
        returned.complain(question, places[0], words)
        return
    if row.startswith(layout.YEAR):
        _take_year(returned, sheet, number, cells)
        return
    typed = returned.questions.setdefault(question, Typed(version, digest))
    if row not in ROWS or row in typed.cells or version != typed.version:
        returned.complain(question, places[0], damaged())
        return
    texts = []
    for place, column in zip(places, (layout.ANSWER, layout.ADDRESS), strict=True):
        text, words = as_text(cells[column - 1])
        if words:
            returned.complain(question, place, words)
        texts.append(text)
    typed.cells[row], typed.places[row] = (texts[0], texts[1]), (places[0], places[1])


def _take_year(returned: Returned, sheet: str, number: int, cells: tuple[Any, ...]) -> None:
    """Takes the row of one year over."""
    keys = [str(cells[column - 1].value or "") for column in layout.HIDDEN]
    _report, indicator, year, version, digest = keys
    key = key_of(indicator, year.removeprefix(layout.YEAR))
    at = layout.FIGURE.items()
    places = {name: Place(sheet, layout.cell_name(column, number)) for name, column in at}
    if key in returned.years:
        returned.years[key].wrong.append(Wrong(key, places["state"], damaged()))
        return
    typed = returned.years[key] = TypedYear(indicator, version, digest, places)
    for name, column in at:
        typed.cells[name], words = as_text(cells[column - 1])
        if words:
            typed.wrong.append(Wrong(key, places[name], words))


def damaged() -> str:
    return _("The hidden keys of this line are damaged, or it stands twice.")


def as_text(cell: Any) -> tuple[str, str]:
    """What a cell says as text, and what is wrong with it; empty when nothing is."""
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return "", ""
    if kind == "f":
        return "", _("The cell holds a formula. Type the text itself.")
    if isinstance(value, str) and kind == "s":
        return xlsx_value(value), ""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return f"{value:.15g}", ""
    return "", _("The cell holds a date or another value that is no text. Type it as text.")

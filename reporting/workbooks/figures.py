"""Yearly figures in the workbook: a line for each year, written, read back and compared.

A line carries a fingerprint of what it said when it went out. So one that nobody touched is known,
whatever was saved meanwhile, without a kept version of every figure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import IntegerField
from django.utils.translation import gettext as _

from .. import definition, observations
from ..models import Report
from ..observations import State, Year
from ..tables.cells import xlsx_text
from . import layout
from .reading import Returned, TypedYear, Wrong, damaged
from .sheets import HEAD, OPEN, Book, Sheet

Said = dict[str, Any]
ASKED = definition.FIGURE
WIDTHS = {layout.LABEL: 16, **dict(zip(layout.FIGURE.values(), (26, 16, 50, 60), strict=True))}
NUMBER = IntegerField(required=False)


@dataclass
class Figure:
    """What the workbook says of one year, beside what stands now."""

    asked: Year
    mine: Said
    made_from: str
    untouched: bool = False
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def name(self) -> str:
        return f"{self.asked.indicator.commitment.reference}, {self.asked.year}"

    @property
    def theirs(self) -> Said:
        return self.asked.stands.said()

    @property
    def both(self) -> None:
        """Nothing: two numbers cannot stand together as two texts can."""

    @property
    def version(self) -> int:
        """The version as it stands: what a save must be based on."""
        return self.asked.stands.version

    @property
    def kind(self) -> str:
        """wrong, same, conflict or change."""
        if self.wrong:
            return "wrong"
        if self.untouched or self.mine == self.theirs:
            return "same"
        return "change" if self.made_from == str(self.version) else "conflict"


def write(book: Book, report: Report, years: Iterable[Year]) -> None:
    """Adds the sheet with a line for each of these years."""
    sheet = Sheet(book, layout.FIGURES, WIDTHS)
    sheet.hide(*layout.HIDDEN)
    sheet.put(layout.LABEL, _("Year"), HEAD)
    for name, column in layout.FIGURE.items():
        sheet.put(column, str(ASKED[name].label), HEAD)
    sheet.next()
    sheet.keep_in_sight()
    hint = _("0 is a number. An empty line says that nothing is given yet.")
    for indicator, group in groupby(years, lambda one: one.indicator):
        sheet.next()
        sheet.put(layout.LABEL, indicator.commitment.reference, HEAD)
        sheet.put(layout.ANSWER, indicator.title, HEAD, across=len(layout.FIGURE))
        sheet.next()
        for line in (indicator.definition, hint):
            sheet.put(layout.ANSWER, line, across=len(layout.FIGURE))
            sheet.next()
        for year in group:
            _line(sheet, report, year)


def _line(sheet: Sheet, report: Report, year: Year) -> None:
    said = year.stands.said()
    of, version = f"{layout.YEAR}{year.year}", str(year.stands.version)
    keys = (report.code, year.indicator.code, of, version, layout.digest_of_year(said))
    for column, key in zip(layout.HIDDEN, keys, strict=True):
        sheet.put(column, key)
    sheet.put(layout.LABEL, str(year.year), HEAD)
    for name, column in layout.FIGURE.items():
        sheet.put(column, xlsx_text(_text(name, said)), OPEN)
    sheet.choose(layout.FIGURE["state"], "state")
    sheet.next()


def _text(name: str, said: Said) -> str:
    if name == "state":
        return layout.label_of(ASKED[name], said[name]) if said[name] else ""
    return "" if said[name] is None else str(said[name])


def compared_years(returned: Returned, years: Iterable[Year]) -> tuple[list[Figure], list[Wrong]]:
    """A proposal for each year that the workbook speaks of, and what is none of these `years`."""
    known, figures, strange = {one.key: one for one in years}, [], []
    told = {one.indicator.code for one in known.values()}
    for key, typed in returned.years.items():
        mine, wrong = _said(key, typed)
        untouched = not wrong and layout.digest_of_year(mine) == typed.digest
        if year := known.get(key):
            wrong += _unknown(year, typed)
            figures.append(Figure(year, mine, typed.version, untouched, wrong))
        elif not untouched:
            words = _not_asked(typed.indicator in told)
            strange.append(Wrong(key, typed.places["state"], words))
    return figures, strange


def years_again(years: Iterable[Year], chosen: Mapping[str, tuple[Said, int]]) -> list[Figure]:
    """Proposals for figures that were chosen over a version that is not the last one any more."""
    found = (one for one in years if one.key in chosen)
    return [Figure(one, chosen[one.key][0], str(chosen[one.key][1])) for one in found]


def _unknown(year: Year, typed: TypedYear) -> list[Wrong]:
    if typed.version in map(str, range(year.stands.version + 1)):
        return []
    return [Wrong(year.key, typed.places["state"], damaged())]


def _not_asked(is_told: bool) -> str:
    if is_told:
        return _("This year cannot be told in this report.")
    return _("The figures are given by the focal point, or by whoever writes the answer itself.")


def _said(key: str, typed: TypedYear) -> tuple[Said, list[Wrong]]:
    """What the line says, cleaned as on the page; else what is wrong, cell by cell."""
    if typed.wrong:
        return {}, list(typed.wrong)
    try:
        return observations.clean(_told(typed.cells)), []
    except ValidationError as error:
        found = error.message_dict.items()
        return {}, [Wrong(key, typed.places[name], " ".join(words)) for name, words in found]


def _told(cells: dict[str, str]) -> Said:
    """The cells as the page would send them. A number beside an empty choice is a number."""
    try:
        value = NUMBER.clean(cells["value"])
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
    state = layout.value_of(ASKED["state"], cells["state"])
    if not cells["state"] and value is not None:
        state = State.VALUE.value
    elif not cells["state"] and (cells["source"] or cells["note"]):
        raise ValidationError({"state": _("Choose one of these.")})
    return {"state": state, "value": value, "source": cells["source"], "note": cells["note"]}

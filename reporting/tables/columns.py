"""What a column of a dataset is called, holds, and means where it is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Row = dict[str, Any]  # as it stands in the JSON
Cell = str | int | bool | None
Labelled = Sequence[tuple[str, Any]]

BETWEEN_CODES, BETWEEN_PARTS, BETWEEN_LINES = "; ", " | ", "\n"
EVERY_FORMAT = ("ndjson", "json", "csv", "xlsx")
TABLES = ("csv", "xlsx")

# Why a value is missing: the one vocabulary of all `<name>_missing` columns.
MISSING: dict[str, Any] = {
    "not_reported": _("The member gave none."),
    "not_applicable": _("There is nothing to give for this row."),
    "not_stated": _("The sources do not say."),
    "not_ended": _("It has not ended."),
    "withheld": _("It was given, and is not for everyone."),
    "fewer_than_5": _("A count from 1 to 4, withheld so that nobody can be recognised."),
    "not_yet_published": _("It becomes public by an act of the secretariat that is still to come."),
    "not_collected": _("The round is before the first one that is collected here."),
    "no_members": _("No member is of this kind."),
    "no_value": _("No member gave a value for the year."),
}


@dataclass(frozen=True)
class Column:
    """One column. `cell` gives what stands in a table, where that is not the value itself.

    type     string, integer, boolean, date, datetime; list (of codes), objects, object
    values   the vocabulary, with words
    missing  the reasons for which it may be empty; `why` chooses one, by the row
    formats  a column of tables alone is no field of the JSON
    since    the version of the API that brought it; `deprecated` the one that takes it away
    """

    code: str
    label: Any
    type: str = "string"
    about: Any = ""
    unit: str = ""
    values: Labelled = ()
    missing: tuple[str, ...] = ()
    why: Callable[[Row], str] | None = None
    cell: Callable[[Row], Cell] | None = None
    formats: tuple[str, ...] = EVERY_FORMAT
    since: str = "1"
    deprecated: str | None = None
    parts: tuple[str, ...] = field(default=())

    @property
    def nullable(self) -> bool:
        """Can the value be null in the JSON?"""
        return bool(self.missing) and self.type != "objects" and "json" in self.formats

    @property
    def table_type(self) -> str:
        """The type of the cell in CSV and XLSX."""
        return "string" if self.type in ("list", "objects", "object") else self.type

    def reader(self) -> Callable[[Row], Cell]:
        """What gives the cell of a row; None and an empty text are both an empty cell.

        Chosen once for a file: it is asked for each of perhaps a million rows.
        """
        if self.cell is not None:
            return self.cell
        if self.type == "list":
            return lambda row: BETWEEN_CODES.join(row[self.code])
        if self.type == "objects":
            return lambda row: BETWEEN_LINES.join(self._line(one) for one in row[self.code])
        return itemgetter(self.code)

    def _line(self, one: Row) -> str:
        return BETWEEN_PARTS.join(str(one[part] or "") for part in self.parts)

    def reason(self) -> "Column":
        """The column beside it that says why it is empty."""

        read, why = self.reader(), self.why or (lambda row: self.missing[0])

        def cell(row: Row) -> Cell:
            return why(row) if read(row) in (None, "") else None

        return Column(
            code=f"{self.code}_missing",
            label=format_lazy(_("{label}: why it is missing"), label=self.label),
            about=_("Empty where the value is there."),
            values=[(code, MISSING[code]) for code in self.missing],
            cell=cell,
            formats=TABLES,
            since=self.since,
        )


def with_reasons(columns: Sequence[Column]) -> list[Column]:
    """The columns, each that may be empty followed by the one that says why."""
    return [
        each
        for column in columns
        for each in ([column, column.reason()] if column.missing else [column])
    ]


def of_tables(columns: Sequence[Column]) -> list[Column]:
    """The columns of CSV and XLSX, in their order."""
    return [column for column in with_reasons(columns) if "csv" in column.formats]

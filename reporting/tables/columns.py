"""What a column of a dataset is called, holds, and means where it is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.missing import REASONS

Row = dict[str, Any]  # as it stands in the JSON
Cell = str | int | float | bool | None
Labelled = Sequence[tuple[str, Any]]

BETWEEN_CODES, BETWEEN_PARTS, BETWEEN_LINES = "; ", " | ", "\n"
EVERY_FORMAT = ("ndjson", "json", "csv", "xlsx")
TABLES, JSON = ("csv", "xlsx"), ("ndjson", "json")


@dataclass(frozen=True)
class Column:
    """One column. `cell` gives what stands in a table, where that is not the value itself.

    type     string, integer, number, boolean, date, datetime; list (of codes), objects, object
    values   the vocabulary, with words
    missing  the reasons for which it may be empty. The row's own `missing` says which it is;
             `why` says it of what is no field of the row
    out_of   what a count is counted out of: another column, or words
    emptied  in the JSON {} or [] stands where it is missing, as it does for objects, never null
    formats  a column of tables alone is no field of the JSON
    since    the version of the API that brought it; `deprecated` the one that takes it away
    """

    code: str
    label: Any
    type: str = "string"
    about: Any = ""
    unit: str = ""
    out_of: str = ""
    values: Labelled = ()
    missing: tuple[str, ...] = ()
    why: Callable[[Row], str] | None = None
    cell: Callable[[Row], Cell] | None = None
    emptied: bool = False
    formats: tuple[str, ...] = EVERY_FORMAT
    since: str = "1"
    deprecated: str | None = None
    parts: tuple[str, ...] = field(default=())

    @property
    def nullable(self) -> bool:
        """Can the value be null in the JSON?"""
        emptied = self.emptied or self.type == "objects"
        return bool(self.missing) and not emptied and "json" in self.formats

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

        # A row of before migration 0007 of reporting has no `missing` yet while its line is made.
        read, why = self.reader(), self.why or (lambda row: row.get("missing", {}).get(self.code))

        def cell(row: Row) -> Cell:
            return why(row) if read(row) in (None, "") else None

        return Column(
            code=f"{self.code}_missing",
            label=format_lazy(_("{label}: why it is missing"), label=self.label),
            about=_("Empty where the value is there."),
            values=[(code, REASONS[code]) for code in self.missing],
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

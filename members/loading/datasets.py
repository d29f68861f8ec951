"""What a dataset is: a file, the model it fills, and how each field of a row is read."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from ..text import LineField, normalise
from .files import Files, Problems, Record

Key = tuple[Any, ...]
Values = dict[str, Any]
# The primary keys of the stored rows: by dataset, then by the row's key.
Ids = dict[str, dict[Key, int]]

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"-?[0-9]{1,9}")
BOOLEANS = {"true": True, "false": False}
KEY_LENGTH = 200


@dataclass(frozen=True)
class Column:
    """One field of a file, and the model's field of the same name.

    `refers_to` names the dataset whose key the field holds, and `path` where the ORM finds that
    key; it must be given unless it is `optional`. `many` is a list of such keys. `filled` is not
    in the file: the dataset adds it.
    """

    name: str
    refers_to: str = ""
    path: str = ""
    pattern: str = ""
    optional: bool = False
    many: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Row:
    """A row that is as agreed: `values` holds JSON values, a day as its ISO form."""

    file: str
    place: str
    key: Key
    values: Values


class Dataset:
    """One kind of row of the registry. A subclass says what is special about it."""

    name: str
    file: str
    model: type[models.Model]
    columns: list[Column]
    key: tuple[str, ...]

    def records(self, files: Files) -> Iterable[Record]:
        """The rows as they stand in the file."""
        return files.table(self.file, self.in_file())

    def in_file(self) -> list[str]:
        return [column.name for column in self.columns if not column.filled]

    def check(self, row: Row) -> Iterator[tuple[str, str]]:
        """Pairs of field and problem for what the fields, each alone, cannot tell."""
        return iter(())

    def stored(self) -> models.QuerySet:
        """The rows in the database, annotated where a `path` needs it."""
        return self.model._default_manager.all()

    def facts(self, values: Values, ids: Ids) -> dict[str, Any]:
        """The arguments of the model for these values. Raises KeyError for an unknown reference."""
        facts: dict[str, Any] = {}
        for column in self.columns:
            value = values[column.name]
            if column.refers_to and not column.many:
                facts[f"{column.name}_id"] = ids[column.refers_to][(value,)] if value else None
            elif not column.many:
                facts[column.name] = value
        return facts

    def references(self, values: Values) -> Iterator[tuple[str, str, Key]]:
        """The field, dataset and key of each row that these values refer to."""
        for column in self.columns:
            if not column.refers_to:
                continue
            found = values[column.name]
            for one in found if column.many else [found]:
                if one is not None:
                    yield column.name, column.refers_to, (one,)

    def write_lists(self, rows: list[tuple[int, Values]], ids: Ids) -> None:
        """Writes the fields with `many` of rows that were added or changed, by primary key."""

    def before_change(self, pk: int, before: Values, after: Values) -> None:
        """What has to be kept before a stored row follows its file."""

    def change(self, pk: int, facts: dict[str, Any]) -> None:
        """Lets a stored row follow its file."""
        self.model._default_manager.filter(pk=pk).update(**facts)

    def rows(self, files: Files, problems: Problems) -> list[Row]:
        """The rows that are as agreed; what is wrong with the others goes to `problems`."""
        rows: dict[Key, Row] = {}
        for record in self.records(files):
            row = self._row(record, problems)
            if row is None:
                continue
            if row.key in rows:
                what = f"the same {', '.join(self.key)} as in {rows[row.key].place}"
                problems.add(what, file=row.file, place=row.place, column=self.key[-1])
            rows.setdefault(row.key, row)
        return list(rows.values())

    def _row(self, record: Record, problems: Problems) -> Row | None:
        values: Values = {}
        wrong: list[tuple[str, str]] = []
        for column in self.columns:
            try:
                values[column.name] = self._value(column, record.fields[column.name])
            except ValidationError as error:
                wrong.append((column.name, " ".join(error.messages)))
        row = None
        if not wrong:
            key = tuple(values[name] for name in self.key)
            row = Row(record.file, self._place(record, key), key, values)
            wrong += self.check(row)
            if len(key_text(key)) > KEY_LENGTH:
                wrong.append((self.key[0], f"the row's key is longer than {KEY_LENGTH}"))
        for name, what in wrong:
            problems.add(what, file=record.file, place=record.place, column=name)
        return None if wrong else row

    def _place(self, record: Record, key: Key) -> str:
        told = "" if "(" in record.place else f" ({key_text(key)})"
        return record.place + told

    def _value(self, column: Column, raw: Any) -> Any:
        if column.many:
            if not isinstance(raw, list):
                raise ValidationError("a list should stand here")
            return sorted(str(_text(one)) for one in raw)
        if column.refers_to:
            if not raw and not column.optional:
                raise ValidationError("this must be given")
            return _text(raw) or None
        field = self.model._meta.get_field(column.name)
        value = _typed(field, raw)
        if column.pattern and value and not re.fullmatch(column.pattern, value):
            raise ValidationError(f"{value!r} is not written as such a code is")
        clean = field.clean(value, None)  # type: ignore[union-attr]
        return clean.isoformat() if isinstance(clean, dt.date) else clean


def _typed(field: Any, raw: Any) -> Any:
    """A file's value as the model's field takes it; strict about how it is written."""
    if isinstance(field, models.BooleanField):
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str) and raw in BOOLEANS:
            return BOOLEANS[raw]
        raise ValidationError(f"{raw!r} is neither true nor false")
    if isinstance(field, models.IntegerField):
        if raw in ("", None):
            return None
        if isinstance(raw, str) and NUMBER.fullmatch(raw):
            return int(raw)
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        raise ValidationError(f"{raw!r} is not a whole number")
    text = _text(raw)
    if isinstance(field, models.DateField):
        return _day(text) if text else None
    if isinstance(field, LineField) and "\n" in text:
        raise ValidationError("a single line should stand here")
    return text


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValidationError(f"a text should stand here, not {raw!r}"[:200])
    if raw != raw.strip():
        raise ValidationError("there is white space at the beginning or the end")
    return normalise(raw)


def _day(text: str) -> dt.date:
    try:
        if DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise ValidationError(f"{text!r} is not a day written as YYYY-MM-DD")


def key_text(key: Key) -> str:
    """A row's key as one readable text."""
    return " / ".join(str(part) if part not in ("", None) else "-" for part in key)

"""Bringing the files' rows into the database, and leaving alone what a person has edited.

`LoadedRow` keeps the values that were last written for each row. A row that still reads so may
follow its file; one that reads differently was edited by a person and is kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from ..models import LoadedRow
from .datasets import Dataset, Ids, Key, Row, Values, key_text
from .files import Files, Problems, Refused


@dataclass(frozen=True)
class Kept:
    """A field in which the register says otherwise than the file, and stays so."""

    row: str
    field: str
    in_file: Any
    kept: Any


@dataclass
class Outcome:
    """What loading one dataset did."""

    dataset: str
    rows: int
    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    removed_here: list[str] = field(default_factory=list)
    gone_from_file: list[str] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.changed)


def load(datasets: Iterable[Dataset], root: Path) -> list[Outcome]:
    """Loads all datasets from the files under `root`, in this order, or none of them.

    May be repeated: a second run writes nothing. Two at once follow one another. Raises Refused,
    with nothing stored, when any file is not as agreed.
    """
    datasets, problems = list(datasets), Problems()
    files = Files(root, problems)
    tables = {dataset.name: dataset.rows(files, problems) for dataset in datasets}
    try:
        with transaction.atomic():
            _one_at_a_time()
            stands = {dataset.name: _stored(dataset) for dataset in datasets}
            ids: Ids = {
                name: {key: pk for key, (pk, _) in rows.items()} for name, rows in stands.items()
            }
            _check_references(datasets, tables, ids, problems)
            problems.refuse_if_any()
            outcomes = [_bring(d, tables[d.name], stands[d.name], ids) for d in datasets]
            connection.check_constraints()  # those that would otherwise wait for the commit
            return outcomes
    except (IntegrityError, DataError) as error:
        raise Refused([f"The database refuses these rows: {error}"]) from error


def _one_at_a_time() -> None:
    """Lets one run load at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('registry', 0))")


Stored = dict[Key, tuple[int, Values]]


def _stored(dataset: Dataset, pk: int | None = None) -> Stored:
    """The rows of a dataset, or one of them, as they stand, in the form of a file's values."""
    names = [column.name for column in dataset.columns]
    paths = [column.path or column.name for column in dataset.columns]
    rows: Stored = {}
    queryset = dataset.stored() if pk is None else dataset.stored().filter(pk=pk)
    for one, *found in queryset.values_list("pk", *paths):
        values = {name: _plain(value) for name, value in zip(names, found, strict=True)}
        rows[tuple(values[name] for name in dataset.key)] = (one, values)
    return rows


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _check_references(
    datasets: list[Dataset], tables: dict[str, list[Row]], ids: Ids, problems: Problems
) -> None:
    """Each reference leads to a row of a file or of the register."""
    loaded = _loaded_keys()
    known = {}
    for dataset in datasets:
        removed = loaded.get(dataset.name, set())
        coming = {row.key for row in tables[dataset.name] if key_text(row.key) not in removed}
        known[dataset.name] = coming | set(ids[dataset.name])
    for dataset in datasets:
        for row in tables[dataset.name]:
            for column, target, key in dataset.references(row.values):
                if key not in known[target]:
                    what = f"{key_text(key)!r} is not among the {target}"
                    problems.add(what, file=row.file, place=row.place, column=column)


def _loaded_keys() -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    for name, key in LoadedRow.objects.values_list("dataset", "key"):
        keys.setdefault(name, set()).add(key)
    return keys


def _bring(dataset: Dataset, rows: list[Row], stands: Stored, ids: Ids) -> Outcome:
    """Adds and changes the rows of one dataset; `ids` learns of the new ones."""
    outcome = Outcome(dataset.name, len(rows))
    loaded = dict(LoadedRow.objects.filter(dataset=dataset.name).values_list("key", "values"))
    new = []
    for row in rows:
        if row.key not in stands and key_text(row.key) in loaded:
            outcome.removed_here.append(key_text(row.key))
        elif row.key not in stands:
            new.append(row)
    _add(dataset, new, ids)
    outcome.added = [key_text(row.key) for row in new]
    agreeing = new + [
        row
        for row in rows
        if row.key in stands
        and _follow(dataset, row, stands[row.key], loaded.get(key_text(row.key)), outcome, ids)
    ]
    written = {key_text(row.key): row.values for row in agreeing}
    _remember(dataset.name, {k: v for k, v in written.items() if loaded.get(k) != v})
    in_file, standing = {key_text(row.key) for row in rows}, {key_text(k) for k in stands}
    outcome.gone_from_file = sorted((set(loaded) & standing) - in_file)
    return outcome


def _follow(
    dataset: Dataset,
    row: Row,
    stored: tuple[int, Values],
    loaded: Values | None,
    outcome: Outcome,
    ids: Ids,
) -> bool:
    """Lets a stored row follow its file unless a person edited it; whether it now agrees."""
    pk, current = stored
    if current == row.values:
        return True
    if current == loaded:
        current = _held(dataset, pk) or current
    differing = [name for name, value in row.values.items() if current[name] != value]
    if current != loaded:
        told = key_text(row.key)
        outcome.kept += [Kept(told, name, row.values[name], current[name]) for name in differing]
        return False
    dataset.before_change(pk, current, row.values)
    dataset.change(pk, dataset.facts(row.values, ids))
    dataset.write_lists([(pk, row.values)], ids)
    outcome.changed[key_text(row.key)] = differing
    return True


def _held(dataset: Dataset, pk: int) -> Values | None:
    """The row's values once it is locked: somebody may have edited it since it was read."""
    list(dataset.model._default_manager.select_for_update().filter(pk=pk).order_by())
    found = list(_stored(dataset, pk).values())
    return found[0][1] if found else None


def _add(dataset: Dataset, rows: list[Row], ids: Ids) -> None:
    """Inserts new rows, those that others of the same dataset refer to first."""
    waiting = rows
    while waiting:
        ready = [row for row in waiting if _known(dataset, row, ids)]
        if not ready:
            told = ", ".join(key_text(row.key) for row in waiting)
            raise Refused([f"{waiting[0].file}: rows refer to one another in a circle: {told}"])
        made = dataset.model._default_manager.bulk_create(
            [dataset.model(**dataset.facts(row.values, ids)) for row in ready]
        )
        ids[dataset.name] |= {row.key: one.pk for row, one in zip(ready, made, strict=True)}
        pairs = [(one.pk, row.values) for row, one in zip(ready, made, strict=True)]
        dataset.write_lists(pairs, ids)
        waiting = [row for row in waiting if row.key not in ids[dataset.name]]


def _known(dataset: Dataset, row: Row, ids: Ids) -> bool:
    return all(key in ids[target] for _, target, key in dataset.references(row.values))


def _remember(dataset: str, values: dict[str, Values]) -> None:
    LoadedRow.objects.bulk_create(
        [LoadedRow(dataset=dataset, key=key, values=row) for key, row in values.items()],
        update_conflicts=True,
        unique_fields=["dataset", "key"],
        update_fields=["values"],
    )

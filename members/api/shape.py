"""Which parts of the rows are given: the fields that were asked for, and the rows they refer to.

docs/decisions/api-fields-and-include.md says why so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .parameters import Asked, Moment

if TYPE_CHECKING:
    from .resources import Resource, Row


@dataclass(frozen=True)
class Inclusion:
    """Rows of another resource that rows refer to: `of` gives the code that a row holds."""

    resource: "Resource"
    of: Callable[[dict[str, Any]], str]


def shaped(
    objects: Sequence[Any],
    rows: "Sequence[Row]",
    resource: "Resource",
    asked: Asked,
    moment: Moment,
) -> "Sequence[Row]":
    """The rows of these objects with the fields asked for, and `included` beside them.

    Rows of which all is wanted stay as they are: text that was stored is not even read.
    """
    if not (asked.fields or asked.include):
        return rows
    opened = resource.opened(objects, rows)
    beside: list[dict[str, Any]] = [{} for _ in opened]
    for name in asked.include:
        wanted = resource.includes[name]
        found = _rows_by_code(wanted.resource, {wanted.of(row) for row in opened}, moment)
        for row, included in zip(opened, beside, strict=True):
            if (code := wanted.of(row)) in found:
                included[name] = found[code]
    return [
        _chosen(row, asked.fields) | ({"included": included} if asked.include else {})
        for row, included in zip(opened, beside, strict=True)
    ]


def _rows_by_code(resource: "Resource", codes: set[str], moment: Moment) -> dict[str, Any]:
    """The rows with these codes, by one query and those of the resource."""
    (key,) = resource.key
    objects = list(resource.known(moment).filter(**{f"{key}__in": codes}))
    rows = resource.rows(objects, moment)
    return {resource.key_of(one)[0]: row for one, row in zip(objects, rows, strict=True)}


def _chosen(row: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """The row with these fields, in its own order; the reason of what is missing comes along."""
    if not fields:
        return row
    chosen = {name: row[name] for name in row if name in fields or name == "missing"}
    if "missing" in row:
        missing = {path: why for path, why in row["missing"].items() if _top(path) in fields}
        chosen["missing"] = missing
    return chosen


def _top(path: str) -> str:
    return path.partition(".")[0]

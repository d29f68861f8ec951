"""The data dictionary: every dataset with the columns of its rows, in words."""

from collections.abc import Sequence
from typing import Any

from commitments.search import synonyms
from members.api.resources import Resource
from members.missing import REASONS

from ..api.urls import RESOURCES
from ..tables.columns import (
    BETWEEN_CODES,
    BETWEEN_LINES,
    BETWEEN_PARTS,
    EVERY_FORMAT,
    Column,
    with_reasons,
)
from .code_lists import code_lists, list_of
from .datasets import DATASETS


def dictionary() -> dict[str, Any]:
    """The whole dictionary as plain JSON, in the language that is active."""
    return {
        "missing_values": [_labelled(code, words) for code, words in REASONS.items()],
        "synonyms": [
            {"code": one.code, "terms": list(one.terms), "why": one.why} for one in synonyms()
        ],
        "separators": {
            "list": BETWEEN_CODES,
            "objects": BETWEEN_LINES,
            "parts": BETWEEN_PARTS,
        },
        "code_lists": code_lists(),
        "datasets": [_dataset(resource) for resource in RESOURCES],
    }


def _dataset(resource: Resource) -> dict[str, Any]:
    return {
        "code": resource.name,
        "about": resource.about,
        "key": key_columns(resource),
        "dated": resource.dated,
        "filters": resource.filter_names(),
        "formats": list(EVERY_FORMAT),
        "columns": [
            _column(resource.name, column) for column in with_reasons(DATASETS[resource.name])
        ],
    }


def key_columns(resource: Resource) -> list[str]:
    """The columns that together name a row.

    The key is made of lookups: `member__code` is the column `member`; the `code` of a row that
    has no such column is its first one.
    """
    codes = [column.code for column in DATASETS[resource.name]]
    names = [lookup.partition("__")[0] for lookup in resource.key]
    return [name if name in codes else codes[0] for name in names]


def _column(dataset: str, column: Column) -> dict[str, Any]:
    return {
        "code": column.code,
        "label": str(column.label),
        "about": str(column.about),
        "type": column.type,
        "table_type": column.table_type,
        "unit": column.unit or None,
        "out_of": column.out_of or None,
        "nullable": column.nullable,
        "code_list": list_of(dataset, column.code),
        "values": _values(column.values),
        "missing": list(column.missing),
        "formats": list(column.formats),
        "since": column.since,
        "deprecated": column.deprecated,
    }


def _values(values: Sequence[tuple[str, Any]]) -> list[dict[str, str]]:
    return [_labelled(code, words) for code, words in values]


def _labelled(code: str, words: Any) -> dict[str, str]:
    return {"code": code, "label": str(words)}

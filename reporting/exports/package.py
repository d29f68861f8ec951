"""The papers that lie in every zip beside the data: what it is, whose, and how to quote it."""

import csv
import datetime as dt
import io
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

import commitments
from members.api.parameters import Moment
from members.api.resources import Resource
from members.models import Erasure

from ..api.urls import RESOURCES
from ..tables.cells import csv_cell
from ..tables.columns import BETWEEN_CODES, Column, of_tables
from .datasets import DATASETS
from .dictionary import dictionary, key_columns

TEXTS = Path(commitments.__path__[0]) / "data" / "sources"
TITLE = "Commitment tracker"
ABOUT = (
    "Who promised what against the sexual abuse of children online, and who has said what they "
    "did: statements, clauses, members, signatures, obligations, rounds of reports and all that "
    "was published. An obligation here is a political commitment, not a legal one."
)
NOT_REAL = "SYNTHETIC: reports and answers are those of a demonstration. Do not quote them."


NOT_ALL = "What takes no day stands as it was when this file was made: README.txt names it.\n"
AS_THEY_STAND = (
    "Statements, commitments, indicators, observations and verdicts take no day: they are as they "
    "stood when this file was made, soon after the day was over unless it was asked for later. "
    "Summaries, and figures, which are the same one a row, are those that were built by the end of "
    "the day; of a day before the first build of this site there are none, and no rows."
)

# Columns whose value is always the key of a row: of which dataset, in which column. Those that
# name a member are not here: a member that left has gone from `members`, its rows have not.
POINTS_TO = {
    "statements": {"endorses": ("", "code")},
    "commitments": {"statement": ("statements", "code"), "parent": ("", "reference")},
    "signatures": {"statement": ("statements", "code")},
    "obligations": {
        "commitment": ("commitments", "reference"),
        "statement": ("statements", "code"),
    },
    "reports": {"cycle": ("cycles", "code")},
    "progress": {
        "report": ("reports", "id"),
        "cycle": ("cycles", "code"),
        "commitment": ("commitments", "reference"),
        "statement": ("statements", "code"),
    },
    "indicators": {"commitment": ("commitments", "reference")},
    "observations": {"indicator": ("indicators", "indicator")},
    "verdicts": {"indicator": ("indicators", "indicator")},
    "figures": {"scope": ("summaries", "scope"), "cycle": ("cycles", "code")},
    "errata": {"corrects": ("", "number")},
}


def citation(day: dt.date) -> str:
    """How to quote the whole, as of a day."""
    return f"{TITLE}. Data as of {day.isoformat()}. {settings.SITE_URL}/data/"


def licence() -> str:
    """The licence of the data in words."""
    code, name, address = settings.DATA_LICENCE
    return (
        f"The data are published under {name} ({code}), {address}\n\n"
        "The official texts of the statements, and the names printed under them, are quotations "
        "as published; the rights in them stay with those who adopted them.\n"
    )


def papers(
    moment: Moment,
    synthetic: bool,
    entries: Mapping[str, tuple[int, str]],
    codes: Collection[str],
) -> dict[str, str]:
    """Each paper by its name. `entries` are the files there already: size and SHA-256."""
    day = moment.day
    first = f"{NOT_REAL}\n\n" if synthetic else ""
    about = f"{ABOUT}\n\nStatements: {', '.join(codes)}.\n"
    about += f"{_shown(moment)} dictionary.csv says what each column means, codes.csv what each "
    about += "code. The address of the site is that of when this file was made.\n"
    about += f"{AS_THEY_STAND}\n{_erased()}"
    return {
        "README.txt": f"{first}{TITLE}\n\n{about}",
        "LICENCE.txt": licence(),
        "CITATION.txt": f"{first}{citation(day)}\n{NOT_ALL}",
        "dictionary.json": _text(dictionary()),
        "dictionary.csv": _dictionary_table(),
        "codes.csv": _code_table(),
        "datapackage.json": _text(_datapackage(day, synthetic, entries)),
    }


def _shown(moment: Moment) -> str:
    """As of when: the end of a day that is over, or else the moment of the building."""
    at, day = moment.now.astimezone(dt.UTC), moment.day
    if at.date() > day:
        return f"Shown at the end of {day} (UTC)."
    return f"As of {day}, as published by {at:%Y-%m-%d %H:%M} (UTC); that day was not over."


def _erased() -> str:
    """A note on words that were taken out of the published record, each with its erratum."""
    told = Erasure.objects.filter(erratum__isnull=False).order_by("pk")
    return "".join(
        f"\nOn {it.done_at:%Y-%m-%d} words were taken out of what was published; a mark, [erased], "
        f"stands in their place. See erratum {it.erratum}.\n"
        for it in told
    )


def _dictionary_table() -> str:
    written = io.StringIO()
    table = csv.writer(written)
    names = ["code", "label", "about", "type", "table_type", "unit", "nullable", "values"]
    names += ["code_list", "missing", "formats", "since", "deprecated", "out_of"]
    table.writerow(["dataset", *names])
    for dataset in dictionary()["datasets"]:
        for column in dataset["columns"]:
            cells = [_in_one(column[name]) for name in names]
            table.writerow([csv_cell(cell) for cell in [dataset["code"], *cells]])
    return written.getvalue()


def _code_table() -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["code_list", "code", "label", "since", "deprecated"])
    for one in dictionary()["code_lists"]:
        for value in one["values"]:
            cells = [one["code"], *(value[name] for name in ("code", "label"))]
            cells += [value["since"], value["deprecated"]]
            table.writerow([csv_cell(cell) for cell in cells])
    return written.getvalue()


def _in_one(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return BETWEEN_CODES.join(
        f"{one['code']}: {one['label']}" if isinstance(one, dict) else one for one in value
    )


def _datapackage(
    day: dt.date, synthetic: bool, entries: Mapping[str, tuple[int, str]]
) -> dict[str, Any]:
    """A Data Package (version 1) of the CSV files."""
    code, name, address = settings.DATA_LICENCE
    return {
        "profile": "tabular-data-package",
        "name": f"{'synthetic-' if synthetic else ''}commitment-tracker",
        "title": TITLE,
        "description": f"{NOT_REAL} {ABOUT}" if synthetic else ABOUT,
        "homepage": f"{settings.SITE_URL}/data/",
        "version": day.isoformat(),
        "licenses": [{"name": code, "title": name, "path": address}],
        "resources": [_resource(resource, entries) for resource in RESOURCES],
    }


def _resource(resource: Resource, entries: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    path = f"data/{resource.name}.csv"
    size, digest = entries[path]
    fields = [_field(column) for column in of_tables(DATASETS[resource.name])]
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "path": path,
        "title": resource.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "dialect": {"lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": fields,
            "primaryKey": key_columns(resource),
            "foreignKeys": _foreign_keys(resource.name),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    """A column with what its cells must be: never empty without a reason, of the vocabulary."""
    rules: dict[str, Any] = {}
    may_be_none = column.type in ("list", "objects", "object") or column.code.endswith("_missing")
    if not column.missing and not may_be_none:
        rules["required"] = True
    if column.values and column.type == "string":
        rules["enum"] = [code for code, _ in column.values]
    return {
        "name": column.code,
        "title": str(column.label),
        "description": str(column.about),
        "type": column.table_type,
        "constraints": rules,
    }


def _foreign_keys(name: str) -> list[dict[str, Any]]:
    return [
        {"fields": column, "reference": {"resource": of, "fields": key}}
        for column, (of, key) in POINTS_TO.get(name, {}).items()
    ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

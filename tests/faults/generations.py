"""What several summaries may say together: the exact count of the published rows, state by state.

Each publication changes every scope that is read here. Scopes of two generations in one answer,
or one that is missing or counted halfway, say together what no state ever said.
"""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count

from reporting.models import PublishedAnswer, PublishedReport

from .detect import Reading

ROUND, KIND = "2028", "government"
ANSWERED = ["2012-T1", "2012-T2", "2022-M1"]
STATUSES = ["implemented", "in_progress", "planned"]
# The rows that each scope counts, by column.
SCOPES: dict[str, dict[str, str]] = {
    f"cycle-{ROUND}": {},
    "statement-2012": {"statement": "2012"},
    "statement-2022": {"statement": "2022"},
    **{f"commitment-{reference}": {"commitment": reference} for reference in ANSWERED},
}
FIGURES = [f"answers_{status}" for status in STATUSES]
_ASKED = f"scope={','.join(SCOPES)}&cycle={ROUND}&kind={KIND}&figure={','.join(FIGURES)}"


def read(site: str) -> Reading:
    """The figures of all these scopes, in one answer of the public site."""
    address = f"{site}/api/v1/figures/?{_ASKED}&page_size=200"
    with urllib.request.urlopen(address, timeout=10) as answer:
        rows = json.load(answer)["results"]
    return reading((row["scope"], row["figure"], row["numerator"] or 0) for row in rows)


def reading(rows: Iterable[tuple[str, str, int]]) -> Reading:
    return frozenset((f"{scope} {figure}", n) for scope, figure, n in rows)


def counted(scope: str) -> dict[str, int]:
    """The figures of one scope, counted of the published rows as they are now."""
    shown = PublishedAnswer.objects.shown().filter(cycle=ROUND, kind=KIND, owed=True)
    found = shown.filter(**SCOPES[scope]).values_list("status").annotate(Count("pk"))
    numbers = dict(found.order_by("status"))
    return {f"answers_{status}": numbers.get(status, 0) for status in STATUSES}


def states() -> set[Reading]:
    """What all scopes said together after each publication so far, and before the first."""
    return {_reading_of(answers) for answers in _after_each_publication()}


Rows = list[dict[str, Any]]


def _after_each_publication() -> Iterator[Rows]:
    """The answers shown, before the first publication and after each; the later report of a
    member takes the place of its earlier one."""
    by_report: dict[int, Rows] = {}
    columns = ("report", "kind", "owed", "statement", "commitment", "status")
    for row in PublishedAnswer.objects.filter(cycle=ROUND).values(*columns):
        by_report.setdefault(row["report"], []).append(row)
    shown: dict[str, Rows] = {}
    yield []
    reports = PublishedReport.objects.filter(cycle=ROUND).order_by("pk")
    for key, member in reports.values_list("pk", "member"):
        shown[member] = by_report.get(key, [])
        yield [row for rows in shown.values() for row in rows]


def _reading_of(answers: Rows) -> Reading:
    owed = [row for row in answers if row["owed"] and row["kind"] == KIND]
    return reading(
        (scope, f"answers_{status}", numbers[status])
        for scope, columns in SCOPES.items()
        for numbers in [Counter(row["status"] for row in owed if _is_of(row, columns))]
        for status in STATUSES
    )


def _is_of(row: Mapping[str, Any], columns: Mapping[str, str]) -> bool:
    return all(row[name] == value for name, value in columns.items())

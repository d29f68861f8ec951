"""Goal 10, in a process of the register: its build beside counting row by row."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from bench.measuring import Row, interleaved, timed
from reporting import summaries
from reporting.models import Cycle, PublishedAnswer, Summary

Counts = Counter[tuple[str, str, str]]


def measure(rounds: int) -> list[Row]:
    """Rows for the full build, and for the build after one report."""
    now = dt.datetime.now(dt.UTC)
    summaries.build(now=now)
    newest = f"cycle-{Cycle.objects.latest('code').code}"
    counted = _of_summaries()
    assert counted == _by_values() == _by_objects()
    found = interleaved(
        {
            "full": timed(lambda: _built(None, now)),
            "values": timed(_by_values),
            "objects": timed(_by_objects),
            "one": timed(lambda: _built([newest], now)),
        },
        *(rounds, lambda line: None),
    )
    what = f"summaries of {sum(counted.values())} answers"
    return [
        Row("10", what, found["full"], found["values"], "a loop over values()", ">= 3.5"),
        Row("10", what, found["full"], found["objects"], "a loop over objects", ">= 20"),
        Row("10", "after one report", found["one"], found["full"], "all of them", "<= 0.02"),
    ]


def _built(scopes: list[str] | None, now: dt.datetime) -> None:
    """A build that finds figures to write: those that are there are forgotten, and come back."""
    with transaction.atomic():
        Summary.objects.filter(**({"scope__in": scopes} if scopes else {})).delete()
        assert summaries.build(scopes, now=now)
        transaction.set_rollback(True)


def _of_summaries() -> Counts:
    counts: Counts = Counter()
    for summary in Summary.objects.shown().filter(scope__startswith="cycle-"):
        for kind, figures in json.loads(summary.row)["figures"].items():
            for name, figure in figures.items():
                status = name.removeprefix("answers_")
                if status in STATUSES and figure["numerator"]:
                    counts[summary.scope.removeprefix("cycle-"), kind, status] += figure[
                        "numerator"
                    ]
    return counts


STATUSES = set(summaries.Answer.Status.values)


def _counted(rows: Iterable[Any], key: Callable[[Any], tuple[str, str, str]]) -> Counts:
    return Counter(key(row) for row in rows)


def _by_values() -> Counts:
    rows = PublishedAnswer.objects.shown().filter(owed=True).values("cycle", "kind", "status")
    return _counted(rows.iterator(), lambda row: (row["cycle"], row["kind"], row["status"]))


def _by_objects() -> Counts:
    rows = PublishedAnswer.objects.shown().filter(owed=True)
    return _counted(rows.iterator(), lambda row: (row.cycle, row.kind, row.status))

"""Goal 10, in a process of the register: its build beside counting row by row."""

import datetime as dt
import itertools
import json
import time
from collections import Counter
from typing import Any

from reporting import summaries
from reporting.models import Answer, Cycle, PublishedAnswer, PublishedReport, Summary
from tests.bench.measuring import Row, interleaved, timed

Counts = Counter[tuple[str, str, str]]
SLOW_SECONDS = 15
NOTE = (
    "The build counts more than the loops do: every scope, with its denominators, and by basis. "
    "Where it takes long it is repeated twice."
)
STATUSES = set(Answer.Status.values)


def measure(rounds: int) -> list[Row]:
    """Rows for the full build, and for the build after one report."""
    now = dt.datetime.now(dt.UTC)
    began = time.perf_counter()
    summaries.build(now=now, whole=True)
    if time.perf_counter() - began > SLOW_SECONDS:
        rounds = min(rounds, 2)  # few, and told, rather than none
    counted = _of_summaries()
    assert counted == _by_values() == _by_objects()
    found = interleaved(
        {
            "full": timed(lambda: summaries.build(now=now, whole=True)),
            "values": timed(_by_values),
            "objects": timed(_by_objects),
            "one": OneReport(now).refreshed,
        },
        *(rounds, lambda line: None),
    )
    refreshed = _rows()
    summaries.build(now=now, whole=True)
    assert _rows() == refreshed
    what = f"summaries of {sum(counted.values())} answers"
    return [
        Row(
            "10", what, found["full"], found["values"], "a loop over values()", ">= 3.5", note=NOTE
        ),
        Row("10", what, found["full"], found["objects"], "a loop over objects", ">= 20", note=NOTE),
        Row("10", "after one report", found["one"], found["full"], "all of them", "<= 0.02"),
    ]


class OneReport:
    """One report of the newest round that is withdrawn, and shown again the next time."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        newest = Cycle.objects.latest("code").code
        self.report = PublishedReport.objects.filter(cycle=newest).earliest("pk")
        self.ends = itertools.cycle([now.date(), None])

    def refreshed(self) -> float:
        """Seconds of the build after it."""
        until = next(self.ends)
        PublishedReport.objects.filter(pk=self.report.pk).update(shown_until=until)
        self.report.answers.update(shown_until=until)
        began = time.perf_counter()
        summaries.build(now=self.now)
        return time.perf_counter() - began


def _rows() -> dict[str, Any]:
    shown = Summary.objects.shown().values_list("scope", "row")
    return {scope: json.loads(row)["figures"] for scope, row in shown}


def _of_summaries() -> Counts:
    counts: Counts = Counter()
    for scope, kinds in _rows().items():
        for kind, figures in kinds.items() if scope.startswith("cycle-") else ():
            for name, figure in figures.items():
                status = name.removeprefix("answers_")
                if status in STATUSES and figure["numerator"]:
                    counts[scope.removeprefix("cycle-"), kind, status] += figure["numerator"]
    return counts


def _by_values() -> Counts:
    rows = PublishedAnswer.objects.shown().filter(owed=True).values("cycle", "kind", "status")
    return Counter((row["cycle"], row["kind"], row["status"]) for row in rows.iterator())


def _by_objects() -> Counts:
    rows = PublishedAnswer.objects.shown().filter(owed=True)
    return Counter((row.cycle, row.kind, row.status) for row in rows.iterator())

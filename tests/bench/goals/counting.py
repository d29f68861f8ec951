"""Goal 10, in a process of the register: its sums beside counting row by row."""

import datetime as dt
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from reporting import sums
from reporting.figures import rounds_of
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Sum
from tests.bench.measuring import Row, interleaved, timed

# By scope, round, kind and status: obligations, withheld, support, moved on, unchanged, back.
Counts = dict[tuple[str, str, str, str], list[int]]
SLOW_SECONDS = 15
NOTE = "Where the loops take long they are repeated twice."
COLUMNS = (
    *("cycle", "member", "kind", "region", "statement", "commitment", "status"),
    *("withheld", "support_requested"),
)
WAY = ["not_started", "planned", "in_progress", "implemented"]


def measure(rounds: int) -> list[Row]:
    """Rows for counting everything, and for counting after one report."""
    now = dt.datetime.now(dt.UTC)
    _recount(now)
    began = time.perf_counter()
    assert _kept() == _by_values()
    if time.perf_counter() - began > SLOW_SECONDS:
        rounds = min(rounds, 2)  # few, and told, rather than none
    assert _kept() == _by_objects()
    found = interleaved(
        {
            "full": timed(lambda: _recount(now)),
            "values": timed(_by_values),
            "objects": timed(_by_objects),
            "one": OneReport(now).refreshed,
        },
        *(rounds, lambda line: None),
    )
    refreshed = _kept()
    _recount(now)
    assert _kept() == refreshed
    what = f"sums of {PublishedAnswer.objects.count()} answers by every scope"
    loops = {"values": ("a loop over values()", ">= 3.5"), "objects": ("over objects", ">= 20")}
    return [
        *(
            Row("10", what, found["full"], found[name], other, wanted, note=NOTE)
            for name, (other, wanted) in loops.items()
        ),
        Row("10", "sums after one report", found["one"], found["full"], "all of them", "<= 0.02"),
    ]


def _units(now: dt.datetime) -> dict[tuple[str, str], sums.Unit]:
    return sums.units(rounds_of(list(Cycle.objects.order_by("code")), now.date()))


def _recount(now: dt.datetime) -> None:
    sums.recount(_units(now), lambda done, of: None)


class OneReport:
    """One report of the newest round that is withdrawn, and shown again the next time."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        newest = Cycle.objects.latest("code").code
        self.report = PublishedReport.objects.filter(cycle=newest).earliest("pk")
        self.ends = itertools.cycle([now.date(), None])

    def refreshed(self) -> float:
        """Seconds of the counting after it."""
        until = next(self.ends)
        PublishedReport.objects.filter(pk=self.report.pk).update(shown_until=until)
        self.report.answers.update(shown_until=until)
        began = time.perf_counter()
        sums.refresh(_units(self.now))
        return time.perf_counter() - began


def _kept() -> Counts:
    """The sums of what was answered."""
    numbers = ("obligations", "withheld", "support", "moved_on", "unchanged", "moved_back")
    rows = Sum.objects.exclude(status__in=["waiting", "none", "excused", "not_expected"])
    key = ("scope", "cycle", "kind", "status")
    return {row[:4]: list(row[4:]) for row in rows.values_list(*key, *numbers)}


def _by_values() -> Counts:
    rows = _answers().values(*COLUMNS)
    return _counted(rows.iterator(), lambda row: [row[name] for name in COLUMNS])


def _by_objects() -> Counts:
    rows = _answers()
    return _counted(rows.iterator(), lambda row: [getattr(row, name) for name in COLUMNS])


def _answers() -> Any:
    return PublishedAnswer.objects.shown().filter(owed=True).order_by("cycle")


def _counted(rows: Iterable[Any], values: Callable[[Any], list[Any]]) -> Counts:
    """What a program counts that takes one answer after the other, the rounds in order."""
    counts: Counts = defaultdict(lambda: [0] * 6)
    before: dict[tuple[str, str], str] = {}
    for row in rows:
        cycle, member, kind, region, statement, clause, status, withheld, support = values(row)
        earlier = before.get((member, clause))
        before[member, clause] = status
        scopes = [f"cycle-{cycle}", f"statement-{statement}", f"commitment-{clause}"]
        scopes += [f"member-{member}", *([f"region-{region}"] if region else [])]
        for scope in scopes:
            count = counts[scope, cycle, kind, status]
            count[0] += 1
            count[1] += withheld
            count[2] += support
            if earlier in WAY and status in WAY:
                moved = WAY.index(status) - WAY.index(earlier)
                count[3 if moved > 0 else 5 if moved < 0 else 4] += 1
    return dict(counts)

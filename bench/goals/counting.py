"""Goal 10, in a process of the register: its counts of every scope beside counting row by row.

The loops count less than the register does: no text that is withheld, and nothing of how an
answer compares with the one of the round before.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from bench.measuring import Row, interleaved, timed
from commitments.models import Obligation
from reporting import sums
from reporting.figures import rounds_of
from reporting.models import Cycle, PublishedAnswer, Sum
from reporting.sums import Unit

Counts = Counter[tuple[str, str, str, str]]
Units = dict[tuple[str, str], Unit]
COLUMNS = ("cycle", "member", "kind", "region", "statement", "commitment", "status")


def measure(rounds: int) -> list[Row]:
    """Rows for counting everything, and for counting one report again."""
    units = sums.units(rounds_of(list(Cycle.objects.collected().order_by("code"))))
    sums.recount(units, _quiet)
    counted = _kept()
    assert counted == _by_values() == _by_objects()
    found = interleaved(
        {
            "full": timed(lambda: _undone(lambda: sums.recount(units, _quiet))),
            "values": timed(_by_values),
            "objects": timed(_by_objects),
            "one": timed(lambda: _undone(lambda: sums.refresh(_withdrawn(units)))),
        },
        *(rounds, lambda line: None),
    )
    _shown_equal(_withdrawn(units))
    what = f"{sum(counted.values())} counts of {len(units)} reports by scope"
    return [
        Row("10", what, found["full"], found["values"], "a loop over values()", ">= 3.5"),
        Row("10", what, found["full"], found["objects"], "a loop over objects", ">= 20"),
        Row("10", "after one report", found["one"], found["full"], "all of them", "<= 0.02"),
    ]


def _quiet(done: int, of: int) -> None:
    """Nobody watches."""


def _undone(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def _withdrawn(units: Units) -> Units:
    """The same units after the first member's newest report was withdrawn."""
    key = max(units, key=lambda key: (key[0], key[1]))
    one = units[key]
    return units | {key: Unit(one.cycle, one.member, None, one.before, one.silence)}


def _shown_equal(units: Units) -> None:
    """Counting what changed gives what counting everything gives."""
    with transaction.atomic():
        sums.refresh(units)
        step = _kept()
        sums.recount(units, _quiet)
        assert step == _kept()
        transaction.set_rollback(True)


def _kept() -> Counts:
    rows = Sum.objects.values_list("cycle", "scope", "kind", "status", "obligations")
    return Counter({row[:4]: row[4] for row in rows})


def _counted(read: Callable[[Cycle], Iterator[Any]]) -> Counts:
    counts: Counts = Counter()
    for cycle in Cycle.objects.collected():
        lines = Obligation.objects.in_force(cycle.opens_on).order_by()
        owed = set(lines.values_list("member__code", "commitment__reference"))
        for code, member, kind, region, statement, commitment, status in read(cycle):
            if (member, commitment) not in owed:
                continue
            counts[code, f"cycle-{code}", kind, status] += 1
            counts[code, f"statement-{statement}", kind, status] += 1
            counts[code, f"commitment-{commitment}", kind, status] += 1
            counts[code, f"region-{region}", kind, status] += 1
            counts[code, f"member-{member}", kind, status] += 1
    return counts


def _by_values() -> Counts:
    def read(cycle: Cycle) -> Iterator[Any]:
        rows = PublishedAnswer.objects.shown().filter(cycle=cycle.code).values(*COLUMNS)
        return (tuple(row[name] for name in COLUMNS) for row in rows.iterator())

    return _counted(read)


def _by_objects() -> Counts:
    def read(cycle: Cycle) -> Iterator[Any]:
        rows = PublishedAnswer.objects.shown().filter(cycle=cycle.code)
        return (tuple(getattr(row, name) for name in COLUMNS) for row in rows.iterator())

    return _counted(read)

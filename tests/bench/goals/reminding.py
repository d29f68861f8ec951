"""Goal 11, in a process of the register; all that is planned is rolled back."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from members.models import Member, Role, User
from reporting import reminders
from reporting.models import Cycle, Milestone, Reminder
from reporting.reminders import planning
from reporting.reminders.statement import PLAN
from tests.bench.measuring import Row, in_units, interleaved

FEW, MANY = 10, 100  # milestones; each member is reminded of each
KEY = ("milestone", "cycle_id", "member_id", "recipient", "reckoned_from")
FACTS = (*KEY, "contact", "because", "due_on", "planned_at")


def measure(rounds: int) -> list[Row]:
    """Rows for planning all, a second time, and for ten times as many."""
    cycle = Cycle.objects.latest("code")
    with _people(cycle):
        few, many = _of_few(cycle, rounds), _of_many(cycle, rounds)
    return [*few, *many]


def _of_few(cycle: Cycle, rounds: int) -> list[Row]:
    now, found_by_plan = _planned(cycle, FEW)
    again = {"first": lambda: _plan(now)}
    found = interleaved(
        {
            "plan": _rolled_back(lambda: _plan(now)),
            "get_or_create": _rolled_back(lambda: _one_by_one(found_by_plan)),
            "again": _rolled_back(lambda: _plan(now), **again),
            "get": _rolled_back(lambda: _one_by_one(found_by_plan), **again),
            "mails": _rolled_back(lambda: reminders.plan(now=now)),
        },
        *(rounds, lambda line: None),
    )
    number, other = len(found_by_plan), "get_or_create"
    with_mails = f"With the words of {Member.objects.count()} mails it takes "
    with_mails += f"{in_units(found['mails'], 's')}; the other writes none."
    what, second = f"planning {number} reminders", "a second run, which finds nothing new"
    return [
        Row("11", what, found["plan"], found[other], other, ">= 200", note=with_mails),
        Row("11", second, found["again"], found["get"], other, ">= 30"),
    ]


def _of_many(cycle: Cycle, rounds: int) -> list[Row]:
    now, found_by_plan = _planned(cycle, MANY)
    rows = [Reminder(**facts) for facts in found_by_plan]
    found = interleaved(
        {
            "plan": _rolled_back(lambda: _plan(now)),
            "bulk_create": _rolled_back(
                lambda: Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
            ),
        },
        *(rounds, lambda line: None),
    )
    what, other = f"planning {len(rows)} reminders", "bulk_create(ignore_conflicts)"
    return [Row("11", what, found["plan"], found["bulk_create"], other, ">= 4")]


def _plan(now: dt.datetime) -> None:
    """The planner's statement, without the words of the mails."""
    planning._ask(PLAN, planning._facts(now) | {"now": now})


@contextlib.contextmanager
def _people(cycle: Cycle) -> Iterator[None]:
    """A focal point of each member; undone at the end, as all is that is written here."""
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(email=f"{member.code.lower()}@example.org", name=f"Focal point of {member.code}")
            for member in Member.objects.order_by("code")
        )
        Role.objects.bulk_create(
            Role(user=person, member=member, kind="focal_point", since=dt.date(2000, 1, 1))
            for person, member in zip(people, Member.objects.order_by("code"), strict=True)
        )
        yield
        transaction.set_rollback(True)


def _planned(cycle: Cycle, milestones: int) -> tuple[dt.datetime, list[dict[str, Any]]]:
    """A moment when so many milestones have come, and what the planner writes then, as values."""
    Milestone.objects.all().delete()
    Milestone.objects.bulk_create(
        Milestone(kind=f"milestone-{n}", relative_to="due_on", offset_days=n)
        for n in range(milestones)
    )
    now = dt.datetime.combine(cycle.due_on, dt.time(12), dt.UTC) + dt.timedelta(days=milestones)
    with transaction.atomic():
        _plan(now)
        facts = list(Reminder.objects.values(*FACTS))
        transaction.set_rollback(True)
    assert len(facts) == milestones * Member.objects.count()
    return now, [each | {"overtaken": True} for each in facts]


def _one_by_one(facts: list[dict[str, Any]]) -> None:
    for each in facts:
        key = {name: each[name] for name in KEY}
        others = {name: value for name, value in each.items() if name not in KEY}
        Reminder.objects.get_or_create(**key, defaults=others)


def _rolled_back(
    work: Callable[[], object], first: Callable[[], object] = lambda: None
) -> Callable[[], float]:
    """The seconds of the work, undone; what comes first is not counted."""

    def measure() -> float:
        with transaction.atomic():
            first()
            began = time.perf_counter()
            work()
            took = time.perf_counter() - began
            transaction.set_rollback(True)
        return took

    return measure

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
from tests.bench.measuring import Measured, Row, interleaved

MILESTONES = 10
KEY = ("milestone", "cycle_id", "member_id", "recipient", "reckoned_from")


def measure(rounds: int) -> list[Row]:
    """Rows for a first run of the planner, which writes mails too, and for one that finds all."""
    cycle = Cycle.objects.latest("code")
    now = dt.datetime.combine(cycle.due_on, dt.time(12), dt.UTC) + dt.timedelta(days=30)
    with _people(cycle):
        found_by_plan = _planned(now)
        rows = [Reminder(**facts) for facts in found_by_plan]
        assert len(rows) == MILESTONES * Member.objects.count()
        found = interleaved(
            {
                "plan": _rolled_back(lambda: reminders.plan(now=now)),
                "get_or_create": _rolled_back(lambda: _one_by_one(found_by_plan)),
                "bulk_create": _rolled_back(
                    lambda: Reminder.objects.bulk_create(
                        rows, ignore_conflicts=True, batch_size=2000
                    )
                ),
                "again": _rolled_back(lambda: reminders.plan(now=now), first=True, now=now),
                "get": _rolled_back(lambda: _one_by_one(found_by_plan), first=True, now=now),
            },
            *(rounds, lambda line: None),
        )
    return _told(found, len(rows))


def _told(found: Measured, number: int) -> list[Row]:
    what = f"planning {number} reminders, mails and all"
    note = "The planner writes the text of each mail in the same transaction; the others do not."
    again, bulk = "the second run finds nothing new", "bulk_create(ignore_conflicts), no mails"
    return [
        Row(
            "11",
            what,
            found["plan"],
            found["get_or_create"],
            "get_or_create, no mails",
            ">= 200",
            note=note,
        ),
        Row("11", what, found["plan"], found["bulk_create"], bulk, ">= 4", note=note),
        Row("11", again, found["again"], found["get"], "get_or_create", ">= 30"),
    ]


@contextlib.contextmanager
def _people(cycle: Cycle) -> Iterator[None]:
    """A focal point of each member, and milestones that have all come; undone at the end."""
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(email=f"{member.code.lower()}@example.org", name=f"Focal point of {member.code}")
            for member in Member.objects.order_by("code")
        )
        Role.objects.bulk_create(
            Role(user=person, member=member, kind="focal_point", since=dt.date(2000, 1, 1))
            for person, member in zip(people, Member.objects.order_by("code"), strict=True)
        )
        Milestone.objects.all().delete()
        Milestone.objects.bulk_create(
            Milestone(kind=f"milestone-{n}", relative_to="due_on", offset_days=n)
            for n in range(MILESTONES)
        )
        yield
        transaction.set_rollback(True)


def _planned(now: dt.datetime) -> list[dict[str, Any]]:
    """What the planner writes, as values that another way can write."""
    with transaction.atomic():
        reminders.plan(now=now)
        facts = list(Reminder.objects.values(*KEY, "due_on", "planned_at"))
        transaction.set_rollback(True)
    return [each | {"overtaken": True} for each in facts]


def _one_by_one(facts: list[dict[str, Any]]) -> None:
    for each in facts:
        key = {name: each[name] for name in KEY}
        others = {name: value for name, value in each.items() if name not in KEY}
        Reminder.objects.get_or_create(**key, defaults=others)


def _rolled_back(
    work: Callable[[], object], first: bool = False, now: dt.datetime | None = None
) -> Callable[[], float]:
    """The seconds of the work, undone; with `first` everything has been planned before."""

    def measure() -> float:
        with transaction.atomic():
            if first and now:
                reminders.plan(now=now)
            began = time.perf_counter()
            work()
            took = time.perf_counter() - began
            transaction.set_rollback(True)
        return took

    return measure

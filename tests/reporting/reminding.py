"""What the tests of reminders do: plan on a day, submit, extend, open a round."""

import datetime as dt
import itertools

from members.models import Member, Role, User
from reporting import reminders
from reporting.models import Cycle, Extension, Milestone, Report

OPENING, BEFORE, AFTER = dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 8)


def three_milestones() -> None:
    """Leaves a plan of three milestones, which is enough to see one overtake another."""
    Milestone.objects.exclude(kind__in=["opening", "before_30", "after_7"]).delete()


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def day_after(day: dt.date, days: int = 1) -> dt.date:
    return day + dt.timedelta(days=days)


def plan(day: dt.date) -> dict[str, int]:
    return reminders.plan(now=noon(day))


def submitted(member: Member, code: str = "2026") -> Report:
    report, _ = Report.objects.get_or_create(cycle=Cycle.objects.get(code=code), member=member)
    Report.objects.filter(pk=report.pk).update(
        state="submitted", first_submitted_at=noon(dt.date(2026, 5, 1))
    )
    return report


def extend(
    member: Member,
    due_on: dt.date | None,
    by: User,
    *,
    on: dt.date = dt.date(2026, 2, 1),
    code: str = "2026",
) -> Extension:
    return Extension.objects.create(
        cycle=Cycle.objects.get(code=code),
        member=member,
        due_on=due_on,
        reason="-",
        decided_by=by,
        decided_on=on,
    )


def open_round() -> Cycle:
    """A round that opened just now: the outbox asks at the moment of sending."""
    today = dt.datetime.now(dt.UTC).date()
    cycle, _ = Cycle.objects.update_or_create(
        code="2098",
        defaults={
            "opens_on": day_after(today, -1),
            "due_on": day_after(today, 200),
            "closes_on": day_after(today, 300),
        },
    )
    return cycle


def plan_now() -> None:
    """Plans for today, when nothing but the report of the round just opened is missing."""
    others = Cycle.objects.exclude(code=open_round().code)
    for cycle, role in itertools.product(others, Role.objects.filter(kind="focal_point")):
        submitted(role.member, cycle.code)
    reminders.plan(now=dt.datetime.now(dt.UTC))

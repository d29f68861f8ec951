"""Planning reminders: for now, for the days to come, and once more right before one is sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from members.languages import long_date
from members.models import Message, Role, User
from members.readers import zone_of

from ..models import Contact, Cycle, Milestone
from ..rounds import expected_members
from .plans import Plan, as_planned, plans_of
from .statement import AHEAD, PLAN, STILL
from .writing import write_texts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Trial:
    """What if: a milestone at another offset, a round due on another day, a round's other plan.

    `plans` are plans by round. None of it is done.
    """

    milestone: Milestone | None = None
    offset_days: int | None = None
    cycle: Cycle | None = None
    due_on: dt.date | None = None
    plans: dict[int, Plan] = field(default_factory=dict)

    def plan(self, cycle: int, in_force: Plan) -> Plan:
        """The plan of this round as it would be."""
        plan = self.plans.get(cycle, in_force)
        if self.milestone is None or self.offset_days is None:
            return plan
        days, kind = self.offset_days, self.milestone.kind
        return [replace(m, offset_days=days) if m.kind == kind else m for m in plan]

    @property
    def words(self) -> list[str]:
        """What is tried, as people read it; a round's other plan is shown where it is written."""
        said = []
        if self.milestone is not None and self.offset_days is not None:
            usual = as_planned(self.milestone)
            days = {
                "usual": usual.words,
                "tried": replace(usual, offset_days=self.offset_days).words,
            }
            said.append(_("Tried: the milestone “%(usual)s” comes “%(tried)s”.") % days)
        if self.cycle and self.due_on:
            days = {"code": self.cycle.code, "day": long_date(self.due_on)}
            said.append(_("Tried: round %(code)s is due on %(day)s.") % days)
        return said


AS_IT_IS = Trial()


def plan(now: dt.datetime) -> dict[str, int]:
    """Queues a message to each person who is to be told that a report is due and missing.

    A message lists all that is due to its reader; of several milestones that came since the
    last run the newest is sent and the others are recorded as overtaken. May be repeated, and
    run twice at once. Returns the number of messages, reminders and overtaken milestones.
    """
    with transaction.atomic():
        facts = _facts(now) | {"now": now}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reminders', 0))")
        of_messages = [message for (message,) in _ask(PLAN, facts)]
        messages = {message for message in of_messages if message is not None}
        write_texts(messages, now=now)
    counts = {
        "messages": len(messages),
        "reminders": len([m for m in of_messages if m is not None]),
        "overtaken": of_messages.count(None),
    }
    if of_messages:
        log.info("reminders_planned", **counts)
    return counts


def ahead(
    moments: Sequence[dt.datetime],
    *,
    person: User | None = None,
    trial: Trial = AS_IT_IS,
) -> list[tuple[Any, ...]]:
    """What `plan` would send if it ran at these moments and nothing else changed; writes nothing.

    Rows of person, its day, milestone's kind, round, member, the milestone's day, synthetic,
    contact (who the person is to the member) and why it is written to.
    """
    return _ask(AHEAD, _facts(*moments, person=person, trial=trial))


def still_due(message: Message) -> bool:
    """Is what this message reminds of still missing? Asked by the outbox right before sending.

    True for a message that is no reminder. Its words are made anew, so that it speaks of nothing
    that was submitted meanwhile, and tells the date that holds now.
    """
    if message.kind != Message.Kind.REMINDER:
        return True
    if message.person is None:
        return False
    now = dt.datetime.now(dt.UTC)
    facts = _facts(now, person=message.person) | {"message": message.pk}
    due = {pk for (pk,) in _ask(STILL, facts)}
    if not due:
        return False
    write_texts({message.pk}, now=now, only=due)
    message.refresh_from_db(fields=["subject", "body", "calendar"])
    return True


def _ask(statement: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of the statement, whose joins are all by hash.

    Most of what it joins is made in the statement itself, so that how many rows there are is a
    guess; a nested loop after a wrong guess takes minutes where hashing takes a moment.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, facts)
        rows = list(cursor.fetchall())
        cursor.execute("SET LOCAL enable_nestloop = on")
    return rows


def _facts(
    *moments: dt.datetime, person: User | None = None, trial: Trial = AS_IT_IS
) -> dict[str, Any]:
    """What the statement is asked with: parallel lists of what is expected, planned, and when.

    The rounds are those open at some of the moments; the statement asks at which.
    """
    first, last = min(moments).date(), max(moments).date()
    rounds = list(Cycle.objects.begun(last).filter(closes_on__gte=first))
    expected = [(cycle.pk, member) for cycle in rounds for member in _expected(cycle, person)]
    dates = {(zone, now.date(), _today(now, zone)) for zone in _zones() for now in moments}
    return {
        "person": person.pk if person else None,
        "contacts": Contact.values,
        "cycles": [cycle for cycle, _ in expected],
        "members": [member for _, member in expected],
        "zones": [zone for zone, _, _ in dates],
        "asked": [asked for _, asked, _ in dates],
        "days": [today for _, _, today in dates],
        "round": trial.cycle.pk if trial.cycle else None,
        "due_on": trial.due_on,
        **_planned(rounds, trial),
    }


def _expected(cycle: Cycle, person: User | None) -> list[int]:
    """The members from whom a report is expected, of which this person may have to hear."""
    found = expected_members(cycle)
    if person:
        held = Role.objects.filter(user=person)
        if not held.filter(kind__in=Role.OF_THE_SECRETARIAT).exists():
            found = found.filter(pk__in=held.exclude(member=None).values("member"))
    return list(found.values_list("pk", flat=True))


def _planned(rounds: Sequence[Cycle], trial: Trial) -> dict[str, Any]:
    """The milestones of these rounds, as parallel lists."""
    plans = plans_of(rounds)
    rows = [(c.pk, m) for c in rounds for m in trial.plan(c.pk, plans[c.pk])]
    opening = Milestone.RelativeTo.OPENING
    return {
        "of": [cycle for cycle, _ in rows],
        "kinds": [milestone.kind for _, milestone in rows],
        "opening": [milestone.relative_to == opening for _, milestone in rows],
        "offsets": [milestone.offset_days for _, milestone in rows],
        "reaches": [Contact(milestone.reaches).rank for _, milestone in rows],
    }


def _zones() -> list[str]:
    return list(User.objects.values_list("time_zone", flat=True).distinct().order_by("time_zone"))


def _today(now: dt.datetime, zone: str) -> dt.date:
    """The date at `now` in a time zone; a zone that does not exist counts as UTC."""
    return now.astimezone(zone_of(zone)).date()

"""Who is reminded of what, and when. Reminders are a state, not an appointment.

The planner does not ask "whose day is it?" but "which milestones have come, for a report that
is still missing, and have no row?" A day on which nothing ran is therefore caught up, and a
second run finds nothing. docs/decisions/reminders-as-state.md says more.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction

from members.models import Member, Message, Role, User

from . import emails
from .models import Cycle, Extension, Milestone, Reminder, Report
from .rounds import expected_members

log = structlog.get_logger(__name__)

# One row per milestone that has come for a missing report and one of its focal points; `place` 1
# is the newest milestone, which overtakes the others. A person's day is that of its time zone. The
# planner asks for one moment, the rehearsal for many; a trial puts other days in their place.
_REACHED = """
WITH expected AS (
    SELECT * FROM unnest(%(cycles)s::bigint[], %(members)s::bigint[]) AS e(cycle_id, member_id)
),
zone AS (
    SELECT * FROM unnest(%(zones)s::text[], %(asked)s::date[], %(days)s::date[])
        AS z(name, asked_on, today)
),
milestone AS (
    SELECT id, relative_to, CASE id WHEN %(milestone)s::bigint THEN %(offset_days)s::int
                                    ELSE offset_days END AS offset_days
    FROM reporting_milestone
),
reached AS (
    SELECT DISTINCT milestone.id AS milestone_id, cycle.id AS cycle_id, expected.member_id,
           person.id AS person_id, person.email, person.language, zone.asked_on, zone.today,
           person.is_demonstration OR coalesce(report.synthetic, false) AS synthetic,
           cycle.code || '-' || member.code AS report_code, day.due_on, milestone.offset_days
    FROM expected
    JOIN reporting_cycle cycle ON cycle.id = expected.cycle_id
    JOIN members_member member ON member.id = expected.member_id
    JOIN members_role role ON role.member_id = expected.member_id AND role.kind = 'focal_point'
    JOIN members_user person ON person.id = role.user_id AND person.is_active
    JOIN zone ON zone.name = person.time_zone
             AND zone.asked_on BETWEEN cycle.opens_on AND cycle.closes_on
    LEFT JOIN reporting_report report
           ON report.cycle_id = expected.cycle_id AND report.member_id = expected.member_id
    LEFT JOIN reporting_extension extension
           ON extension.cycle_id = expected.cycle_id
          AND extension.member_id = expected.member_id
          AND extension.decided_on <= zone.today
    CROSS JOIN milestone
    CROSS JOIN LATERAL (
        SELECT CASE milestone.relative_to
                   WHEN 'opens_on' THEN cycle.opens_on
                   ELSE coalesce(extension.due_on,
                                 CASE cycle.id WHEN %(round)s::bigint THEN %(due_on)s::date
                                               ELSE cycle.due_on END)
               END + milestone.offset_days AS due_on
    ) day
    WHERE report.first_submitted_at IS NULL
      AND (extension.id IS NULL OR extension.due_on IS NOT NULL)
      AND role.since <= zone.today
      AND (role.until IS NULL OR role.until > zone.today)
      AND day.due_on <= zone.today
      AND (%(person)s::bigint IS NULL OR person.id = %(person)s)
),
placed AS (
    SELECT *, row_number() OVER (
        PARTITION BY cycle_id, member_id, email, asked_on, today
        ORDER BY due_on DESC, offset_days DESC, milestone_id
    ) AS place
    FROM reached
)
"""

_FRESH = """,
fresh AS (
    SELECT * FROM placed
    WHERE NOT EXISTS (
        SELECT FROM reporting_reminder reminder
        WHERE reminder.milestone_id = placed.milestone_id
          AND reminder.cycle_id = placed.cycle_id
          AND reminder.member_id = placed.member_id
          AND reminder.recipient = placed.email
    )
)"""

# The key is made of the person and the day, and keys are unique: however many planners run, a
# person gets one message a day. Whatever else comes up that day waits for the next.
_PLAN = (
    _REACHED  # noqa: S608 constants, no value among them
    + _FRESH
    + """,
envelope AS (
    INSERT INTO members_message
        (key, kind, "to", person_id, subject, body, language, about, synthetic, state,
         created_at, not_before, attempts, last_error, maybe_twice)
    SELECT md5('reminder ' || person_id || ' ' || today)::uuid, 'reminder', email, person_id,
           '', '', language, left(string_agg(report_code, ' ' ORDER BY report_code), 120),
           bool_or(synthetic), 'pending', %(now)s, %(now)s, 0, '', false
    FROM fresh
    WHERE place = 1
    GROUP BY person_id, today, email, language
    ORDER BY person_id
    ON CONFLICT (key) DO NOTHING
    RETURNING id, person_id
)
INSERT INTO reporting_reminder
    (milestone_id, cycle_id, member_id, recipient, due_on, planned_at, message_id, overtaken)
SELECT fresh.milestone_id, fresh.cycle_id, fresh.member_id, fresh.email, fresh.due_on, %(now)s,
       envelope.id, fresh.place > 1
FROM fresh
LEFT JOIN envelope ON envelope.person_id = fresh.person_id AND fresh.place = 1
WHERE fresh.place > 1 OR envelope.id IS NOT NULL
ON CONFLICT DO NOTHING
RETURNING message_id
"""
)

# A milestone is used up at the first moment at which it is fresh: sent if it is the newest then. A
# person who got a message already waits for the next day, as above.
_AHEAD = (
    _REACHED  # noqa: S608 constants, no value among them
    + _FRESH
    + """,
used AS (
    SELECT DISTINCT ON (milestone_id, cycle_id, member_id, person_id) *
    FROM fresh
    WHERE place > 1 OR NOT EXISTS (
        SELECT FROM members_message message
        WHERE message.key = md5('reminder ' || fresh.person_id || ' ' || fresh.today)::uuid
    )
    ORDER BY milestone_id, cycle_id, member_id, person_id, today, asked_on
)
SELECT person_id, today, milestone_id, cycle_id, member_id, due_on, synthetic
FROM used
WHERE place = 1
ORDER BY today, person_id
"""
)

_STILL = (
    _REACHED
    + """
SELECT reminder.id
FROM reporting_reminder reminder
JOIN placed USING (milestone_id, cycle_id, member_id)
WHERE reminder.message_id = %(message)s AND reminder.recipient = placed.email AND placed.place = 1
"""
)


@dataclass(frozen=True)
class Trial:
    """A milestone at another offset, a round due on another day, or both; none of it is done."""

    milestone: Milestone | None = None
    offset_days: int | None = None
    cycle: Cycle | None = None
    due_on: dt.date | None = None


AS_IT_IS = Trial()


def plan(*, now: dt.datetime) -> dict[str, int]:
    """Queues a message to each focal point whose member's report is due and missing.

    A message lists all that is due to its reader; of several milestones that came since the
    last run the newest is sent and the others are recorded as overtaken. May be repeated, and
    run twice at once. Returns the number of messages, reminders and overtaken milestones.
    """
    with transaction.atomic():
        facts = _facts(now) | {"now": now, "person": None}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reminders', 0))")
            cursor.execute(_PLAN, facts)
            of_messages = [message for (message,) in cursor.fetchall()]
        messages = {message for message in of_messages if message is not None}
        _write_texts(messages, now=now)
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

    Rows of person, its day, milestone, round, member, the milestone's day, synthetic.
    """
    facts = _facts(*moments, person=person, trial=trial)
    facts["person"] = person.pk if person else None
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, facts)
        return list(cursor.fetchall())


def still_due(message: Message) -> bool:
    """Is what this message reminds of still missing? Asked by the outbox right before sending.

    True for a message that is no reminder. A message of which only a part is still due is
    rewritten, so that it speaks of nothing that was submitted meanwhile.
    """
    if message.kind != Message.Kind.REMINDER:
        return True
    if message.person is None:
        return False
    now = dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        facts = {"person": message.person_id, "message": message.pk}
        cursor.execute(_STILL, _facts(now, person=message.person) | facts)
        due = {pk for (pk,) in cursor.fetchall()}
    if not due:
        return False
    if message.reminders.exclude(pk__in=due).exists():
        _write_texts({message.pk}, now=now, only=due)
        message.refresh_from_db(fields=["subject", "body"])
    return True


def _facts(
    *moments: dt.datetime, person: User | None = None, trial: Trial = AS_IT_IS
) -> dict[str, Any]:
    """Expected members by round, and the dates at these moments by time zone, as parallel lists.

    The rounds are those open at some of the moments; the statement asks at which.
    """
    members = {}
    if person:
        held = Role.objects.filter(user=person, kind=Role.Kind.FOCAL_POINT)
        members = {"pk__in": held.values("member")}
    first, last = min(moments).date(), max(moments).date()
    rounds = Cycle.objects.begun(last).filter(closes_on__gte=first)
    expected = [
        (cycle.pk, member)
        for cycle in rounds
        for member in expected_members(cycle).filter(**members).values_list("pk", flat=True)
    ]
    zones = [person.time_zone] if person else _zones()
    dates = {(zone, now.date(), _today(now, zone)) for zone in zones for now in moments}
    return {
        "cycles": [cycle for cycle, _ in expected],
        "members": [member for _, member in expected],
        "zones": [zone for zone, _, _ in dates],
        "asked": [asked for _, asked, _ in dates],
        "days": [today for _, _, today in dates],
        "milestone": trial.milestone.pk if trial.milestone else None,
        "offset_days": trial.offset_days,
        "round": trial.cycle.pk if trial.cycle else None,
        "due_on": trial.due_on,
    }


def _zones() -> list[str]:
    return list(User.objects.values_list("time_zone", flat=True).distinct().order_by("time_zone"))


def _today(now: dt.datetime, zone: str) -> dt.date:
    """The date at `now` in a time zone; a zone that does not exist counts as UTC."""
    return now.astimezone(emails.zone_of(zone)).date()


def _write_texts(
    messages: Iterable[int], *, now: dt.datetime, only: set[int] | None = None
) -> None:
    """Writes subject and body of these messages from their reminders (`only` these, if given)."""
    reminders = Reminder.objects.filter(message__in=messages).select_related(
        "message__person", "cycle", "member", "milestone"
    )
    if only is not None:
        reminders = reminders.filter(pk__in=only)
    by_message: dict[Message, list[Reminder]] = {}
    for reminder in reminders.order_by("message", "cycle__code", "member__code"):
        if reminder.message:  # only those overtaken have none
            by_message.setdefault(reminder.message, []).append(reminder)
    item_of = items(reminders, now)
    for message, listed in by_message.items():
        told = [item_of[reminder.cycle_id, reminder.member_id] for reminder in listed]
        message.language = emails.language_of(message.person)
        message.subject, message.body = emails.reminder(
            told, to=message.person, now=now, synthetic=message.synthetic
        )
    Message.objects.bulk_update(by_message, ["language", "subject", "body"], batch_size=500)


def items(reminders: Iterable[Reminder], now: dt.datetime) -> dict[tuple[int, int], emails.Item]:
    """What to say of each missing report, by round and member, in three queries for all."""
    of = {
        "cycle__in": {r.cycle_id for r in reminders},
        "member__in": {r.member_id for r in reminders},
    }
    named = Member.objects.named(now.date()).filter(pk__in=of["member__in"])
    names = {member.pk: member.display_name for member in named}
    extended = {
        (extension.cycle_id, extension.member_id): extension.due_on
        for extension in Extension.objects.filter(**of)
    }
    begun = set(Report.objects.filter(**of).values_list("cycle", "member"))
    return {
        key: emails.Item(
            cycle=reminder.cycle.code,
            member=names[reminder.member_id],
            due_on=extended.get(key) or reminder.cycle.due_on,
            path=f"/reporting/{reminder.cycle}-{reminder.member}/"
            if key in begun
            else "/reporting/",
        )
        for reminder in reminders
        for key in [(reminder.cycle_id, reminder.member_id)]
    }

"""Who is reminded of what, and when. Reminders are a state, not an appointment.

The planner does not ask "whose day is it?" but "which milestones have come, for a report that
is still missing, and have no row?" A day on which nothing ran is therefore caught up, and a
second run finds nothing. docs/decisions/reminders-as-state.md says more.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import structlog
from django.db import connection, transaction

from members.models import Member, Message, Role, User

from . import emails
from .models import Cycle, Extension, Reminder, Report
from .rounds import expected_members

log = structlog.get_logger(__name__)

# One row per milestone that has come for a missing report and one of its focal points; `place` 1
# is the newest milestone, which overtakes the others. A person's day is that of its time zone.
_REACHED = """
WITH expected AS (
    SELECT * FROM unnest(%(cycles)s::bigint[], %(members)s::bigint[]) AS e(cycle_id, member_id)
),
zone AS (
    SELECT * FROM unnest(%(zones)s::text[], %(days)s::date[]) AS z(name, today)
),
reached AS (
    SELECT DISTINCT milestone.id AS milestone_id, cycle.id AS cycle_id, expected.member_id,
           person.id AS person_id, person.email, person.language, zone.today,
           person.is_demonstration OR coalesce(report.synthetic, false) AS synthetic,
           cycle.code || '-' || member.code AS report_code, day.due_on, milestone.offset_days
    FROM expected
    JOIN reporting_cycle cycle ON cycle.id = expected.cycle_id
    JOIN members_member member ON member.id = expected.member_id
    JOIN members_role role ON role.member_id = expected.member_id AND role.kind = 'focal_point'
    JOIN members_user person ON person.id = role.user_id AND person.is_active
    JOIN zone ON zone.name = person.time_zone
    LEFT JOIN reporting_report report
           ON report.cycle_id = expected.cycle_id AND report.member_id = expected.member_id
    LEFT JOIN reporting_extension extension
           ON extension.cycle_id = expected.cycle_id
          AND extension.member_id = expected.member_id
          AND extension.decided_on <= zone.today
    CROSS JOIN reporting_milestone milestone
    CROSS JOIN LATERAL (
        SELECT CASE milestone.relative_to
                   WHEN 'opens_on' THEN cycle.opens_on
                   ELSE coalesce(extension.due_on, cycle.due_on)
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
        PARTITION BY cycle_id, member_id, email
        ORDER BY due_on DESC, offset_days DESC, milestone_id
    ) AS place
    FROM reached
)
"""

# The key is made of the person and the day, and keys are unique: however many planners run, a
# person gets one message a day. Whatever else comes up that day waits for the next.
_PLAN = (
    _REACHED  # noqa: S608 two constants, no value among them
    + """,
fresh AS (
    SELECT * FROM placed
    WHERE NOT EXISTS (
        SELECT FROM reporting_reminder reminder
        WHERE reminder.milestone_id = placed.milestone_id
          AND reminder.cycle_id = placed.cycle_id
          AND reminder.member_id = placed.member_id
          AND reminder.recipient = placed.email
    )
),
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

_STILL = (
    _REACHED
    + """
SELECT reminder.id
FROM reporting_reminder reminder
JOIN placed USING (milestone_id, cycle_id, member_id)
WHERE reminder.message_id = %(message)s AND reminder.recipient = placed.email AND placed.place = 1
"""
)


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


def _facts(now: dt.datetime, person: User | None = None) -> dict[str, Any]:
    """Expected members by open round, and today's date by time zone, as parallel lists."""
    members = {}
    if person:
        held = Role.objects.filter(user=person, kind=Role.Kind.FOCAL_POINT)
        members = {"pk__in": held.values("member")}
    rounds = Cycle.objects.begun(now.date()).filter(closes_on__gte=now.date())
    expected = [
        (cycle.pk, member)
        for cycle in rounds
        for member in expected_members(cycle).filter(**members).values_list("pk", flat=True)
    ]
    zones = [person.time_zone] if person else _zones()
    return {
        "cycles": [cycle for cycle, _ in expected],
        "members": [member for _, member in expected],
        "zones": zones,
        "days": [_today(now, zone) for zone in zones],
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
    item_of = _items(reminders, now)
    for message, listed in by_message.items():
        items = [item_of[reminder.cycle_id, reminder.member_id] for reminder in listed]
        message.language = emails.language_of(message.person)
        message.subject, message.body = emails.reminder(
            items, to=message.person, now=now, synthetic=message.synthetic
        )
    Message.objects.bulk_update(by_message, ["language", "subject", "body"], batch_size=500)


def _items(reminders: Iterable[Reminder], now: dt.datetime) -> dict[tuple[int, int], emails.Item]:
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

"""The words of planned reminders, from the rows that the planner wrote."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from members import languages
from members.models import Member, Message

from .. import emails
from ..models import Contact, Extension, Reminder, Report
from ..rounds import decided_on, given


def write_texts(messages: Iterable[int], *, now: dt.datetime, only: set[int] | None = None) -> None:
    """Writes what these messages say from their reminders (from `only` these, if given)."""
    reminders = Reminder.objects.filter(message__in=messages).select_related(
        "message__person", "cycle", "member"
    )
    if only is not None:
        reminders = reminders.filter(pk__in=only)
    by_message: dict[Message, list[Reminder]] = {}
    for reminder in reminders.order_by("message", "cycle__code", "member__code"):
        if reminder.message:  # only those overtaken have none
            by_message.setdefault(reminder.message, []).append(reminder)
    told = items([reminder for listed in by_message.values() for reminder in listed], now)
    for message, listed in by_message.items():
        message.language = languages.language_of(message.person)
        letter = emails.reminder(
            [told[key(reminder)] for reminder in listed],
            to=message.person,
            now=now,
            synthetic=message.synthetic,
        )
        message.subject, message.body, message.calendar = letter
    Message.objects.bulk_update(
        by_message, ["language", "subject", "body", "calendar"], batch_size=500
    )


Key = tuple[int, int, str, str]


def key(reminder: Reminder) -> Key:
    """What the words of a reminder follow from: round, member, to whom, and why."""
    return (reminder.cycle_id, reminder.member_id, reminder.contact, reminder.because)


def items(reminders: Iterable[Reminder], now: dt.datetime) -> dict[Key, emails.Item]:
    """What to say of each missing report, by `key`, in three queries for all."""
    of = {
        "cycle__in": {r.cycle_id for r in reminders},
        "member__in": {r.member_id for r in reminders},
    }
    named = Member.objects.named(now.date()).filter(pk__in=of["member__in"])
    names = {member.pk: member.display_name for member in named}
    extended = decided_on(of["cycle__in"], of["member__in"])
    begun = set(Report.objects.filter(**of).values_list("cycle", "member"))
    return {
        key(reminder): _item(
            reminder,
            names[reminder.member_id],
            extended.get((reminder.cycle_id, reminder.member_id)),
            begun=(reminder.cycle_id, reminder.member_id) in begun,
        )
        for reminder in reminders
    }


def _item(
    reminder: Reminder, name: str, extension: Extension | None, *, begun: bool
) -> emails.Item:
    cycle = reminder.cycle
    code = f"{cycle}-{reminder.member}"
    path = f"/reporting/{code}/" if begun else "/reporting/"
    if reminder.contact == Contact.SECRETARIAT:
        path = reverse("record-reminders", args=[reminder.member.code])
    return emails.Item(
        code=code,
        cycle=cycle.code,
        member=name,
        due_on=given(cycle, extension),
        round_due_on=cycle.due_on,
        path=path,
        contact=reminder.contact,
        because=reminder.because,
        sequence=cycle.sequence + (extension.sequence if extension else 0),
    )

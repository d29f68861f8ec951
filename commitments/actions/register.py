"""What changes a member's place under statements, and what is known of the alliance's meetings.

Accession, withdrawal and a recorded position are dated facts in the member's record
(`members.actions.records`), and so is having taken part in a meeting; what the member owes
follows by itself, for obligations are computed from these facts.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from members import rules
from members.actions.records import Stale, Writing, recording, store
from members.events import record
from members.history import version_of
from members.languages import long_date
from members.models import Member, Name

from ..models import Meeting, Participation, Position, Signature, Statement

MEETINGS = "meetings"  # the chain of events about them


def accede(
    member: Member,
    writing: Writing,
    *,
    statement: Statement,
    printed: str,
    on: dt.date,
    source: str,
) -> None:
    """The member's name stands under the statement from this day on, written as `printed`.

    Who withdrew may accede again, from the day of the withdrawal on.
    """
    code, day = statement.code, on.isoformat()
    with recording(member, "acceded", writing, statement=code, on=day) as locked:
        Statement.objects.select_for_update().get(pk=statement.pk)  # one place a name in its list
        if on < statement.adopted_on:
            raise ValidationError({"on": _("This is before the statement was adopted.")})
        for held in locked.signatures.filter(statement=statement):
            if held.withdrawn_on is None:
                there = _("Its name stands under this statement already.")
                raise ValidationError({"statement": there})
            if on < held.withdrawn_on:
                told = _("It stood under this statement until %(day)s.")
                raise ValidationError({"on": told % {"day": long_date(held.withdrawn_on)}})
        last = statement.signatures.aggregate(last=Max("position"))["last"] or 0
        name = locked.names.filter(text=printed, statement=code).first()
        if name is None:
            name = Name(member=locked, text=printed, statement=code, since=on, source=source[:200])
            store(name)
        place = {"statement": statement, "member": locked, "name": name, "position": last + 1}
        store(Signature(**place, signed_on=on, source_note=source))


def withdraw(
    member: Member, writing: Writing, *, signature: Signature, on: dt.date, source: str
) -> None:
    """The member is no longer bound by its signature from this day on."""
    code, day = signature.statement.code, on.isoformat()
    with recording(member, "withdrew", writing, statement=code, on=day) as locked:
        held = locked.signatures.get(pk=signature.pk)
        if held.withdrawn_on:
            raise ValidationError(
                {"signature": _("It withdrew already: where the day is wrong, correct it.")}
            )
        if on < held.signed_on:
            raise ValidationError({"on": _("This is before it signed.")})
        held.withdrawn_on, held.withdrawal_source = on, source
        store(held)


def correct_accession(
    member: Member, writing: Writing, *, signature: Signature, on: dt.date, source: str
) -> None:
    """Another day or source of an accession than was typed; its printed name stays.

    Not for the names under a text as it was adopted: no source dates any of them.
    """
    code, day = signature.statement.code, on.isoformat()
    with recording(member, "accession corrected", writing, statement=code, on=day) as locked:
        dated = locked.signatures.select_related("statement", "name")
        held = dated.get(pk=signature.pk, signed_on_inferred=False)
        if on < held.statement.adopted_on:
            raise ValidationError({"on": _("This is before the statement was adopted.")})
        if held.withdrawn_on and on > held.withdrawn_on:
            raise ValidationError({"on": _("It withdrew before this day.")})
        if held.name.since == held.signed_on:  # the name was read in the same instrument
            held.name.since, held.name.source = on, source
            store(held.name)
        held.signed_on, held.source_note = on, source
        _stands_once(held)
        store(held)


def correct_withdrawal(
    member: Member, writing: Writing, *, signature: Signature, on: dt.date | None, source: str
) -> None:
    """Another day or source of a withdrawal than was typed; no day takes it back whole."""
    code, day = signature.statement.code, on.isoformat() if on else ""
    with recording(member, "withdrawal corrected", writing, statement=code, on=day) as locked:
        held = locked.signatures.get(pk=signature.pk, withdrawn_on__isnull=False)
        if on and on < held.signed_on:
            raise ValidationError({"on": _("This is before it signed.")})
        held.withdrawn_on, held.withdrawal_source = on, source if on else ""
        _stands_once(held)
        store(held)


def _stands_once(held: Signature) -> None:
    """Refuses days on which the name would stand under the statement a second time."""
    others = Signature.objects.filter(member=held.member_id, statement=held.statement_id)
    others = others.exclude(pk=held.pk).filter(
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=held.signed_on)
    )
    if held.withdrawn_on:
        others = others.filter(signed_on__lt=held.withdrawn_on)
    if other := others.order_by("signed_on").first():
        told = _("Its name stands there from %(day)s by another signature.")
        raise ValidationError({"on": told % {"day": long_date(other.signed_on)}})


def take_position(
    member: Member,
    writing: Writing,
    *,
    statement: Statement,
    on_endorsement: bool,
    text: str,
    on: dt.date,
    source: str,
) -> None:
    """What the member has said about a statement, shown beside it. It changes no obligation."""
    code, day = statement.code, on.isoformat()
    with recording(member, "position recorded", writing, statement=code, on=day) as locked:
        if on_endorsement and statement.endorses_id is None:
            raise ValidationError({"on_endorsement": _("This statement endorses no other.")})
        facts = {"statement": statement, "on_endorsement": on_endorsement, "on": on}
        said = locked.positions.filter(**facts).first() or Position(member=locked, **facts)
        said.text, said.source = text, source
        store(said)


def record_meeting(writing: Writing, **facts: Any) -> Meeting:
    """A new meeting, public at once. `facts` are fields of `Meeting`."""
    _may(writing)
    with transaction.atomic(), pghistory.context(person=writing.by.pk, verb="meeting recorded"):
        meeting = Meeting(**facts)
        _plausible(meeting)
        store(meeting)
        _told("meeting recorded", meeting, writing)
    return meeting


def correct_meeting(meeting: Meeting, writing: Writing, **facts: Any) -> None:
    """Other values of the meeting's fields; who took part follows it to another text."""
    with _holding(meeting, "meeting corrected", writing) as held:
        before = held.statement_id
        for name, value in facts.items():
            setattr(held, name, value)
        _plausible(held)
        present = held.participations.all()
        if present.exists() and held.begins_on > writing.at.date():
            raise ValidationError({"begins_on": _("Members took part in it: it has begun.")})
        if held.statement_id != before and _placed_otherwise(held, present):
            raise ValidationError({"statement": _("Members are placed at this text otherwise.")})
        store(held)
        _told("meeting corrected", held, writing)


def cancel_meeting(meeting: Meeting, writing: Writing, *, because: str) -> None:
    """The meeting does not take place. It stays in the calendars, as cancelled."""
    with _holding(meeting, "meeting cancelled", writing) as held:
        if held.cancelled_on:
            raise ValidationError(_("This meeting is cancelled already."))
        if held.statement_id or held.participations.exists():
            raise ValidationError(
                _("It took place: a text was adopted there, or members took part.")
            )
        held.cancelled_on, held.cancelled_because = writing.at.date(), because
        store(held)
        _told("meeting cancelled", held, writing)


def record_attendance(
    meeting: Meeting, writing: Writing, *, members: Sequence[Member], source: str
) -> None:
    """These members took part; at the summit that adopted a text this is a basis of obligations."""
    with _holding(meeting, "attendance recorded", writing) as held:
        if held.cancelled_on or held.begins_on > writing.at.date():
            raise ValidationError(_("Nobody takes part in a meeting before it has begun."))
        for member in sorted(members, key=lambda member: member.code):
            there = {"meeting": held, "statement": held.statement, "member": member}
            store(Participation(**there, source=source))
            _told_of("attendance recorded", held, member, writing)


def strike_attendance(
    meeting: Meeting, writing: Writing, *, participation: Participation, because: str
) -> None:
    """Takes back an attendance recorded by mistake; its copy stays in the history."""
    with _holding(meeting, "attendance struck", writing, because=because) as held:
        row = held.participations.select_related("member").get(pk=participation.pk)
        row.delete()
        _told_of("attendance struck", held, row.member, writing)


def _may(writing: Writing) -> None:
    if not rules.keeps_reference_data(writing.by):
        raise PermissionDenied


@contextmanager
def _holding(meeting: Meeting, verb: str, writing: Writing, **said: Any) -> Iterator[Meeting]:
    """The meeting, locked for one change; `said` stands with the copies of what is written.

    Raises PermissionDenied, or Stale where another change came first.
    """
    _may(writing)
    with transaction.atomic(), pghistory.context(person=writing.by.pk, verb=verb, **said):
        held = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if version_of(held, writing.copies) != writing.version:
            raise Stale
        yield held


def _plausible(meeting: Meeting) -> None:
    """Refuses days that contradict each other or the text that was adopted there."""
    if meeting.ends_on < meeting.begins_on:
        raise ValidationError({"ends_on": _("This is before the first day.")})
    text = meeting.statement
    if text and meeting.cancelled_on:
        raise ValidationError({"statement": _("A cancelled meeting adopts nothing.")})
    if text and not meeting.begins_on <= text.adopted_on <= meeting.ends_on:
        raise ValidationError({"statement": _("This text was adopted on another day.")})


def _placed_otherwise(meeting: Meeting, present: Any) -> bool:
    """Is one of them recorded as a participant behind the text without this meeting?"""
    behind = Participation.objects.filter(statement=meeting.statement).exclude(meeting=meeting)
    text = meeting.statement_id
    return bool(text) and behind.filter(member__in=present.values("member")).exists()


def _told(verb: str, meeting: Meeting, writing: Writing) -> None:
    days = {"begins": meeting.begins_on.isoformat(), "ends": meeting.ends_on.isoformat()}
    about = f"meeting:{meeting.pk}"
    record(verb, by=writing.by, about=about, chain=MEETINGS, at=writing.at, **days)


def _told_of(verb: str, meeting: Meeting, member: Member, writing: Writing) -> None:
    told = f"member:{member.code}"
    record(verb, by=writing.by, about=told, chain=told, at=writing.at, meeting=meeting.pk)

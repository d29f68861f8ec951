"""What changes a member's record: one action for each dated fact.

Each action asks its rule, locks the record, refuses a save of somebody who has not seen the
last change, writes, and records an event in the member's chain, in one transaction. The copies
that the database keeps of every row say who did it (`members.history`).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from .. import rules
from ..events import record
from ..history import Copies, version_of
from ..languages import long_date
from ..models import (
    FormerCode,
    Group,
    GroupMember,
    Member,
    Name,
    Succession,
    Suspension,
    TreatyFact,
    User,
)


class Stale(Exception):
    """Somebody has changed this part of the record since its reader opened it."""


@dataclass(frozen=True)
class Writing:
    """Who writes, when, and which version of which part of the record that person has read."""

    by: User
    at: dt.datetime
    version: int
    copies: Copies


@contextmanager
def recording(member: Member, verb: str, writing: Writing, **detail: Any) -> Iterator[Member]:
    """The member's record, locked for one change, which is recorded when it is written.

    Raises PermissionDenied, or Stale where another change came first. `detail` goes into the
    event: codes, dates and numbers.
    """
    if not rules.keeps_reference_data(writing.by):
        raise PermissionDenied
    by, told = writing.by, f"member:{member.code}"
    with transaction.atomic(), pghistory.context(person=by.pk, verb=verb):
        locked = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if version_of(locked, writing.copies) != writing.version:
            raise Stale
        yield locked
        record(verb, by=by, about=told, chain=told, at=writing.at, **detail)


def store(row: Model) -> None:
    """Writes the row; raises ValidationError, by field, for what its model refuses."""
    row.full_clean()
    row.save()


def correct_joining(member: Member, writing: Writing, *, on: dt.date | None, source: str) -> None:
    """Another day, or source, of the joining than was recorded; None: no source gives the day."""
    with recording(member, "joining corrected", writing, on=_day(on)) as locked:
        took = locked.successions.order_by("on").first()
        if took and on and on > took.on:
            raise ValidationError({"on": _("It took the place of another before this day.")})
        locked.joined_on, locked.joined_source = on, source
        _in_order(locked)
        store(locked)


def leave(member: Member, writing: Writing, *, on: dt.date | None, source: str) -> None:
    """The member belongs until this day, which is the first without it; None takes it back."""
    with recording(member, "left", writing, on=_day(on)) as locked:
        locked.left_on, locked.left_source = on, source
        _in_order(locked)
        store(locked)


def rejoin(member: Member, writing: Writing, *, on: dt.date, source: str) -> None:
    """The member, which had left, is one again from this day on.

    The day it first joined stays; the time between is kept as one in which it was none.
    """
    with recording(member, "came back", writing, on=_day(on)) as locked:
        left, because = locked.left_on, locked.left_source
        if left is None:
            raise ValidationError(_("It has not left."))
        if on <= left:
            raise ValidationError({"on": _("It left on %(day)s.") % {"day": long_date(left)}})
        if rests := locked.suspensions.filter(until__isnull=True).first():
            rests.until, rests.end_source = left, because
            store(rests)
        away = {"kind": Suspension.Kind.AWAY, "since": left, "source": because}
        store(Suspension(member=locked, until=on, end_source=source, **away))
        locked.left_on, locked.left_source = None, ""
        store(locked)


def suspend(member: Member, writing: Writing, *, on: dt.date, source: str) -> None:
    """The membership rests from this day on, and with it what is owed by membership."""
    with recording(member, "suspended", writing, on=_day(on)) as locked:
        later = Q(until__isnull=True) | Q(until__gt=on) | Q(since__gte=on)
        if locked.suspensions.filter(later).exists():
            raise ValidationError({"on": _("The membership rests on or after this day already.")})
        store(Suspension(member=locked, since=on, source=source))
        _in_order(locked)


def resume(member: Member, writing: Writing, *, on: dt.date, source: str) -> None:
    """The open suspension ends on this day, the first on which the member is one again."""
    with recording(member, "resumed", writing, on=_day(on)) as locked:
        rests = locked.suspensions.filter(until__isnull=True).first()
        if rests is None:
            raise ValidationError(_("The membership does not rest."))
        if on < rests.since:
            raise ValidationError({"on": _("This is before the suspension began.")})
        rests.until, rests.end_source = on, source
        store(rests)
        _in_order(locked)


def correct_time(
    member: Member,
    writing: Writing,
    *,
    time: Suspension,
    since: dt.date,
    source: str,
    until: dt.date | None,
    end_source: str,
) -> None:
    """Other days or sources of a time in which it was no member, typed wrong before."""
    with recording(member, "time corrected", writing, since=_day(since)) as locked:
        held = locked.suspensions.get(pk=time.pk)
        if until is None and held.kind == Suspension.Kind.AWAY:
            raise ValidationError({"until": _("Say when it came back, or take it back whole.")})
        if until and until < since:
            raise ValidationError({"until": _("This is before it began.")})
        held.since, held.source, held.until, held.end_source = since, source, until, end_source
        store(held)
        _in_order(locked)


def strike_time(member: Member, writing: Writing, *, time: Suspension) -> None:
    """Takes back such a time recorded by mistake; its copy stays in the history."""
    with recording(member, "time struck", writing, since=_day(time.since)) as locked:
        locked.suspensions.get(pk=time.pk).delete()


def succeed(
    member: Member, writing: Writing, *, former: Member, joins: bool, on: dt.date, source: str
) -> None:
    """The member takes the place of another, which leaves on this day.

    With `joins` it becomes a member by it, else it was one and goes on as before. Signatures do
    not pass: what the successor takes on is recorded as its own accession.
    """
    if former.pk == member.pk:
        raise ValidationError({"former": _("A member cannot succeed itself.")})
    with recording(member, "succeeded", writing, on=_day(on), former=former.code) as locked:
        other = Member.objects.select_for_update(of=("self",)).get(pk=former.pk)
        if Succession.objects.filter(former=other).exists():
            raise ValidationError({"former": _("This member has a successor already.")})
        if other.left_on and other.left_on != on:
            raise ValidationError({"on": _("The former member left on another day.")})
        store(Succession(former=other, member=locked, on=on, source=source))
        other.left_on, other.left_source = on, source
        _steps_in(locked, joins, on, source)
        for row, field in ((other, "former"), (locked, "on")):
            try:
                _in_order(row)
            except ValidationError as error:
                raise ValidationError({field: error.messages}) from error
            store(row)


def _steps_in(successor: Member, joins: bool, on: dt.date, source: str) -> None:
    """The successor's own joining; what was recorded of it before is never overwritten."""
    joined = successor.joined_on
    if not joins:
        if not Member.objects.on(on).filter(pk=successor.pk).exists():
            raise ValidationError({"joins": _("It was no member on this day.")})
        return
    if joined and joined != on:
        told = _("It joined on %(day)s. If this day is wrong, correct it first.")
        raise ValidationError({"joins": told % {"day": long_date(joined)}})
    printed = successor.names.exclude(statement="").filter(Q(since=None) | Q(since__lt=on))
    if printed.exists() or successor.suspensions.filter(since__lt=on).exists():
        raise ValidationError({"joins": _("The record has it as a member before this day.")})
    if not joined:
        successor.joined_on, successor.joined_source = on, source


def rename(
    member: Member,
    writing: Writing,
    *,
    text: str,
    kind: str,
    since: dt.date | None,
    source: str,
) -> None:
    """A new dated name of the member's own. The names before it stay."""
    with recording(member, "renamed", writing, since=_day(since)) as locked:
        store(Name(member=locked, text=text, kind=kind, since=since, source=source))


def correct_name(
    member: Member,
    writing: Writing,
    *,
    name: Name,
    text: str,
    kind: str,
    since: dt.date | None,
    source: str,
) -> None:
    """Another text, kind, day or source of one of the member's own names, typed wrong before."""
    with recording(member, "name corrected", writing, name=name.pk) as locked:
        own = locked.names.filter(statement="")
        held = own.get(pk=name.pk)
        if kind and not own.filter(kind="").exclude(pk=held.pk).exists():
            raise ValidationError({"kind": _("A member keeps at least one name that is shown.")})
        held.text, held.kind, held.since, held.source = text, kind, since, source
        store(held)


def place(
    member: Member,
    writing: Writing,
    *,
    group: Group,
    role: str,
    since: dt.date | None,
    source: str,
) -> None:
    """A place of the member in a group from this day on."""
    with recording(member, "placed", writing, group=group.code, since=_day(since)) as locked:
        store(GroupMember(member=locked, group=group, role=role, since=since, source=source))


def end_place(
    member: Member, writing: Writing, *, place: GroupMember, until: dt.date, source: str
) -> None:
    """The place ends on this day, the first without it; the source replaces the one before."""
    with recording(member, "place ended", writing, until=_day(until)) as locked:
        held = locked.places.get(pk=place.pk)
        if held.since and until < held.since:
            raise ValidationError({"until": _("This is before the place began.")})
        held.until, held.source = until, source or held.source
        store(held)


def annotate(member: Member, writing: Writing, *, note: str) -> None:
    """The note that stands wherever the member's name is shown; an empty one takes it away."""
    with recording(member, "note changed", writing) as locked:
        locked.note = note
        store(locked)


def relate(
    member: Member, writing: Writing, *, part_of: Member | None, reports_through: Member | None
) -> None:
    """What the member is a part of, and through whom it reports; None where it stands alone."""
    told = {"part_of": _code(part_of), "through": _code(reports_through)}
    with recording(member, "related", writing, **told) as locked:
        if member.pk in {one.pk for one in (part_of, reports_through) if one}:
            raise ValidationError(_("A member is no part of itself."))
        if reports_through and reports_through.reports_through_id:
            words = _("This member reports through another one itself.")
            raise ValidationError({"reports_through": words})
        if reports_through and locked.reports_for.exists():
            raise ValidationError({"reports_through": _("Others report through this member.")})
        locked.part_of, locked.reports_through = part_of, reports_through
        store(locked)


def locate(member: Member, writing: Writing, *, region: str, region_source: str) -> None:
    """Another statistical region, with what gives it."""
    revise(member, writing, {"region": region, "region_source": region_source})


def record_treaty(
    member: Member, writing: Writing, *, stage: str, on: dt.date, source: str
) -> None:
    """A stage the member has reached with the Lanzarote Convention; said again, it is replaced."""
    with recording(member, "treaty recorded", writing, stage=stage, on=_day(on)) as locked:
        if locked.kind != Member.Kind.GOVERNMENT:
            raise ValidationError(_("The clause is for government members alone."))
        fact = locked.treaty_facts.filter(stage=stage).first()
        fact = fact or TreatyFact(member=locked, stage=stage)
        fact.on, fact.source = on, source
        store(fact)


def strike_treaty(member: Member, writing: Writing, *, fact: TreatyFact) -> None:
    """Takes back a stage that was recorded by mistake; its copy stays in the history."""
    with recording(member, "treaty struck", writing, stage=fact.stage) as locked:
        locked.treaty_facts.get(pk=fact.pk).delete()


def _in_order(member: Member) -> None:
    if member.joined_on and member.left_on and member.left_on < member.joined_on:
        raise ValidationError({"on": _("A member leaves on or after the day it joined.")})
    times = member.suspensions.all() if member.pk else Suspension.objects.none()
    if member.joined_on and times.filter(since__lt=member.joined_on).exists():
        raise ValidationError(
            {"on": _("Its membership rested, or it was away, before the day it joined.")}
        )
    later = Q(until__gt=member.left_on) | Q(since__gte=member.left_on)
    if member.left_on and times.filter(later).exists():
        raise ValidationError(
            {"on": _("Its membership rested, or it was away, after the day it left.")}
        )


def _code(member: Member | None) -> str:
    return member.code if member else ""


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else ""


def admit(code: str, name: str, facts: dict[str, Any], *, by: User, at: dt.datetime) -> Member:
    """A new member with the name it is shown under. `facts` are fields of `Member`."""
    if not rules.keeps_reference_data(by):
        raise PermissionDenied
    told = f"member:{code}"
    if FormerCode.objects.filter(code=code).exists():
        raise ValidationError({"code": _("This code was that of a record that was merged.")})
    with transaction.atomic(), pghistory.context(person=by.pk, verb="admitted"):
        member = Member(code=code, **facts)
        _in_order(member)
        store(member)
        source = member.joined_source or "entered by the secretariat"  # kept, so in English
        store(Name(member=member, text=name, since=member.joined_on, source=source[:200]))
        record("admitted", by=by, about=told, chain=told, at=at)
    return member


def revise(member: Member, writing: Writing, facts: dict[str, Any]) -> None:
    """Other values of several fields of the member at once, as an import brings them."""
    with recording(member, "revised", writing, fields=sorted(facts)) as locked:
        for name, value in facts.items():
            setattr(locked, name, value)
        _in_order(locked)
        store(locked)

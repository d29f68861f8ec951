"""What is due when, as calendars that a calendar program can follow: for all, and per member."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from commitments.models import Commitment
from commitments.obligations import owed_by
from members.access import access, anyone
from members.api.freshness import Stamp, stamp
from members.models import Member
from members.views.former import leads_on

from ... import calendars
from ...calendars import Entry
from ...models import Cycle, Extension
from ...rounds import expected_members


@access(anyone)
def calendar(request: HttpRequest) -> HttpResponse:
    """Every dated commitment, round and meeting, and when it became public who reported."""
    fresh = stamp(request, timezone.now())
    clauses = Commitment.objects.leaves().select_related("statement")
    cycles = list(Cycle.objects.collected())
    with translation.override("en"):
        entries = [
            *calendars.deadlines(clauses, fresh.now.date()),
            *calendars.rounds(cycles),
            *calendars.announcements(cycles),
            *calendars.meetings(),
        ]
    words = calendars.without_a_day(clauses)
    return _answer(request, fresh, "Commitments and rounds of reports", entries, words)


@access(anyone)
@leads_on
def member_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What a member owes by a date, its rounds and published extensions, and the meetings."""
    fresh = stamp(request, timezone.now())
    today = fresh.now.date()
    member = get_object_or_404(Member.objects.on(today).named(today), code=code)
    owed = [line.commitment for line in owed_by(member, today)]
    entries = [*calendars.deadlines(owed, today), *_rounds_of(member, today)]
    with translation.override("en"):
        entries += calendars.meetings()
    name = f"{member.display_name}: commitments and reports"
    return _answer(request, fresh, name, entries, calendars.without_a_day(owed))


def _rounds_of(member: Member, today: dt.date) -> Iterator[Entry]:
    """The days of the rounds a member reports in; an extension once it is published."""
    every = Cycle.objects.collected()
    rounds = [c for c in every if expected_members(c).filter(pk=member.pk).exists()]
    yield from calendars.rounds(rounds)
    told = Extension.objects.in_force().filter(
        member=member, published_on__lte=today, cycle__in=rounds
    )
    for extension in told.exclude(due_on=None).select_related("cycle", "member"):
        yield calendars.published_extension(extension)


def _answer(
    request: HttpRequest, fresh: Stamp, name: str, entries: Sequence[Entry], words: Any
) -> HttpResponse:
    """The calendar, or 304 where the client holds it."""
    if (early := fresh.conditional(request)) is not None:
        return early
    with translation.override("en"):
        body = calendars.written(name, entries, fresh.now, followed=True, words=words)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    if any(entry.synthetic for entry in entries):
        answer["X-Data"] = "synthetic"
        answer["Content-Disposition"] = 'inline; filename="synthetic-calendar.ics"'
    return fresh.on(answer)

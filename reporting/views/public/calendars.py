"""What is due when, as calendars that a calendar program can follow: for all, and per member."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from commitments.models import Commitment
from commitments.obligations import owed_by
from members.access import access, anyone
from members.api.freshness import Stamp, stamp
from members.models import Member

from ... import calendars
from ...calendars import Entry
from ...models import Cycle
from ...rounds import expected_members


@access(anyone)
def calendar(request: HttpRequest) -> HttpResponse:
    """Every dated commitment and every round."""
    fresh = stamp(request, timezone.now())
    clauses = Commitment.objects.leaves().select_related("statement")
    entries = [
        *calendars.deadlines(clauses, fresh.now.date()),
        *calendars.rounds(Cycle.objects.collected()),
    ]
    return _answer(request, fresh, "Commitments and rounds of reports", entries)


@access(anyone)
def member_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The dated commitments that a member owes today, and the rounds it reports in."""
    fresh = stamp(request, timezone.now())
    today = fresh.now.date()
    member = get_object_or_404(Member.objects.on(today).named(today), code=code)
    owed = [line.commitment for line in owed_by(member, today)]
    rounds = [
        cycle
        for cycle in Cycle.objects.collected()
        if expected_members(cycle).filter(pk=member.pk).exists()
    ]
    entries = [*calendars.deadlines(owed, today), *calendars.rounds(rounds)]
    return _answer(request, fresh, f"{member.display_name}: commitments and reports", entries)


def _answer(
    request: HttpRequest, fresh: Stamp, name: str, entries: Iterable[Entry]
) -> HttpResponse:
    """The calendar, or 304 where the client holds it."""
    if (early := fresh.conditional(request)) is not None:
        return early
    with translation.override("en"):
        body = calendars.written(name, entries, fresh.now)
    return fresh.on(HttpResponse(body, content_type="text/calendar; charset=utf-8"))

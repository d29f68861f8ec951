"""What is due when, as calendars that a calendar program can follow: for all, and per member."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar, Event

from commitments.deadlines import as_printed, last_day, occurrence
from commitments.models import Commitment
from commitments.obligations import owed_by
from members.access import access, anyone
from members.api.freshness import Stamp, stamp
from members.models import Member

from ...models import Cycle
from ...rounds import expected_members

YEARS_AHEAD = 3
NO_DAY = "2022-TF-F7 (“at least twice per year”) counts in any twelve months and has no day here."
NOT_LEGAL = "A political commitment, not a legal one."


@dataclass(frozen=True)
class Entry:
    """A day in a calendar: what it is known by, its title, its words and its page."""

    key: str
    day: dt.date
    title: str
    words: str
    path: str


@access(anyone)
def calendar(request: HttpRequest) -> HttpResponse:
    """Every dated commitment and every round."""
    fresh = stamp(request, timezone.now())
    clauses = Commitment.objects.leaves().select_related("statement")
    entries = [*_deadlines(clauses, fresh.now.date()), *_rounds(Cycle.objects.collected())]
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
    entries = [*_deadlines(owed, today), *_rounds(rounds)]
    return _answer(request, fresh, f"{member.display_name}: commitments and reports", entries)


def _deadlines(clauses: Iterable[Commitment], today: dt.date) -> Iterator[Entry]:
    """The due days of the clauses, recurring ones until YEARS_AHEAD from now.

    A clause that counts in any twelve months (2022-TF-F7) has no day and no entry.
    """
    horizon = dt.date(today.year + YEARS_AHEAD, 12, 31)
    for clause in clauses:
        for day in _due_days(clause, horizon):
            printed = as_printed(day, clause.due_precision or "day", clause.due_modality or "firm")
            yield Entry(
                key=f"{clause.reference}-{day.isoformat()}",
                day=day,
                title=f"{clause.reference}: {clause.title}",
                words=f"Due {printed}. {NOT_LEGAL}",
                path=reverse("commitment", args=[clause.reference]),
            )


def _due_days(clause: Commitment, horizon: dt.date) -> Iterator[dt.date]:
    first = clause.first_due
    if first is None or clause.counts_any_year:
        return
    times = 1
    if clause.every_months:
        times = (horizon.year - first.year + 1) * 12 // clause.every_months + 1
    for n in range(times):
        day = last_day(occurrence(first, clause.every_months, n), clause.due_precision or "day")
        if day <= horizon:
            yield day


def _rounds(cycles: Iterable[Cycle]) -> Iterator[Entry]:
    """The opening, due and closing day of each round."""
    days = {"opens_on": "opens", "due_on": "reports are due", "closes_on": "closes"}
    for cycle in cycles:
        for field, happens in days.items():
            yield Entry(
                key=f"round-{cycle.code}-{field}",
                day=getattr(cycle, field),
                title=f"Round {cycle.code}: {happens}",
                words="A deadline lasts until the day has ended everywhere (UTC-12).",
                path=reverse("cycle", args=[cycle.code]),
            )


def _answer(
    request: HttpRequest, fresh: Stamp, name: str, entries: Iterable[Entry]
) -> HttpResponse:
    """The calendar, or 304 where the client holds it."""
    if (early := fresh.conditional(request)) is not None:
        return early
    with translation.override("en"):
        body = _written(name, entries, fresh.now.date())
    return fresh.on(HttpResponse(body, content_type="text/calendar; charset=utf-8"))


def _written(name: str, entries: Iterable[Entry], today: dt.date) -> bytes:
    written = Calendar()
    written.add("prodid", "-//Commitment tracker//calendar//EN")
    written.add("version", "2.0")
    written.add("x-wr-calname", name)
    written.add("x-wr-caldesc", NO_DAY)
    host = settings.SITE_URL.rpartition("/")[2]
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.key)):
        event = Event()
        event.add("uid", f"{entry.key}@{host}")
        event.add("dtstamp", dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC))
        event.add("dtstart", entry.day)
        event.add("summary", entry.title)
        event.add("description", entry.words)
        event.add("url", settings.SITE_URL + entry.path)
        event.add("transp", "TRANSPARENT")
        written.add_component(event)
    return written.to_ical()

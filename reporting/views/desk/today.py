"""What waits for the secretariat, as counts with links."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from commitments.models import Draft, Meeting
from members import rules
from members.access import access
from members.languages import long_date, said
from members.models import Invitation, Member, Message, Role

from ... import actions
from ...models import Cycle, ExtensionRequest, Report
from ...rules import can_announce
from ...summaries import progress
from .queue import rows_of

OURS = {
    "waiting": gettext_lazy("Reports to review"),
    "in_review": gettext_lazy("Reports under review"),
    "objected": gettext_lazy("Accepted, the member objects"),
    "publishable": gettext_lazy("Reports to publish"),
    "withdrawn": gettext_lazy("Reports withdrawn from publication"),
}
THEIRS = {
    "unconfirmed": gettext_lazy("Entered, not confirmed by the member"),
    "previewed": gettext_lazy("Accepted, the member is looking"),
    "returned": gettext_lazy("Returned, the member is writing"),
}

SHOWN = 8  # rows of each table here; the page behind it has them all


@access(rules.in_secretariat)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Counts of all that waits; each leads to the page that shows the same number of rows."""
    now = timezone.now()
    rows = [*_reports(now, OURS), *_asked_and_sent(), *_drafts(request)]
    rows += [_unreachable(now.date()), _stale(now)]
    rounds = Cycle.objects.begun(now.date()).order_by("-code")[:3]
    context = {
        "today": now.date(),
        "rows": rows,
        "others": _reports(now, THEIRS),
        "waiting": sum(row["count"] for row in rows),
        **_first_of_each(request, now),
        **_announcements(rounds, now.date()),
        "rounds": rounds,
        "coming": _coming_up(now.date()),
    }
    return render(request, "reporting/desk/today.html", context)


def _first_of_each(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """The reports and requests that wait longest, and whose the submitted reports are."""
    submitted = Report.objects.waiting(now).aged().select_related("cycle", "member", "reviewer")
    asked = ExtensionRequest.objects.filter(granted=None).select_related("cycle", "member")
    names = {m.pk: said(m.display_name) for m in Member.objects.named(now.date())}
    url = reverse("desk-reviews")
    return {
        "to_review_count": submitted.count(),
        "asked_count": asked.count(),
        "to_review": rows_of(submitted.order_by("since")[:SHOWN], now),
        "whose": [
            (
                _("I review it"),
                Report.objects.of_reviewer(request.user).count(),
                f"{url}?reviewer=mine",
            ),
            (_("nobody yet"), Report.objects.of_nobody().count(), f"{url}?reviewer=nobody"),
        ],
        "decides": can_announce(request.user),
        "asked": [(one, names[one.member_id]) for one in asked[:SHOWN]],
    }


def _coming_up(on: dt.date) -> list[dict[str, Any]]:
    """The next dates of rounds and meetings, the nearest first."""
    dated = [
        (day, text % {"code": cycle.code}, reverse("desk-round", args=[cycle.code]))
        for cycle in Cycle.objects.begun(on)
        for day, text in (
            (cycle.due_on, _("Reports of %(code)s are due")),
            (cycle.closes_on, _("Round %(code)s closes")),
        )
    ]
    for meeting in Meeting.objects.filter(begins_on__gte=on, cancelled_on=None)[:SHOWN]:
        dated.append((meeting.begins_on, meeting.title, reverse("desk-meeting", args=[meeting.pk])))
    return [
        {"when": long_date(day), "words": words, "url": url}
        for day, words, url in sorted(dated)
        if day >= on
    ]


def _announcements(rounds: Iterable[Cycle], on: dt.date) -> dict[str, list[Cycle]]:
    """The rounds whose members can be told of their receipts, and those that can be announced."""
    told = {cycle: actions.told_on(cycle) for cycle in rounds}
    return {
        "tellable": [c for c, day in told.items() if actions.can_be_told(c, day, on)],
        "announceable": [c for c, day in told.items() if actions.can_be_announced(c, day, on)],
    }


def _reports(now: dt.datetime, queues: dict[str, Any]) -> list[dict[str, Any]]:
    url = reverse("desk-reviews")
    return [
        _row(getattr(Report.objects.aged(), name)(now), label, f"{url}?queue={name}", "since")
        for name, label in queues.items()
    ]


def _asked_and_sent() -> list[dict[str, Any]]:
    """What members ask for, and what did not reach anybody."""
    asked = ExtensionRequest.objects.filter(granted=None)
    dead = Message.objects.filter(state=Message.State.DEAD)
    unused = Invitation.objects.unanswered()
    ledger, requests = f"{reverse('outbox')}?state=dead", reverse("desk-requests")
    return [
        _row(asked, _("Requests about due dates"), requests, "asked_at"),
        _row(dead, _("Messages that could not be delivered"), ledger, "created_at"),
        _row(unused, _("Invitations not taken up"), reverse("people"), "invited_at"),
    ]


def _drafts(request: HttpRequest) -> list[dict[str, Any]]:
    """Statements that are being entered; who cannot go on with them is not told of any."""
    if not rules.keeps_reference_data(request.user):
        return []
    drafts = Draft.objects.filter(published_at=None)
    url = f"{reverse('desk-statements')}#drafts"
    return [_row(drafts, _("Drafts of statements"), url, "begun_at")]


def _unreachable(day: dt.date) -> dict[str, Any]:
    """Members that nobody can be written to for; the list of members has a filter for them."""
    url = f"{reverse('desk-members')}?standing=unreachable"
    found = Member.objects.unreachable(day)
    lost = Role.objects.filter(member__in=found).lost_by(day).values("member")
    since = lost.annotate(since=Max("lost")).aggregate(oldest=Min("since"))["oldest"]
    words = _("Members without a reachable contact")
    note = _age((day - since).days) if since else ""  # whoever never had one has no such day
    return {"count": found.count(), "words": words, "url": url, "note": note}


def _stale(now: dt.datetime) -> dict[str, Any]:
    """The summaries, where they are older than what they sum up; they are built all at once."""
    since = progress.stale_since(now)
    built = since is not None and since.year > dt.MINYEAR
    note = _("built on %(day)s") % {"day": long_date(since)} if built else ""
    words, url = _("Summaries out of date"), reverse("builds")
    return {"count": int(since is not None), "words": words, "url": url, "note": note}


def _row(rows: Any, words: str, url: str, since: str) -> dict[str, Any]:
    """A count with the age of its oldest row."""
    oldest = rows.aggregate(oldest=Min(since))["oldest"]
    age = _age((timezone.now() - oldest).days) if oldest else ""
    return {"count": rows.count(), "words": words, "url": url, "note": age}


def _age(days: int) -> str:
    if not days:
        return _("today")
    return ngettext("oldest %(n)d day", "oldest %(n)d days", days) % {"n": days}

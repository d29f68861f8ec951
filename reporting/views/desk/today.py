"""What waits for the secretariat, as counts with links."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.models import Invitation, Member, Message

from ... import actions
from ...models import Cycle, ExtensionRequest, Report

OURS = {
    "waiting": gettext_lazy("Reports to review"),
    "in_review": gettext_lazy("Reports under review"),
    "publishable": gettext_lazy("Reports to publish"),
}
THEIRS = {
    "previewed": gettext_lazy("Accepted, the member is looking"),
    "returned": gettext_lazy("Returned, the member is writing"),
}

# Since when a report stands in its queue.
SINCE = {
    "waiting": "first_submitted_at",
    "in_review": "review_started_at",
    "publishable": "accepted_at",
    "previewed": "accepted_at",
    "returned": "first_submitted_at",
}


@access(rules.in_secretariat)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Counts of all that waits; each leads to the page that shows the same number of rows."""
    now = timezone.now()
    rows = [*_reports(now, OURS), _requests(), _dead_messages(), _unreachable(now.date())]
    rounds = Cycle.objects.begun(now.date()).order_by("-code")[:3]
    context = {
        "today": now.date(),
        "rows": rows,
        "others": [*_reports(now, THEIRS), _open_invitations()],
        "waiting": sum(row["count"] for row in rows),
        **_announcements(rounds, now.date()),
        "rounds": rounds,
    }
    return render(request, "reporting/desk/today.html", context)


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
        _row(getattr(Report.objects, name)(now), label, f"{url}?queue={name}", SINCE[name])
        for name, label in queues.items()
    ]


def _requests() -> dict[str, Any]:
    open_ones = ExtensionRequest.objects.filter(granted=None)
    return _row(open_ones, _("Requests about due dates"), reverse("desk-requests"), "asked_at")


def _dead_messages() -> dict[str, Any]:
    dead = Message.objects.filter(state=Message.State.DEAD)
    words = _("Messages that could not be delivered")
    return _row(dead, words, "/secretariat/outbox/?state=dead", "created_at")


def _unreachable(day: dt.date) -> dict[str, Any]:
    """Members that nobody can be written to for; the list of members has a filter for them."""
    url = f"{reverse('desk-members')}?standing=unreachable"
    number = Member.objects.unreachable(day).count()
    words = _("Members without a reachable contact")
    return {"count": number, "words": words, "url": url, "note": ""}


def _open_invitations() -> dict[str, Any]:
    unused = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    return _row(unused, _("Invitations not taken up"), "/secretariat/people/", "invited_at")


def _row(rows: Any, words: str, url: str, since: str) -> dict[str, Any]:
    """A count with the age of its oldest row."""
    oldest = rows.aggregate(oldest=Min(since))["oldest"]
    days = (timezone.now() - oldest).days if oldest else 0
    age = ngettext("oldest %(n)d day", "oldest %(n)d days", days) % {"n": days} if oldest else ""
    return {"count": rows.count(), "words": words, "url": url, "note": age}

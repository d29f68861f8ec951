"""What the running system last did, and what is late."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from .. import lateness, rules
from ..access import access

# What each part is called, and what it means for people when it is late.
WORDS = {
    lateness.MESSAGE: (
        _("Oldest message that is due"),
        _("Messages do not leave: the mail server refuses or cannot be reached, or nothing runs."),
    ),
    lateness.BEAT: (
        _("Sign of life of beat, which reads the timetable"),
        _("Nothing is started when its time comes. What was missed is caught up."),
    ),
    lateness.WORKER: (
        _("Sign of life of the worker"),
        _("Neither messages nor reminders nor summaries are made. The pages answer all the same."),
    ),
    lateness.DRAIN: (_("Sending of messages"), _("Messages wait. None is lost.")),
    lateness.PLAN: (
        _("Planning of reminders"),
        _("Nobody is reminded. What was missed is caught up at the next planning."),
    ),
    lateness.SUMMARIES: (
        _("Building of summaries"),
        _("Summaries show the state of the last building."),
    ),
    lateness.BACKUP: (
        _("Backup"),
        _("What was written since could not be brought back after a loss."),
    ),
}


@access(rules.in_secretariat)
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Every part of the running system with its last sign of life, the late ones named first."""
    now = timezone.now()
    rows = [_row(part, now) for part in lateness.told(now)]
    late = sum(row["late"] for row in rows)
    return render(request, "members/operations.html", {"rows": rows, "late": late, "now": now})


def _row(part: lateness.Part, now: dt.datetime) -> dict[str, Any]:
    name, meaning = WORDS[part.name]
    return {
        "name": name,
        "meaning": meaning if part.late else "",
        "last": part.last,
        "ago": _ago(now - part.last) if part.last else "",
        "limit": _ago(part.limit),
        "late": part.late,
        "awaited": part.awaited,
        "of_messages": part.name == lateness.MESSAGE,
    }


def _ago(span: dt.timedelta) -> str:
    """A span in words, in its largest unit that fills it twice."""
    seconds = max(0, int(span.total_seconds()))
    if seconds >= 2 * 86_400:
        return ngettext("%(n)d day", "%(n)d days", seconds // 86_400) % {"n": seconds // 86_400}
    if seconds >= 2 * 3600:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    if seconds >= 120:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}

"""The tabs of a member's record about its reports and reminders, and the history of all tabs."""

from typing import Any

from django.utils import timezone

from commitments.views.record import COPIES as SIGNATURES
from members.history import entries
from members.models import Member
from members.views.record_tabs import GROUPS, MEMBERSHIP, NAMES, TREATIES
from members.views.records import Tab, tab_page

from ...models import Cycle, Reminder, Report
from ...reminders import words_of_kinds

ALL = (*MEMBERSHIP, *NAMES, *GROUPS, *TREATIES, *SIGNATURES)
SHOWN = 200


def _reports(member: Member) -> dict[str, Any]:
    reports = Report.objects.filter(member=member).select_related("cycle").order_by("-cycle__code")
    rounds = Cycle.objects.begun(timezone.now().date()).exclude(reports__member=member)
    return {
        "reports": [(report, report.get_state_display()) for report in reports],
        "unbegun": [] if member.reports_through_id else list(rounds.order_by("-code")),
    }


def _reminders(member: Member) -> dict[str, Any]:
    sent = Reminder.objects.filter(member=member).select_related("cycle", "message")
    words = words_of_kinds()
    newest = sent.order_by("-due_on", "recipient")[:SHOWN]
    return {
        "reminders": [(one, words.get(one.milestone, one.milestone)) for one in newest],
        "today": timezone.now().date(),
    }


def _history(member: Member) -> dict[str, Any]:
    found = entries(member, ALL)
    return {"entries": found[::-1][:SHOWN], "total": len(found)}


reports = tab_page(Tab("record-reports", "reporting/desk/record_reports.html", _reports))
reminders = tab_page(Tab("record-reminders", "reporting/desk/record_reminders.html", _reminders))
history = tab_page(Tab("record-history", "reporting/desk/record_history.html", _history))

"""The tabs of a member's record about its reports and reminders, and the history of all tabs."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.views.record import COPIES as SIGNATURES
from members.history import entries
from members.models import Member
from members.views.record_tabs import GROUPS, MEMBERSHIP, NAMES, TREATIES
from members.views.records import Deed, Tab, tab_page

from ... import actions
from ...forms.elsewhere import LinkReportForm, StrikeLinkForm
from ...languages import name_of
from ...models import Cycle, Reminder, Report, ReportElsewhere
from ...reminders import words_of_kinds

ELSEWHERE = (ReportElsewhere.pgh_event_model,)  # type: ignore[attr-defined]
ALL = (*MEMBERSHIP, *NAMES, *GROUPS, *TREATIES, *SIGNATURES, *ELSEWHERE)
SHOWN = 200


def _reports(member: Member) -> dict[str, Any]:
    reports = Report.objects.filter(member=member).select_related("cycle").order_by("-cycle__code")
    rounds = Cycle.objects.begun(timezone.now().date()).exclude(reports__member=member)
    return {
        "reports": [(report, report.get_state_display()) for report in reports],
        "unbegun": [] if member.reports_through_id else list(rounds.order_by("-code")),
        "elsewhere": [(link, name_of(link.language)) for link in member.reports_elsewhere.all()],  # type: ignore[attr-defined]
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


reports = tab_page(
    Tab(
        "record-reports",
        "reporting/desk/record_reports.html",
        _reports,
        [
            Deed(
                "link",
                _("Report elsewhere"),
                LinkReportForm,
                actions.link_report,
                _("The link is recorded."),
                _("A report of an earlier round that is kept at another place. It is public."),
            ),
            Deed(
                "strike",
                _("Take a link out"),
                StrikeLinkForm,
                actions.strike_link,
                _("The link is taken out."),
            ),
        ],
        ELSEWHERE,
    )
)
reminders = tab_page(Tab("record-reminders", "reporting/desk/record_reminders.html", _reminders))
history = tab_page(Tab("record-history", "reporting/desk/record_history.html", _history))

"""The reports of the members that a person writes for, and each report's task list."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.deadlines import is_over
from members import rules
from members.access import access
from members.languages import said
from members.models import Member

from ... import actions
from ...models import Cycle, Report
from ...querysets import members_of
from ..moments import at_the_right_moment, person, posted
from . import shown, tasks


@access(rules.writes_for_a_member)
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """Every round that has opened, with the report of each member the person writes for."""
    today = shown.today()
    members = Member.objects.named(today).filter(pk__in=members_of(request.user))
    rounds = Cycle.objects.begun(today).order_by("-code")
    written = {
        (report.cycle_id, report.member_id): report
        for report in Report.objects.written_by(request.user)
    }
    rows = [_row(cycle, m, written.get((cycle.pk, m.pk))) for cycle in rounds for m in members]
    context = {"rows": rows, "mine": tasks.asked_of(person(request)), "frozen": _frozen(request)}
    return render(request, "reporting/writing/my_reports.html", context)


def _frozen(request: HttpRequest) -> list[tuple[str, Any]]:
    """The members for which the person may not act meanwhile, by name, with since when."""
    rests: list[Any] = list(person(request).roles.in_force(shown.today()).resting())
    members = Member.objects.named(shown.today()).filter(pk__in=[r.member_id for r in rests])
    names = {member.pk: said(member.display_name) for member in members} if rests else {}
    return [(names[role.member_id], role.rests_since) for role in rests]


def _row(cycle: Cycle, member: Any, report: Report | None) -> dict[str, Any]:
    return {
        "cycle": cycle,
        "code": f"{cycle.code}-{member.code}",
        "name": said(member.display_name),
        "through": member.reports_through_id,
        "report": report,
        "over": is_over(cycle.due_on, timezone.now()),
    }


@access(rules.writes_for_a_member)
@posted("my-reports", of_report=False)
@at_the_right_moment
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begins the member's report of a round; again, it leads to the report begun before."""
    round_code, _dash, member_code = code.partition("-")
    cycle = get_object_or_404(Cycle.objects.collected(), code=round_code)
    own = Member.objects.filter(pk__in=members_of(request.user))
    member = get_object_or_404(own, code=member_code)
    report = actions.start_report(
        cycle, member, by=person(request), at=timezone.now(), synthetic=settings.DEMO
    )
    return redirect("report-home", report.code)


@access(rules.may_write)
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The task list of a report: what is asked and why, how far it is, what can be done."""
    report = shown.own_report(request, code)
    asked = shown.asked_of(request, report)
    may = [q for q in asked if not q.is_owed]
    context = {
        **shown.home(request, report, asked),
        "statements": shown.statements(report, asked),
        "voluntary": shown.tasks(report, may),
        "figured": next((q for q in asked if q.is_measured), None),
        "voluntary_why": shown.basis(may[0]) if may else "",
    }
    return render(request, "reporting/writing/home.html", context)


@access(rules.may_write)
@posted("report-home")
@at_the_right_moment
def recall(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a submitted report back, until a reviewer starts."""
    actions.recall(shown.own_report(request, code), by=person(request), at=timezone.now())
    return redirect("report-home", code)


@access(rules.writes_for_a_member)
@posted("report-home")
@at_the_right_moment
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Begins a new version of a published report."""
    actions.reopen(shown.own_report(request, code), by=person(request), at=timezone.now())
    return redirect("report-home", code)

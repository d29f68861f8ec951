"""The secretariat begins a report that came on paper; the writers' pages take it from there."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members import rules as people
from members.access import access
from members.models import Member

from ... import actions, rules, workflow
from ...forms.entering import EnterForm
from ...models import Cycle, Report
from ..moments import allowed, at_the_right_moment, person


@access(people.in_secretariat)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """How and when the report came; then it is written on the pages that its member writes on."""
    report = allowed("enter", request, _report(code))
    if report.pk and "go_on" in request.POST:
        actions.go_on_entering(report, by=person(request), at=timezone.now())
        return redirect("report-home", code)
    form = EnterForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _entered(request, report, form):
        return redirect("report-home", code)
    context = {**_standing(request, report), "form": form}
    status = 400 if form.errors else 200
    return render(request, "reporting/desk/enter.html", context, status=status)


def _standing(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Whether it can be begun, or gone on with where a colleague began."""
    today, who = timezone.now().date(), person(request)
    return {
        "report": report,
        "name": Member.objects.named(today).get(pk=report.member_id).display_name,
        "refusal": workflow.MOVES["enter"].refusal(report, today),
        "is_mine": rules.enters(who, report),
        "can_go_on": report.is_being_entered and rules.can_go_on(who, report),
    }


def _report(code: str) -> Report:
    """The report, or the one that can be begun; 404 for a round or member that is none."""
    if found := Report.objects.coded(code).select_related("cycle", "member").first():
        return found
    round_code, _dash, member_code = code.partition("-")
    cycle = get_object_or_404(Cycle.objects.collected(), code=round_code)
    return Report(cycle=cycle, member=get_object_or_404(Member, code=member_code))


def _entered(request: HttpRequest, report: Report, form: EnterForm) -> bool:
    """Whether the report was begun; what the action refuses stands beside its field."""
    facts = {"by": person(request), "at": timezone.now(), "synthetic": settings.DEMO}
    try:
        actions.enter(report.cycle, report.member, **form.cleaned_data, **facts)
    except forms.ValidationError as error:
        form.add_error(None, error)
        return False
    return True

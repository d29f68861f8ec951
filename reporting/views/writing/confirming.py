"""A focal point looks at what the secretariat entered, and confirms it or says what is wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ... import actions, workflow
from ...forms.entering import DisputeForm
from ...models import Report
from ..moments import allowed, at_the_right_moment, person, posted
from . import shown


@access(rules.writes_for_a_member)
@fresh_factor(gettext_lazy("Confirm the report"))
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """What was entered, answer by answer; posted, the member's word that this is what it sent."""
    report = shown.whole_report(request, code)
    if request.method != "POST":
        return _page(request, report, DisputeForm())
    actions.confirm(report, by=person(request), at=timezone.now())
    return redirect("report-home", code)


def _page(
    request: HttpRequest, report: Report, form: DisputeForm, status: int = 200
) -> HttpResponse:
    put_back(request, form, reverse("report-dispute", args=[report.code]))
    names = [move.name for move in workflow.open_moves(request.user, report, on=shown.today())]
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "version": report.versions.order_by("number").last(),
        "asked": [q for q in shown.asked_of(request, report) if q.said["status"] or q.observed],
        "can_confirm": "confirm" in names,
        "form": form,
    }
    return render(request, "reporting/writing/confirm.html", context, status=status)


@keeps_typed
@access(rules.writes_for_a_member)
@posted("report-confirm")
@at_the_right_moment
def dispute(request: HttpRequest, code: str) -> HttpResponse:
    """Opens the report to correction again, with what is wrong."""
    report = allowed("dispute", request, shown.own_report(request, code))
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=400)
    because = form.cleaned_data["because"]
    actions.dispute(report, because=because, by=person(request), at=timezone.now())
    return redirect("report-home", code)

"""A focal point hands over, and the brief that its successor reads first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.models import Member, Role
from members.proof import fresh_factor

from ...models import Report
from ...questions import Question
from ...rules import can_delegate
from .. import handing_over, threads
from ..moments import person
from . import shown, tasks


@access(rules.writes_for_a_member)
@fresh_factor(gettext_lazy("Hand over"))
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a focal point's place and what it held to a colleague of the same member."""
    report = shown.own_report(request, code)
    if not can_delegate(request.user, report):
        raise PermissionDenied
    member = Member.objects.named(shown.today()).get(pk=report.member_id)
    sent = request.POST if request.method == "POST" else None
    form = handing_over.form_for(member, sent, leaving=request.user.pk, ends=True)
    if sent is not None and handing_over.handed(request, member, form):
        left = form.cleaned_data["leaving"] == request.user and form.cleaned_data["ends"]
        return redirect("account") if left else redirect("report-people", code)
    crumbs = [(reverse("report-people", args=[code]), _("People"))]
    return handing_over.page(request, member, form, crumbs)


@access(rules.writes_for_a_member)
@require_safe
def brief(request: HttpRequest, code: str) -> HttpResponse:
    """One page, made to be printed: where the report stands, what is open, who holds what."""
    report = shown.whole_report(request, code)
    asked = shown.asked_of(request, report)
    context = {
        **shown.home(request, report, asked),
        "people": handing_over.people_of(report.member),
        "speakers": set(handing_over.people_of(report.member, Role.Kind.FOCAL_POINT)),
        "closes": report.cycle.closes_on,
        **_open(request, report, asked),
    }
    return render(request, "reporting/writing/brief.html", context)


def _open(request: HttpRequest, report: Report, asked: list[Question]) -> dict[str, Any]:
    """What is not done: questions, proposals nobody has settled, comments without an end."""
    left = [q for q in asked if q.work != "completed" and (q.is_owed or q.work != "not_started")]
    found = threads.threads(request, report)
    return {
        "left": [tasks.part(report, question) for question in left],
        "proposed": [q.reference for q in asked if q.proposal_waits],
        "comments": threads.open_count(found),
        "reader_speaks": can_delegate(person(request), report),
    }

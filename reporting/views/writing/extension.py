"""A member asks for more time, or to be excused, and reads what was decided."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.models import Member
from members.typed import keeps_typed, put_back

from ... import actions
from ...forms.requests import AskForm
from ...models import Cycle, Extension, ExtensionRequest
from ...querysets import members_of
from ...rounds import due_on_of
from ..moments import at_the_right_moment, person
from . import shown


@keeps_typed
@access(rules.writes_for_a_member)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def extension(request: HttpRequest, code: str) -> HttpResponse:
    """The due date of a member in a round, what was asked and decided, and the form to ask."""
    cycle, member = _place(request, code)
    form = put_back(request, AskForm(request.POST if request.method == "POST" else None))
    if form.is_valid() and _asked(request, cycle, member, form):
        return redirect("report-extension", code)
    status = 400 if form.errors else 200
    context = {"code": code, "form": form, **_facts(request, cycle, member)}
    return render(request, "reporting/writing/extension.html", context, status=status)


def _place(request: HttpRequest, code: str) -> tuple[Cycle, Member]:
    round_code, _dash, member_code = code.partition("-")
    own = Member.objects.filter(pk__in=members_of(request.user))
    return get_object_or_404(Cycle.objects.collected(), code=round_code), get_object_or_404(
        own, code=member_code
    )


def _asked(request: HttpRequest, cycle: Cycle, member: Member, form: AskForm) -> bool:
    """Whether the request was kept; what the action refuses stands beside its field."""
    facts = {"by": person(request), "at": timezone.now(), "synthetic": settings.DEMO}
    try:
        actions.ask_extension(cycle, member, **form.cleaned_data, **facts)
    except forms.ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _facts(request: HttpRequest, cycle: Cycle, member: Member) -> dict[str, Any]:
    requests = ExtensionRequest.objects.filter(cycle=cycle, member=member)
    asked = list(requests.select_related("asked_by").order_by("-pk"))
    answers = {one.answer for one in asked}
    decision = Extension.objects.filter(cycle=cycle, member=member).first()
    decided = Extension.objects.in_force().filter(cycle=cycle, member=member).first()
    waits = any(one.granted is None for one in asked)
    is_open = cycle.opens_on <= shown.today() and not cycle.receipts_announced_on
    is_focal, came = rules.is_focal_point(request.user, member), actions.is_submitted(cycle, member)
    return {
        "cycle": cycle,
        "member": shown.name_of(member),
        "due": due_on_of(cycle, member),
        "decided": decided,
        "why": decision if decision and decision.reason not in answers else None,
        "asked": asked,
        "came": came,
        "can_ask": is_focal and is_open and not came and not waits,
    }

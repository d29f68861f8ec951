"""What members ask about their due dates, and one date moved for a whole round."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.languages import said
from members.models import Member
from members.typed import keeps_typed, put_back

from ... import actions
from ... import rules as reporting_rules
from ...forms.requests import RefuseForm, RoundExtensionForm
from ...models import Cycle, ExtensionRequest
from ...rounds import decided_on, given
from ..moments import at_the_right_moment, done, person


@access(rules.in_secretariat)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that wait for a decision, the oldest first."""
    rows = _rows(timezone.now().date())
    context = {"rows": rows, "can_decide": reporting_rules.can_announce(request.user)}
    return render(request, "reporting/desk/requests.html", context)


def _rows(today: dt.date) -> list[dict[str, Any]]:
    """The requests that wait, each with the date that holds now: the round's, or a later one."""
    found = ExtensionRequest.objects.filter(granted=None).select_related("cycle", "member")
    names = {m.pk: said(m.display_name) for m in Member.objects.named(today)}
    held = decided_on({one.cycle_id for one in found}, {one.member_id for one in found})
    rows = []
    for asked in found:
        decided = held.get((asked.cycle_id, asked.member_id))
        row = {"asked": asked, "name": names[asked.member_id], "days": _days(asked, today)}
        row |= {"due_on": given(asked.cycle, decided)}
        rows.append(row | {"excused": bool(decided and decided.due_on is None)})
    return rows


def _days(asked: ExtensionRequest, today: dt.date) -> int:
    return (today - asked.asked_at.date()).days


@keeps_typed
@access(reporting_rules.can_announce)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Declines a request with a reason."""
    asked = get_object_or_404(ExtensionRequest.objects.select_related("cycle", "member"), pk=number)
    form = put_back(request, RefuseForm(request.POST if request.method == "POST" else None))
    if form.is_valid():
        by, on = person(request), timezone.now().date()
        actions.refuse_extension(asked, because=form.cleaned_data["because"], by=by, on=on)
        words = _("The request of %(member)s is declined.") % {"member": asked.member.code}
        return done(request, words, "desk-requests")
    name = said(Member.objects.named(timezone.now().date()).get(pk=asked.member_id).display_name)
    context = {"asked": asked, "name": name, "form": form}
    status = 400 if form.errors else 200
    return render(request, "reporting/desk/refuse.html", context, status=status)


@keeps_typed
@access(reporting_rules.can_announce)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def extend_all(request: HttpRequest, code: str) -> HttpResponse:
    """Moves the due date of every member of a round."""
    cycle = get_object_or_404(Cycle.objects.collected(), code=code)
    form = RoundExtensionForm(request.POST if request.method == "POST" else None)
    put_back(request, form)
    if form.is_valid() and _extended(request, cycle, form):
        return redirect("desk-round", code)
    status = 400 if form.errors else 200
    context = {"cycle": cycle, "form": form}
    return render(request, "reporting/desk/extend_all.html", context, status=status)


def _extended(request: HttpRequest, cycle: Cycle, form: RoundExtensionForm) -> bool:
    """Whether the dates were moved; what the action refuses stands beside its field."""
    said = {name: form.cleaned_data[name] for name in ("due_on", "reason")}
    facts = {"by": person(request), "on": timezone.now().date(), "synthetic": settings.DEMO}
    try:
        moved = actions.extend_round(cycle, **said, **facts)
    except forms.ValidationError as error:
        form.add_error(None, error)
        return False
    words = ngettext(
        "The date of %(n)d member was moved.", "The dates of %(n)d members were moved.", len(moved)
    )
    messages.info(request, words % {"n": len(moved)})
    return True

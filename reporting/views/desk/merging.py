"""Merging two records of one member: what would move is shown first, and then done."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.asking import asking
from members.languages import long_date
from members.models import Member
from members.proof import fresh_factor

from ... import actions
from ...actions.weighing import Owed, Weight, differences
from ...forms.merging import MergeForm, MergeQuestion
from ..moments import person


@access(rules.administers)
@fresh_factor(gettext_lazy("Merge the records"))
@require_http_methods(["GET", "HEAD", "POST"])
@asking(MergeQuestion)
def merge(request: HttpRequest, question: MergeQuestion, code: str) -> HttpResponse:
    """Which record stays; whose facts hold; what would follow and what stands in the way; done."""
    named = Member.objects.named(timezone.now().date())
    former = get_object_or_404(named, code=code)
    if request.method != "POST":
        return _page(request, question, former, question.cleaned_data["into"])
    into = named.filter(code=request.POST.get("into", "")[:12]).first()
    form = _form(former, into, request.POST)
    if request.POST.get("do") == "look":
        return _tried(request, question, former, into, form)
    if form.is_valid() and _merged(request, former, form):
        return redirect("record", form.cleaned_data["into"].code)
    return _page(request, question, former, into, form=form, status=400)


def _form(former: Member, into: Member | None, sent: Any = None, **kwargs: Any) -> MergeForm:
    look = bool(sent) and sent.get("do") == "look"
    apart = differences(former, into) if into else []
    return MergeForm(sent, former=former, into=into, differences=apart, look=look, **kwargs)


def _tried(
    request: HttpRequest,
    question: MergeQuestion,
    former: Member,
    into: Member | None,
    form: MergeForm,
) -> HttpResponse:
    """What would follow of what was chosen. It is tried and undone."""
    if form.is_valid() and into:
        try:
            found = actions.preview_merge(former, into, form.chosen())
            return _page(request, question, former, into, found=found)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, question, former, into, form=form, status=400)


def _merged(request: HttpRequest, former: Member, form: MergeForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("into", "seen", "because")}
    by, at = person(request), timezone.now()
    try:
        actions.merge(former, chosen=form.chosen(), **said, by=by, at=at)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = _("%(code)s is merged: everything stands here now.") % {"code": former.code}
    messages.success(request, words)
    return True


def _page(
    request: HttpRequest,
    question: MergeQuestion,
    former: Member,
    into: Member | None,
    *,
    form: MergeForm | None = None,
    found: actions.MergePreview | None = None,
    status: int = 200,
) -> HttpResponse:
    question = MergeQuestion({"into": into.code}) if into else question
    context: dict[str, Any] = {"member": former, "question": question, "form": form, "into": into}
    if into:
        if form and set(form.errors) == {"because"}:  # what was looked at is still there to see
            found = actions.preview_merge(former, into, form.chosen())
        found = found or actions.preview_merge(former, into)
        seen = found.digest if found.weight else ""
        first = _form(former, into, initial={"into": into.code, "seen": seen} | found.chosen)
        context |= {"found": found, "again": form or first, "weight": _in_groups(found.weight)}
    return render(request, "reporting/desk/merge.html", context, status=status)


def _in_groups(weight: Weight | None) -> list[tuple[str, list[dict[str, Any]]]] | None:
    """What is owed anew and no more: one line for each member, basis and pair of days."""
    if weight is None:
        return None
    sides = [(_("Owed from now on"), weight.gained), (_("Owed no more"), weight.lost)]
    return [(words, _lines(owed)) for words, owed in sides]


def _lines(owed: list[Owed]) -> list[dict[str, Any]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for member, reference, *why in owed:
        found.setdefault((member, *why), []).append(reference)
    return [
        {"member": member, "basis": basis, "days": _days(since, until), "clauses": clauses}
        for (member, basis, since, until), clauses in sorted(found.items())
    ]


def _days(since: str, until: str) -> str:
    words = [long_date(dt.date.fromisoformat(day)) for day in (since, until) if day]
    if until:
        return _("from %(since)s until %(until)s") % {"since": words[0], "until": words[1]}
    return _("since %(day)s") % {"day": words[0]}

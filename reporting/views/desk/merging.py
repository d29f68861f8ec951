"""Merging two records of one member: what would move is shown first, and then done."""

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
from members.models import Member
from members.proof import fresh_factor

from ... import actions
from ...forms.merging import MergeForm, MergeQuestion
from ..moments import person


@access(rules.administers)
@fresh_factor(gettext_lazy("Merge the records"))
@require_http_methods(["GET", "HEAD", "POST"])
@asking(MergeQuestion)
def merge(request: HttpRequest, question: MergeQuestion, code: str) -> HttpResponse:
    """Which record stays; then all that would move and what stands in the way; then it is done."""
    named = Member.objects.named(timezone.now().date())
    former = get_object_or_404(named, code=code)
    if request.method != "POST":
        return _page(request, question, former, question.cleaned_data["into"])
    form = MergeForm(request.POST)
    if form.is_valid() and _merged(request, former, form):
        words = _("%(code)s is merged: everything stands here now.") % {"code": code}
        messages.success(request, words)
        return redirect("record", form.cleaned_data["into"].code)
    into = form.cleaned_data.get("into")
    return _page(request, question, former, into, form=form, status=400)


def _merged(request: HttpRequest, former: Member, form: MergeForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("into", "seen", "because")}
    try:
        actions.merge(former, **said, by=person(request), at=timezone.now())
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _page(
    request: HttpRequest,
    question: MergeQuestion,
    former: Member,
    into: Member | None,
    *,
    form: MergeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"member": former, "question": question, "form": form, "into": into}
    if into:
        found = actions.preview_merge(former, into)
        sent = {"into": into.code, "seen": found.digest}
        if form:
            sent["because"] = form["because"].value() or ""
        context |= {"found": found, "again": MergeForm(initial=sent)}
    return render(request, "reporting/desk/merge.html", context, status=status)

"""What a draft would create, and its publication as a statement."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.actions.records import Stale
from members.models import Member
from members.proof import fresh_factor

from .. import actions
from ..models import Draft
from .drafting import about, as_errors, draft_of

HERE = "desk-draft-preview"
PAGES = {"facts": "desk-draft", "parts": "desk-draft-parts", "names": "desk-draft-names"}


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """What is in the way; posted, what publication would create, tried and undone."""
    shown = draft_of(number)
    if request.method != "POST" or shown.statement or actions.lacks(shown):
        return _page(request, shown)
    return _tried(request, shown)


@access(rules.keeps_reference_data)
@fresh_factor(gettext_lazy("Publish the statement"))
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publishes what was tried; where the draft is another by now, it is tried anew (409)."""
    shown = draft_of(number)
    if request.method != "POST":
        return redirect(HERE, shown.pk)
    try:
        seen = _seen(request)
        actions.publish_draft(shown, by=request.user, at=timezone.now(), seen=seen)  # type: ignore[arg-type]
    except ValidationError as error:
        return _page(request, shown, status=400, **as_errors(error))
    except Stale:
        return _again(request, shown)
    messages.success(request, _("The statement is published. What members owe has followed."))
    return redirect("desk-statements")


def _seen(request: HttpRequest) -> str:
    """The fingerprint of the draft that was tried."""
    try:
        return forms.RegexField(r"\A[0-9a-f]{64}\Z").clean(request.POST.get("seen", ""))
    except ValidationError as error:
        raise ValidationError([f"seen: {words}" for words in error.messages]) from error


def _again(request: HttpRequest, shown: Draft) -> HttpResponse:
    told = _("The draft is not the one whose effect was shown. Look at it once more.")
    errors = as_errors(ValidationError(told))
    if actions.lacks(shown):
        return _page(request, shown, status=409, **errors)
    return _tried(request, shown, status=409, **errors)


def _tried(request: HttpRequest, shown: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = actions.fingerprint(shown)
    trial = actions.try_draft(shown, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    names = {m.code: m for m in Member.objects.named(timezone.now().date())}
    bound = [(names[code], number, whys) for code, number, whys in trial.members]
    tried = {"trial": trial, "bound": bound, "seen": seen}
    return _page(request, shown, status=status, **tried, **more)


def _page(request: HttpRequest, shown: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    lacks = [] if shown.statement else actions.lacks(shown)
    found = [(lack, PAGES[lack.where]) for lack in lacks]
    context = {**about(shown, HERE), "lacks": found, **more}
    return render(request, "commitments/draft_preview.html", context, status=status)

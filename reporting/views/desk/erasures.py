"""Where two administrators take a text out of the register: one asks, the other confirms."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import rules
from members.access import access
from members.models import Erasure
from members.proof import fresh_factor

from ...actions.erasure import Changed, ask_erasure, drop_erasure, erase
from ...forms.erasures import ErasureForm
from ..moments import person


@access(rules.administers)
@fresh_factor(gettext_lazy("Ask for the erasure"))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erasures(request: HttpRequest) -> HttpResponse:
    """The erasures so far, and the form that asks for one; asked for, it is previewed."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (asked := _ask(request, form)):
        return redirect("erasure", number=asked.pk)
    rows = Erasure.objects.select_related("asked_by", "confirmed_by")
    status = 400 if form.is_bound else 200
    context = {"form": form, "rows": rows}
    return render(request, "reporting/desk/erasures.html", context, status=status)


def _ask(request: HttpRequest, form: ErasureForm) -> Erasure | None:
    """The erasure; or None, and what the action refuses stands beside its field."""
    try:
        return ask_erasure(**form.cleaned_data, by=person(request), at=timezone.now())
    except forms.ValidationError as error:
        form.add_error(None, error)
        return None


@access(rules.administers)
@require_safe
@never_cache
def erasure(request: HttpRequest, number: int) -> HttpResponse:
    """What an erasure would change, or has changed."""
    return _shown(request, number)


@access(rules.administers)
@fresh_factor(gettext_lazy("Erase the text"))
@require_POST
@never_cache
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Erases, confirmed by another administrator than the one who asked."""
    asked = get_object_or_404(Erasure, pk=number)
    if asked.asked_by_id == request.user.pk:
        raise PermissionDenied
    try:
        erase(asked, confirmed_by=person(request), at=timezone.now())
    except Changed:
        why = _("The text stands elsewhere by now. Drop this erasure and ask for it anew.")
        return _shown(request, number, why, status=409)
    messages.success(request, _("The text is erased."))
    return redirect("erasure", number=number)


@access(rules.administers)
@require_POST
@never_cache
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Gives an erasure up; its text goes."""
    asked = get_object_or_404(Erasure, pk=number)
    drop_erasure(asked, by=person(request), at=timezone.now())
    messages.success(request, _("The erasure is dropped."))
    return redirect("erasures")


def _shown(request: HttpRequest, number: int, why: str = "", status: int = 200) -> HttpResponse:
    asked = get_object_or_404(Erasure.objects.select_related("asked_by", "confirmed_by"), pk=number)
    context = {"it": asked, "why": why, "own": asked.asked_by_id == request.user.pk}
    return render(request, "reporting/desk/erasure.html", context, status=status)

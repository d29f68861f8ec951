"""The secretariat's list of statements and drafts, and the facts and text of a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.actions.records import Stale
from members.history import version_of

from .. import actions
from ..forms import DraftForm
from ..models import Draft, Statement
from .drafting import about, as_errors, done, draft_of, later, refused, seen, writing


@access(rules.in_secretariat)
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Every published statement; before them, for those who may edit, what is being entered."""
    may = rules.keeps_reference_data(request.user)
    rows = Statement.objects.with_clauses().order_by("-position")
    drafts = Draft.objects.filter(published_at=None) if may else Draft.objects.none()
    context = {"rows": rows, "drafts": drafts.annotate(count=Count("parts")), "may": may}
    return render(request, "commitments/desk_statements.html", context)


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new draft."""
    form = DraftForm(request.POST if request.method == "POST" else None, initial={"version": 0})
    if form.is_bound and form.is_valid() and (draft := _begun(request, form)):
        messages.success(request, _("The draft is saved. Nobody outside the secretariat sees it."))
        return redirect("desk-draft-parts" if draft.text else "desk-draft", draft.pk)
    status = 400 if form.is_bound else 200
    return render(request, "commitments/draft_new.html", {"form": form}, status=status)


def _begun(request: HttpRequest, form: DraftForm) -> Draft | None:
    if not rules.keeps_reference_data(request.user):
        raise PermissionDenied
    try:
        return actions.begin_draft(form.said(), by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except ValidationError as error:
        refused(form, error)
        return None


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """The facts and the text of a draft; who is slower than another sees both (409)."""
    shown = draft_of(number)
    if request.method != "POST":
        version = version_of(shown, actions.FACTS)
        initial = DraftForm.initial_of(shown) | {"version": version}
        return _page(request, shown, DraftForm(initial=initial))
    if "do" in request.POST:
        return _drop(request, shown)
    form = DraftForm(request.POST)
    if form.is_valid():
        return _save(request, shown, form)
    return _page(request, shown, form, status=400)


def _save(request: HttpRequest, shown: Draft, form: DraftForm) -> HttpResponse:
    version = form.cleaned_data["version"]
    try:
        actions.revise_draft(shown, writing(request, version, actions.FACTS), form.said())
    except ValidationError as error:
        refused(form, error)
        return _page(request, draft_of(shown.pk), form, status=400)
    except Stale:
        there, sent = later(shown, actions.FACTS, version), request.POST.copy()
        sent["version"] = str(there["version"])
        return _page(request, shown, DraftForm(sent), theirs=there["theirs"], status=409)
    messages.success(request, _("Saved."))
    return redirect("desk-draft", shown.pk)


def _drop(request: HttpRequest, shown: Draft) -> HttpResponse:
    try:
        done(request, "drop")
        actions.drop_draft(shown, writing(request, seen(request), actions.FACTS))
    except (ValidationError, Stale) as error:
        told = error if isinstance(error, ValidationError) else _stale()
        version = version_of(shown, actions.FACTS)
        form = DraftForm(initial=DraftForm.initial_of(shown) | {"version": version})
        status = 409 if isinstance(error, Stale) else 400
        return _page(request, shown, form, status=status, **as_errors(told))
    messages.success(request, _("The draft is thrown away."))
    return redirect("desk-statements")


def _stale() -> ValidationError:
    return ValidationError(_("Somebody saved a change while you were writing"))


def _page(
    request: HttpRequest, shown: Draft, form: DraftForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**about(shown, "desk-draft"), "form": form, **more}
    return render(request, "commitments/draft.html", context, status=status)

"""The parts of a draft's text: their list in order, and the form of each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.actions.records import Stale, Writing
from members.history import version_of

from .. import actions
from ..forms import PartForm
from ..models import Draft, DraftPart
from .drafting import about, as_errors, draft_of, later, refused, seen, writing

HERE = "desk-draft-parts"


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def parts(request: HttpRequest, number: int) -> HttpResponse:
    """The parts in their order; posted, one of them moves, goes or comes, or all are proposed."""
    shown = draft_of(number)
    if request.method != "POST":
        return _list(request, shown)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        told = _("do: this is nothing that can be recorded here.")
        return _list(request, shown, status=400, **as_errors(ValidationError(told)))
    return _done(request, shown, deed)


def _done(request: HttpRequest, shown: Draft, deed: Callable[..., Any]) -> HttpResponse:
    try:
        version = seen(request)
        made = deed(shown, writing(request, version, actions.PARTS), _part(request, shown))
    except ValidationError as error:
        return _list(request, shown, status=400, **as_errors(error))
    except Stale:
        return _list(request, shown, status=409, **later(shown, actions.PARTS, seen(request)))
    if isinstance(made, DraftPart):
        return redirect("desk-draft-part", shown.pk, made.pk)
    return redirect(HERE, shown.pk)


def _part(request: HttpRequest, shown: Draft) -> DraftPart | None:
    """The part that is named, or none. Raises ValidationError for one that is not there."""
    told = request.POST.get("part", "")
    if not told:
        return None
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
    if found := shown.parts.filter(pk=number).first():
        return found
    raise ValidationError(_("part: this part is not there any more."))


def _of_a_part(act: Callable[..., Any], **facts: Any) -> Callable[..., Any]:
    def deed(shown: Draft, by: Writing, part: DraftPart | None) -> None:
        if part is None:
            raise ValidationError(_("part: this part is not there any more."))
        act(shown, by, part=part, **facts)

    return deed


DEEDS: dict[str, Callable[..., Any]] = {
    "propose": lambda shown, by, part: actions.propose_parts(shown, by),
    "add": lambda shown, by, part: actions.add_part(shown, by, after=part),
    "up": _of_a_part(actions.move_part, up=True),
    "down": _of_a_part(actions.move_part, up=False),
    "drop": _of_a_part(actions.drop_part),
}


def _list(request: HttpRequest, shown: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    found = actions.lacks(shown)
    told = [lack.words for lack in found if lack.where == "parts" and lack.part is None]
    wrong: dict[int, list[str]] = {}
    for lack in found:
        if lack.part:
            wrong.setdefault(lack.part.pk, []).append(lack.words)
    rows = [(part, wrong.get(part.pk, [])) for part in shown.parts.all()]
    context = {**about(shown, HERE), "rows": rows, "told": told if rows else []}
    context |= {"version": version_of(shown, actions.PARTS)} | more
    return render(request, "commitments/draft_parts.html", context, status=status)


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, number: int, part: int) -> HttpResponse:
    """One part of the text; who is slower than another sees both (409)."""
    shown = draft_of(number)
    one = get_object_or_404(shown.parts.select_related("draft"), pk=part)
    if request.method != "POST":
        version = version_of(one, actions.PARTS)
        initial = PartForm.initial_of(one) | {"version": version}
        return _page(request, one, PartForm(part=one, initial=initial))
    form = PartForm(request.POST, part=one)
    if form.is_valid():
        return _save(request, one, form)
    return _page(request, one, form, status=400)


def _save(request: HttpRequest, one: DraftPart, form: PartForm) -> HttpResponse:
    version = form.cleaned_data["version"]
    try:
        actions.write_part(one, writing(request, version, actions.PARTS), form.said())
    except ValidationError as error:
        refused(form, error)
        return _page(request, one, form, status=400)
    except Stale:
        return _stale(request, one, version)
    messages.success(request, _("Saved."))
    following = one.draft.parts.filter(position__gt=one.position).first()
    if following and "next" in request.POST:
        return redirect("desk-draft-part", one.draft_id, following.pk)
    return redirect(HERE, one.draft_id)


def _stale(request: HttpRequest, one: DraftPart, version: int) -> HttpResponse:
    """What was typed, still in its form, and beside it what somebody else changed meanwhile."""
    there, sent = later(one, actions.PARTS, version), request.POST.copy()
    sent["version"] = str(there["version"])
    again = PartForm(sent, part=one)
    return _page(request, one, again, theirs=there["theirs"], status=409)


def _page(
    request: HttpRequest, one: DraftPart, form: PartForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**about(one.draft, HERE), "part": one, "form": form, **more}
    return render(request, "commitments/draft_part.html", context, status=status)

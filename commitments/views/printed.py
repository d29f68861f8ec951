"""The names under a draft: pasted, suggested by the resolver, and confirmed by a person."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import resolving, rules
from members.access import access
from members.actions.records import Stale
from members.history import version_of
from members.models import Member
from members.views.names import WHY, best_of, known_names

from .. import actions, parting
from ..forms import PrintedForm, SettleForm, Versioned
from ..models import Draft, DraftName
from .drafting import about, as_errors, done, draft_of, later, refused, writing

Suggested = dict[int, list[resolving.Suggestion]]


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, number: int) -> HttpResponse:
    """Names are added as printed, or a person says whom those that are there mean."""
    shown = draft_of(number)
    found = list(shown.names.select_related("member"))
    suggested = _suggested(found)
    if request.method != "POST":
        return _page(request, shown, found, suggested)
    try:
        do = done(request, "settle", "add")
    except ValidationError as error:
        return _page(request, shown, found, suggested, status=400, **as_errors(error))
    if do == "add":
        return _answer(request, shown, found, suggested, PrintedForm(request.POST))
    form = SettleForm(request.POST, names=found, best=_best(suggested))
    return _answer(request, shown, found, suggested, form)


def _suggested(found: list[DraftName]) -> Suggested:
    known = known_names()
    unsure = [name for name in found if name.member_id is None]
    return {name.pk: resolving.suggest(name.printed, known) for name in unsure}


def _answer(
    request: HttpRequest,
    shown: Draft,
    found: list[DraftName],
    suggested: Suggested,
    form: Versioned,
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, shown, found, suggested, form, status=400)
    try:
        _act(request, shown, form)
    except ValidationError as error:
        refused(form, error)
        return _page(request, shown, found, suggested, form, status=400)
    except Stale:
        return _stale(request, shown, form)
    messages.success(request, _("Saved."))
    return redirect("desk-draft-names", shown.pk)


def _act(request: HttpRequest, shown: Draft, form: Versioned) -> None:
    by = writing(request, form.cleaned_data["version"], actions.NAMES)
    if isinstance(form, SettleForm):
        actions.settle_names(shown, by, meant=form.changed(), dropped=form.dropped())
    else:
        actions.add_names(shown, by, form.cleaned_data["printed"])


def _stale(request: HttpRequest, shown: Draft, form: Versioned) -> HttpResponse:
    """What was typed, in the form of the names as they are now, and what others changed."""
    there, sent = later(shown, actions.NAMES, form.cleaned_data["version"]), request.POST.copy()
    sent["version"] = str(there["version"])
    found = list(shown.names.select_related("member"))
    suggested = _suggested(found)
    again: Versioned = PrintedForm(sent)
    if isinstance(form, SettleForm):
        again = SettleForm(sent, names=found, best=_best(suggested))
    return _page(request, shown, found, suggested, again, status=409, theirs=there["theirs"])


def _best(suggested: Suggested) -> dict[int, str]:
    return {key: best_of(some) for key, some in suggested.items() if best_of(some)}


def _page(
    request: HttpRequest,
    shown: Draft,
    found: list[DraftName],
    suggested: Suggested,
    form: Versioned | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    initial = {"version": version_of(shown, actions.NAMES)}
    settle = form if isinstance(form, SettleForm) else None
    settle = settle or SettleForm(names=found, best=_best(suggested), initial=initial)
    add = form if isinstance(form, PrintedForm) else PrintedForm(initial=initial)
    members = {m.code: m for m in Member.objects.named(timezone.now().date())}
    rows = [_row(name, settle, suggested.get(name.pk, []), members, shown) for name in found]
    context = {**about(shown, "desk-draft-names"), "rows": rows, "settle": settle, "add": add}
    context |= {"members": members.values(), "form": form} | more
    return render(request, "commitments/draft_names.html", context, status=status)


def _row(
    name: DraftName,
    settle: SettleForm,
    suggested: list[resolving.Suggestion],
    members: dict[str, Member],
    shown: Draft,
) -> dict[str, Any]:
    """One name with whom it means, or may mean and why, and the fields that settle it."""
    told = [(members[one.member], one, WHY[one.why]) for one in suggested[:3]]
    fields = {
        part: settle[f"{part}-{name.pk}"]
        for part in ("best", "code", "drop")
        if f"{part}-{name.pk}" in settle.fields
    }
    meant = members.get(name.member.code) if name.member else None
    elsewhere = bool(shown.text) and not parting.stands_in(name.printed, shown.text)
    return {"name": name, "meant": meant, "told": told, "elsewhere": elsewhere, **fields}

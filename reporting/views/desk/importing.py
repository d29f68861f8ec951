"""Importing rows: a trial tells what each row would do, and what is saved is what was tried."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access

from ...forms.importing import ImportForm
from ...importing import ADDED, CHANGED, KINDS, SAME, Doing, Trial, bring, digest
from ..moments import person

SHOWN = 200


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """The form; posted, what every row would do; posted again with the same rows, it is done."""
    choices = [(kind.code, kind.label) for kind in KINDS.values()]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, kinds=choices)
    if not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    said = form.cleaned_data
    seen = digest(said["kind"], said["text"])
    keep = said["seen"] == seen
    trial = bring(KINDS[said["kind"]], said["text"], _doing(request), keep=keep)
    if keep and not trial.errors:
        messages.success(request, _told(trial))
        return redirect("desk-members")
    again = ImportForm(initial={**said, "rows": said["text"], "seen": seen}, kinds=choices)
    return _page(request, again, trial=trial, status=400 if trial.errors else 200)


def _doing(request: HttpRequest) -> Doing:
    return Doing(person(request), timezone.now())


def _told(trial: Trial) -> str:
    done = trial.count(ADDED) + trial.count(CHANGED)
    words = ngettext("%(n)d row is imported.", "%(n)d rows are imported.", done)
    return words % {"n": done}


def _page(
    request: HttpRequest, form: ImportForm, *, trial: Trial | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "kinds": KINDS.values(), "trial": trial}
    if trial:
        names = {ADDED: _("added"), CHANGED: _("changed"), SAME: _("as it stands already")}
        context |= {
            "effects": [(n, names[deed], words) for n, deed, words in trial.effects[:SHOWN]],
            "counts": [(names[deed], trial.count(deed)) for deed in names],
            "wrong": trial.errors[:SHOWN],
            "page_errors": bool(trial.errors),
        }
    return render(request, "reporting/desk/import.html", context, status=status)

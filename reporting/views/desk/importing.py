"""Importing rows: a trial tells what each row would do, and what is saved is what was tried."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access

from ...exports.formats import FORMATS
from ...forms.importing import ImportForm
from ...importing import ADDED, CHANGED, KINDS, SAME, Doing, Trial, bring, digest
from ...tables.columns import Column
from ..moments import person

SHOWN = 200


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """The form; posted, what every row would do; posted again with the same rows, it is done."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, kinds=_choices())
    if not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    return _tried(request, form)


def _tried(request: HttpRequest, form: ImportForm) -> HttpResponse:
    """Stores the rows that were tried before as they are, or shows what these would do."""
    said = form.cleaned_data
    seen = digest(said["kind"], said["text"])
    keep, apart = said["seen"] == seen, said["apart"]
    kind = KINDS[said["kind"]]
    trial = bring(kind, said["text"], _doing(request), keep=keep, apart=apart)
    if trial.kept:
        messages.success(request, _told(trial))
        return redirect("desk-members")
    if keep and not trial.errors:
        form.add_error("apart", _("Say that these are other members, or correct their rows."))
        return _page(request, form, trial=trial, status=400)
    again = ImportForm(initial={**said, "rows": said["text"], "seen": seen}, kinds=_choices())
    return _page(request, again, trial=trial, status=400 if trial.errors else 200)


@access(rules.keeps_reference_data)
@require_safe
def rows_file(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """What the register holds of one kind, in the form in which it can be imported."""
    kind = KINDS.get(code)
    if kind is None or ending not in ("csv", "xlsx"):
        raise Http404
    made, columns = FORMATS[ending], [Column(name, name) for name in kind.columns]
    lines = (orjson.dumps({name: row[name] for name in kind.columns}) for row in kind.held())
    answer = StreamingHttpResponse(made.write(lines, columns), made.media_type)
    name = f"{code}-{timezone.now():%Y-%m-%d}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


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
            "effects": [(n, names[one.deed], one) for n, one in trial.effects[:SHOWN]],
            "counts": [(names[deed], trial.count(deed)) for deed in names],
            "wrong": trial.errors[:SHOWN],
            "most": SHOWN,
            "doubts": trial.doubts[:SHOWN],
            "page_errors": bool(trial.errors or form.errors),
        }
    return render(request, "reporting/desk/import.html", context, status=status)

"""Correcting a published wording: its statement's parts, the difference, and the new version."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions, deadlines
from commitments.models import Commitment, Passage, Statement
from commitments.views.drafting import refused
from members import rules
from members.access import access
from members.actions.records import Stale
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ...differences import pieces
from ...forms.wordings import DUE, WordingForm
from ..corrected import corrections_of
from ..moments import person

PASSAGE = "passage-"


@access(rules.keeps_reference_data)
@require_safe
def wordings(request: HttpRequest, code: str) -> HttpResponse:
    """The parts of a published statement, each of which can be corrected."""
    text = get_object_or_404(Statement, code=code)
    passages: dict[int | None, list[Passage]] = {}
    for passage in Passage.objects.filter(statement=text):
        passages.setdefault(passage.before_id, []).append(passage)
    rows: list[Commitment | Passage] = []
    for clause in text.commitments.all():
        rows += [*passages.get(clause.pk, []), clause]
    rows += passages.get(None, [])
    context = {"statement": text, "rows": [(_address(row), row) for row in rows]}
    return render(request, "reporting/desk/wordings.html", context)


@keeps_typed
@access(rules.keeps_reference_data)
@fresh_factor(gettext_lazy("Correct a published wording"))
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """The words of one part; posted, the difference; posted again, the new version."""
    row = _found(code, part)
    if request.method != "POST":
        words = {name: getattr(row, name, "") for name in ("text", "lead_in", *DUE)}
        initial = {**words, "version": actions.version_of_wording(row)}
        form = put_back(request, WordingForm(row=row, initial=initial))
        form.initial["shown"] = ""  # the difference is looked at once more
        return _page(request, row, form)
    form = WordingForm(request.POST, row=row)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    if form.cleaned_data["shown"] != _digest(form):
        return _look(request, row, form)
    return _correct(request, row, form)


def _address(row: Commitment | Passage) -> str:
    """What stands for this part in an address."""
    return row.reference if isinstance(row, Commitment) else f"{PASSAGE}{row.position}"


def _found(code: str, part: str) -> Commitment | Passage:
    number = part.removeprefix(PASSAGE)
    if number == part:
        found = Commitment.objects.select_related("statement")
        return get_object_or_404(found, statement__code=code, reference=part)
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise Http404
    passages = Passage.objects.select_related("statement")
    return get_object_or_404(passages, statement__code=code, position=int(number))


def _digest(form: WordingForm) -> str:
    """What tells that the words that are published are those that were looked at."""
    said = sorted((name, str(value)) for name, value in form.said().items())
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _look(
    request: HttpRequest, row: Commitment | Passage, form: WordingForm, status: int = 200
) -> HttpResponse:
    """The difference, before anything is saved."""
    sent = form.data.copy()  # type: ignore[attr-defined]
    sent["version"], sent["shown"] = str(form.cleaned_data["version"]), _digest(form)
    said = form.cleaned_data
    found = {"text": pieces(row.text, said["text"])}
    if "lead_in" in said:
        found["lead_in"] = pieces(getattr(row, "lead_in", ""), said["lead_in"])
    again = WordingForm(sent, row=row)
    again.full_clean()
    more = {"difference": found, "due": _due(row, form), "printed": _unlike(form)}
    return _page(request, row, again, status=status, **more)


def _due(row: Commitment | Passage, form: WordingForm) -> list[tuple[Any, str, str]]:
    """Each fact of the deadline that would change, before and after."""
    said = form.due() or {}
    changed = [name for name in said if (getattr(row, name) or "") != (said[name] or "")]
    return [
        (form.fields[name].label, str(getattr(row, name) or "–"), str(said[name] or "–"))
        for name in changed
    ]


def _unlike(form: WordingForm) -> deadlines.Printed | None:
    """The deadline that the corrected words print, where the one recorded is another."""
    due, said = form.due(), form.cleaned_data
    printed = deadlines.printed_in(said["text"]) or deadlines.printed_in(said.get("lead_in", ""))
    if due is None or printed is None:
        return None
    same = (printed.on, printed.precision) == (due["due_on"], due["due_precision"])
    return None if same else printed


def _correct(request: HttpRequest, row: Commitment | Passage, form: WordingForm) -> HttpResponse:
    facts = {"by": person(request), "at": timezone.now()}
    try:
        made = actions.correct_wording(row, **form.said(), **facts)
    except ValidationError as error:
        refused(form, error)
        return _page(request, row, form, status=400)
    except Stale:
        return _too_late(request, row, form)
    told = _("Version %(n)d of these words is published, with the one before beside it.")
    messages.success(request, told % {"n": made.number})
    return redirect("desk-wordings", row.statement.code)


def _too_late(request: HttpRequest, row: Commitment | Passage, form: WordingForm) -> HttpResponse:
    """What was typed against the words that stand now, which somebody else has corrected."""
    there = _found(row.statement.code, _address(row))
    form.cleaned_data["version"] = actions.version_of_wording(there)
    return _look(request, there, form, status=409)


def _page(
    request: HttpRequest,
    row: Commitment | Passage,
    form: WordingForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    named = row.reference if isinstance(row, Commitment) else row.get_kind_display()
    context = {"row": row, "named": named, "form": form, "corrections": corrections_of(row)}
    context["address"] = _address(row)
    return render(request, "reporting/desk/wording.html", context | more, status=status)

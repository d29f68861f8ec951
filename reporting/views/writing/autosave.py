"""Saves while somebody writes: the same save as the button's, answered with one line for htmx."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from commitments.models import Commitment
from members import typed
from members.access import part, sent_by_script

from ... import actions
from ...forms import LOOKS, AnswerForm
from ...models import Answer, Proposal, Report
from ...workflow import WrongMoment
from ..moments import person
from . import shown

TOLD = "reporting/writing/_autosaved.html"


def is_asked(request: HttpRequest) -> bool:
    """Whether htmx saves what is being written; a button that only shows asks for the page."""
    looks = any(name in request.POST for name in LOOKS)
    return request.method == "POST" and sent_by_script(request) and not looks


def saved(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """What became of the words, in a line: saved (200), refused (400), somebody was quicker (409).

    An answer that is not complete yet is saved as far as it is; a link that is half typed waits.
    """
    report = shown.own_report(request, code)
    clause = get_object_or_404(Commitment, reference=reference)
    form = AnswerForm(request.POST, unfinished=True)
    if not form.is_valid():
        return part(request, TOLD, {"form": form}, status=400)
    try:
        answer = _save(request, report, clause, form)
    except actions.Conflict as conflict:
        return part(request, TOLD, {"theirs": conflict.theirs, "reader": request.user}, status=409)
    except WrongMoment as refusal:
        return part(request, TOLD, {"refusal": str(refusal)}, status=409)
    typed.forget(request)
    told = part(request, TOLD, {"answer": answer, "left_out": form.left_out})
    told["Session-Left"] = str(shown.session(request)["left"])
    return told


def _save(
    request: HttpRequest, report: Report, clause: Commitment, form: AnswerForm
) -> Answer | Proposal:
    """The answer as it stands now; 404 where the clause is not asked, or not of this person."""
    try:
        return actions.save_answer(
            report,
            clause,
            said=form.said(),
            base_version=form.cleaned_data["base_version"],
            by=person(request),
            at=timezone.now(),
            origin="autosave",
        )
    except (ValidationError, PermissionDenied) as error:
        raise Http404 from error

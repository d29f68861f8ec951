"""What a colleague proposed beside the answer that stands, and every kept version of both."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.asking import tampered

from ... import actions, words, workflow
from ...differences import marked
from ...forms import KeptVersionForm
from ...forms.people import ProposalForm
from ...models import Answer, AnswerVersion, Proposal, ProposalVersion, Report
from ...questions import Question
from ...rules import can_delegate
from ..moments import at_the_right_moment, person
from . import shown
from .answers import two_versions

SHOWN = 50  # versions on one page, the newest


@access(rules.writes_for_a_member)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def proposal(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """The proposal beside the answer; posted, takes it over or sets it aside."""
    report, question, proposed = _proposed(request, code, reference)
    if request.method == "POST":
        return _settle(request, report, question)
    context = {
        "report": report,
        "question": question,
        "proposal": proposed,
        "fields": marked(question.said, question.said, proposed.said()),
        "writable": report.state in workflow.OPEN,
    }
    return render(request, "reporting/writing/proposal.html", context)


def _settle(request: HttpRequest, report: Report, question: Question) -> HttpResponse:
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return tampered(request, form)
    try:
        told = _do(request, report, question, **form.cleaned_data)
    except actions.Conflict as conflict:
        return two_versions(request, report, question, conflict)
    except ValidationError as error:
        raise BadRequest("proposed") from error
    messages.success(request, told)
    return redirect("answer", report.code, question.reference)


def _do(
    request: HttpRequest,
    report: Report,
    question: Question,
    *,
    do: str,
    proposed: int,
    base_version: int,
) -> str:
    """Takes the version over or sets it aside, and says so in words."""
    facts: dict[str, Any] = {"proposed": proposed, "by": person(request), "at": timezone.now()}
    if do == "aside":
        actions.set_aside(report, question.commitment, **facts)
        return _("The proposal is set aside.")
    actions.take_over(report, question.commitment, base_version=base_version, **facts)
    return _("The proposal is taken over.")


@access(rules.may_write)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def versions(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """Every kept version of one answer, newest first: who, when, and what it changed.

    Posted, one of them is brought back.
    """
    report, question = _place(request, code, reference)
    if request.method == "POST":
        return _bring_back(request, report, question)
    answer = question.answer if isinstance(question.answer, Answer) else question.final
    written = _written(report, question)
    context = {
        "report": report,
        "question": question,
        "rows": _rows(answer, written) if answer else [],
        "proposed": _rows(question.proposal, written) if question.proposal else [],
        "most": SHOWN,
    }
    return render(request, "reporting/writing/answer_versions.html", context)


def _written(report: Report, question: Question) -> Answer | Proposal | None:
    """What the reader's own saves go to now, once something is saved: answer or proposal."""
    begun = question.answer and question.answer.version and report.state in workflow.OPEN
    return question.answer if begun else None


def _bring_back(request: HttpRequest, report: Report, question: Question) -> HttpResponse:
    """Saves the words of a kept version as the next one, without a signature under them."""
    form = KeptVersionForm(request.POST)
    if not form.is_valid():
        return tampered(request, form)
    facts: dict[str, Any] = {"said": _kept(question, form.cleaned_data["version"])}
    facts |= {"base_version": form.cleaned_data["base_version"], "by": person(request)}
    try:
        actions.save_answer(report, question.commitment, at=timezone.now(), **facts)
    except actions.Conflict as conflict:
        return two_versions(request, report, question, conflict)
    except ValidationError as error:
        raise BadRequest("kept") from error
    messages.success(request, _("Version %(version)d is brought back.") % form.cleaned_data)
    return redirect("answer", report.code, question.reference)


def _kept(question: Question, version: int) -> dict[str, Any]:
    """What the reader's text said in that version, without a signature; 404 where there is none."""
    if not question.answer or not question.answer.pk:
        raise Http404
    said = words.of(get_object_or_404(question.answer.versions.all(), version=version).said())
    del said["no_change"]
    return said


def _proposed(request: HttpRequest, code: str, reference: str) -> tuple[Report, Question, Proposal]:
    """The report, the question and its proposal, for the focal point; 404 where there is none."""
    report, question = _place(request, code, reference)
    if not can_delegate(request.user, report):
        raise PermissionDenied
    if question.proposal is None:
        raise Http404
    return report, question, question.proposal


def _place(request: HttpRequest, code: str, reference: str) -> tuple[Report, Question]:
    """The report and one of the questions that the reader is shown; 404 for any other."""
    report = shown.own_report(request, code)
    for question in shown.asked_of(request, report):
        if question.reference == reference:
            return report, question
    raise Http404


def _rows(of: Answer | Proposal, written: Answer | Proposal | None) -> list[dict[str, Any]]:
    """The kept versions; `back` is the version that bringing one back would begin from, or 0."""
    kept: Sequence[AnswerVersion | ProposalVersion] = [
        *of.versions.select_related("saved_by").order_by("-version")[: SHOWN + 1]
    ]
    said = [version.said() for version in kept]
    if len(kept) <= SHOWN:
        said.append(dict(words.BLANK))
    changes = [marked(before, before, after) for after, before in pairwise(said)]
    base = of.version if written == of else 0
    return [
        {"version": v, "fields": f, "back": base if v.version != of.version else 0}
        for v, f in zip(kept, changes, strict=False)
    ]

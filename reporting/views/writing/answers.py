"""One question of a report: reading it, answering it, and what happens when two people do."""

from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.asking import tampered
from members.languages import said
from members.typed import keeps_typed, waiting

from ... import actions, workflow
from ...differences import marked, together
from ...forms import HINTS, AnswerForm, SignForm
from ...models import Report
from ...questions import Question
from .. import threads
from ..moments import at_the_right_moment, person, posted
from . import autosave, beside, shown


@keeps_typed
@access(rules.may_write)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def answer(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """A question with its form; a save that would overwrite another's answers 409 with both.

    htmx saves here while somebody writes, and is told the outcome in a line.
    """
    if autosave.is_asked(request):
        return autosave.saved(request, code, reference)
    report, asked, n = _place(request, code, reference)
    name = shown.name_of(report.member)
    if request.method != "POST":
        return _page(request, report, asked, n, _fresh(request, asked[n], name))
    form = AnswerForm(request.POST, member=name)
    if not form.is_valid():
        return _page(request, report, asked, n, form, status=400)
    if form.looks:
        return _page(request, report, asked, n, form)
    return _save(request, report, asked, n, form)


def _place(request: HttpRequest, code: str, reference: str) -> tuple[Report, list[Question], int]:
    """The report, its questions, and the place of this one among them; 404 when not asked."""
    report = shown.own_report(request, code)
    asked = shown.asked_of(request, report)
    for n, question in enumerate(asked):
        if question.reference == reference:
            return report, asked, n
    raise Http404


def _fresh(request: HttpRequest, question: Question, name: str) -> AnswerForm:
    """The form with what is saved, or with what was typed before the session ended."""
    typed = waiting(request)
    if typed:
        form = AnswerForm(typed, member=name)
        form.is_kept = True
        return form
    version = question.answer.version if question.answer else 0
    return AnswerForm(initial=AnswerForm.initial_of(question.said, version), member=name)


def _save(
    request: HttpRequest, report: Report, asked: list[Question], n: int, form: AnswerForm
) -> HttpResponse:
    """Saves and leads on: to the next question when that was asked for, else back to this one."""
    try:
        actions.save_answer(
            report,
            asked[n].commitment,
            said=form.said(),
            base_version=form.cleaned_data["base_version"],
            by=person(request),
            at=timezone.now(),
        )
    except actions.Conflict as conflict:
        return two_versions(request, report, asked[n], conflict)
    step = 1 if "next" in request.POST and n + 1 < len(asked) else 0
    return redirect(shown.url_of(report, asked[n + step]))


@access(rules.may_write)
@posted("report-home")
@at_the_right_moment
def unchanged(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """Signs "no change": carries the last round's answer over and records that it was said.

    Words of the answer's own go only after a page that shows them beside those that would come.
    """
    report, asked, n = _place(request, code, reference)
    form = SignForm(request.POST)
    if not form.is_valid():
        return tampered(request, form)
    base_version = form.cleaned_data["base_version"]
    if not form.cleaned_data["replace"] and _would_go(report, asked[n], base_version):
        context = {"report": report, "question": asked[n]}
        return render(request, "reporting/writing/sign.html", context)
    return _sign(request, report, asked[n], base_version)


def _would_go(report: Report, question: Question, base_version: int) -> bool:
    """Are there words to lose, and are they those that were read? Else the action refuses."""
    if report.state not in workflow.OPEN or not question.has_own_words:
        return False
    return question.answer is not None and question.answer.version == base_version


def _sign(
    request: HttpRequest, report: Report, question: Question, base_version: int
) -> HttpResponse:
    facts: dict[str, Any] = {"by": person(request), "at": timezone.now()}
    try:
        actions.sign_no_change(report, question.commitment, base_version=base_version, **facts)
    except actions.Conflict as conflict:
        return two_versions(request, report, question, conflict)
    except ValidationError as error:
        raise BadRequest("no-change") from error
    return redirect(shown.url_of(report, question))


def _page(
    request: HttpRequest,
    report: Report,
    asked: list[Question],
    n: int,
    form: AnswerForm,
    status: int = 200,
) -> HttpResponse:
    question = asked[n]
    context = {
        "report": report,
        "question": question,
        "form": form,
        "hints": HINTS,
        "number": n + 1,
        "of": len(asked),
        "writable": report.state in workflow.OPEN,
        "talk": threads.threads(request, report).get(question.reference, []),
        **shown.session(request),
        **beside.facts(question, report, person(request)),
        **_neighbours(report, asked, n),
    }
    return render(request, "reporting/writing/answer.html", context, status=status)


def _neighbours(report: Report, asked: list[Question], n: int) -> dict[str, Any]:
    places = {"previous": n - 1, "next": n + 1}
    found = {name: asked[at] for name, at in places.items() if 0 <= at < len(asked)}
    urls = {f"{name}_url": shown.url_of(report, q) for name, q in found.items()}
    words = {
        f"{name}_words": f"{q.reference}, {said(q.commitment.title)}" for name, q in found.items()
    }
    return {"last": n + 1 == len(asked), **urls, **words}


def two_versions(
    request: HttpRequest, report: Report, question: Question, conflict: actions.Conflict
) -> HttpResponse:
    """409: yours, theirs, what both began from, and a proposal that holds both."""
    context = {
        "report": report,
        "question": question,
        "url": reverse("answer", args=[report.code, question.reference]),
        "theirs": conflict.theirs,
        "same_person": conflict.theirs.saved_by_id == request.user.pk,
        "fields": marked(conflict.base, conflict.mine, conflict.theirs.said()),
        "hints": HINTS,
        "lead": _("Nothing is lost: choose, or write the text that should stand."),
        **_ways_out(conflict, shown.name_of(report.member)),
    }
    return render(request, "reporting/writing/conflict.html", context, status=409)


def _ways_out(conflict: actions.Conflict, member: str) -> dict[str, Any]:
    """The forms that end a conflict: one keeps yours, one begins with both."""
    version, theirs = conflict.theirs.version, conflict.theirs.said()
    both = together(conflict.base, conflict.mine, theirs)
    mine = AnswerForm.initial_of(conflict.mine, version)
    return {
        "keep_mine": AnswerForm(initial=mine, auto_id=False),
        "form": AnswerForm(initial=AnswerForm.initial_of(both, version), member=member),
        "next_version": version + 1,
    }

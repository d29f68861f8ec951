"""The reviewers' comments on a report, question by question, with the member's replies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from members import rules
from members.access import access
from members.languages import said
from members.typed import keeps_typed, put_back

from ... import actions, questions
from ...forms.comments import ReplyForm
from ...models import Comment, Report
from .. import threads
from ..moments import at_the_right_moment, person, posted
from . import shown


@access(rules.writes_for_a_member)
@require_safe
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """What reviewers said on each answer, whether it is settled, and where to reply."""
    return _page(request, shown.own_report(request, code))


def _page(
    request: HttpRequest, report: Report, failed: tuple[int, ReplyForm] | None = None
) -> HttpResponse:
    found = _shown(request, report)
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "places": _places(request, report, found, failed),
        "open": threads.open_count(found),
        "waiting": sum(questions.comments_waiting(report).values()),
        "form": failed[1] if failed else None,
        "page_errors": bool(failed),
    }
    status = 400 if failed else 200
    return render(request, "reporting/writing/comments.html", context, status=status)


def _shown(request: HttpRequest, report: Report) -> threads.Threads:
    """The threads on the answers that the reader is shown, and those on the whole report."""
    shown_here = {"", *(q.reference for q in shown.asked_of(request, report))}
    found = threads.threads(request, report)
    return {place: group for place, group in found.items() if place in shown_here}


def _places(
    request: HttpRequest,
    report: Report,
    found: threads.Threads,
    failed: tuple[int, ReplyForm] | None,
) -> list[dict[str, Any]]:
    """The whole report first, then the clauses in the order of the texts."""
    for group in found.values():
        for thread in group:
            key = thread["first"].pk
            thread["form"] = ReplyForm(auto_id=f"id_{key}_%s")
            if failed and failed[0] == key:
                thread["form"] = failed[1]
            put_back(request, thread["form"], reverse("report-reply", args=[report.code, key]))
    clauses = Commitment.objects.filter(reference__in=found).order_by(
        "statement__position", "position"
    )
    places = [
        {
            "reference": clause.reference,
            "title": said(clause.title),
            "url": reverse("answer", args=[report.code, clause.reference]),
            "threads": found[clause.reference],
        }
        for clause in clauses
    ]
    whole = [{"reference": "", "threads": found[""]}] if "" in found else []
    return [*whole, *places]


@keeps_typed
@access(rules.writes_for_a_member)
@posted("report-comments")
@at_the_right_moment
def reply(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The member's next word in an open thread."""
    report = shown.own_report(request, code)
    found = _shown(request, report)
    seen = [thread["first"].pk for group in found.values() for thread in group]
    begun = Comment.objects.filter(pk__in=seen).select_related("report")
    first = get_object_or_404(begun, pk=number)
    form = ReplyForm(request.POST, auto_id=f"id_{number}_%s")
    if not form.is_valid():
        return _page(request, report, (number, form))
    text = form.cleaned_data["text"]
    actions.reply(first, text=text, by=person(request), at=timezone.now())
    return redirect(f"{reverse('report-comments', args=[code])}#c-{number}")

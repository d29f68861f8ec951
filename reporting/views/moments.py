"""What the pages of moves share: a form that is posted, and the answer when the moment is wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from members.models import User

from .. import words
from ..models import Report
from ..workflow import MOVES, WrongMoment, possible

Page = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Who sent the request; only for views whose rule lets no visitor in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def done(request: HttpRequest, words: str, page: str, *args: str) -> HttpResponse:
    """Leads on to the page after something was done, and says there once what it was."""
    messages.success(request, words)
    return redirect(page, *args)


def at_the_right_moment(page: Page) -> Page:
    """Answers 409 when the moment is wrong: why, who may do what now, and what was typed."""

    @wraps(page)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except WrongMoment as refusal:
            context = {"refusal": str(refusal), "typed": _typed(request)}
            context |= _instead(refusal.report)
            return render(request, "reporting/wrong_moment.html", context, status=409)

    return careful


def _typed(request: HttpRequest) -> list[str]:
    """The texts that were sent: of an answer, a reason, a word in a thread or on a warning."""
    texts = (*words.PROSE, "because", "reason", "text")
    sent = [name for name in request.POST if name in texts or name.startswith(("wrong", "why_"))]
    return [request.POST[name] for name in sent if request.POST[name].strip()]


def _instead(report: Report | None) -> dict[str, Any]:
    """Where the report stands, and which moves lead on from there."""
    if report is None:
        return {}
    today = timezone.now().date()
    return {"report": report, "moves": possible(report, on=today)}


def posted(back: str, *, of_report: bool = True) -> Callable[[Page], Page]:
    """Lets a page be posted only. Whoever comes by a link, from sign-in say, goes to `back`.

    404 for whoever has no part in a report of the writers' side: a detour would not say more.
    """

    def declare(page: Page) -> Page:
        @wraps(page)
        def careful(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return page(request, code, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                if back.startswith("report-"):  # a writer's: not yours, not there
                    get_object_or_404(Report.objects.written_by(request.user).coded(code))
                return redirect(back, code) if of_report else redirect(back)
            return HttpResponseNotAllowed(["POST"])

        return careful

    return declare


def allowed(move: str, request: HttpRequest, report: Report) -> Report:
    """The report, when the person may ever make this move with it; asked before the form is read.

    Raises PermissionDenied. Whether it is the moment is asked by the action, on the locked row.
    """
    if not MOVES[move].is_allowed(request.user, report):
        raise PermissionDenied
    return report

"""Answers for what went wrong outside any view: pages for people, problem+json under /api/."""

import sys
from email.utils import parseaddr
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone

from members.access import part, sent_by_script
from members.api.problems import PROBLEM, Fault, problem
from members.models import Member
from members.typed import is_secret

__all__ = [
    "PROBLEM",
    "bad_request",
    "csrf_failure",
    "forbidden",
    "malformed_query",
    "no_length",
    "server_error",
    "too_large",
]
API = "/api/"
RETRY_AFTER_SECONDS = 30
# What a status means here where no view has said more: the part of the request, and the words.
FAULTS = {
    400: ("address", "The address of the request is malformed."),
    403: (None, "This is not allowed."),
    404: ("address", "There is nothing at this address."),
    405: ("method", "This address does not take that method."),
    411: ("body", "Say the length of the body in Content-Length."),
    413: ("body", "The body is larger than this site takes."),
    503: (None, "The database is away. Try again later."),
}


def is_api(request: HttpRequest) -> bool:
    """Whether the answer is for a program."""
    return request.path_info.startswith(API)


def as_problem(status: int) -> HttpResponse:
    """The problem for a status of which nothing more is known."""
    failed = "The request was refused." if status < 500 else "Something failed on our side."
    field, detail = FAULTS.get(status, (None, failed))
    return problem(status, [Fault(field, HTTPStatus(status).name.lower(), detail)])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood. Shows nothing of it, its host may be forged."""
    if is_api(request) and isinstance(exception, DisallowedHost):
        return problem(400, [Fault("host", "bad_request", "This site has another name.")])
    return render(None, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person may not. Whoever acts for a frozen member reads that, and whom to ask."""
    reader, today = getattr(request, "user", None), timezone.now().date()
    rests = reader.roles.in_force(today).resting() if getattr(reader, "pk", None) else []
    names = Member.objects.named(today).in_bulk([role.member_id for role in rests])
    context = {
        "frozen": {names[role.member_id].display_name: role.rests_since for role in rests},
        "ask": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }
    return render(request, "403.html", context, status=403)


def malformed_query(request: HttpRequest, names: list[str]) -> HttpResponse:
    """400 for a query that is no text, with the names of the parameters it is about."""
    return render(None, "400.html", {"names": names}, status=400)


def no_length(request: HttpRequest) -> HttpResponse:
    """411: a body that does not say how long it is."""
    return render(None, "411.html", status=411)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the body is larger than anything this site takes."""
    return render(None, "413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the reason is that the database is away; typed text comes back then."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return database_away(request)
    return render(None, "500.html", status=500)


def database_away(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After and a form that sends the same text again. Asks the database nothing."""
    context = {
        "kept": kept_text(request),
        "seconds": RETRY_AFTER_SECONDS,
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
    }
    answer = render(None, "503.html", context, status=503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that cannot be shown to be ours; what was typed can be copied from it.

    A script gets a token that works: only a page of ours can read it, another site's cannot.
    """
    if sent_by_script(request):
        context = {"csrf_token": get_token(request)}
        return part(request, "members/_old_form.html", context, status=403)
    return render(request, "403_csrf.html", {"kept": kept_text(request)}, status=403)


def kept_text(request: HttpRequest) -> list[tuple[str, str]]:
    """Every posted field with its text, in the order sent, without passwords and codes."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if not is_secret(name)
    ]

"""Answers for what went wrong: pages for people, application/problem+json under /api/."""

import json
import sys
from collections.abc import Iterable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

API = "/api/"
PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = 30
NEVER_SHOWN_AGAIN = ("csrfmiddlewaretoken", "password", "otp", "secret")

DETAILS = {
    400: "The address, host or body of the request is malformed.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The body is larger than this site takes.",
    503: "The database is away. Try again later.",
}


def is_api(request: HttpRequest) -> bool:
    """Whether the answer is for a program."""
    return request.path_info.startswith(API) and request.path_info != API


def problem(status: int, detail: str, code: str = "", field: str | None = None) -> HttpResponse:
    """One error as application/problem+json, in the shape that every error under /api/ has."""
    return problems(status, [{"field": field, "code": code or _code(status), "detail": detail}])


def problems(status: int, errors: Iterable[dict[str, str | None]]) -> HttpResponse:
    """Several errors as application/problem+json: each names its field (null for none) and code."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "errors": list(errors),
    }
    return HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)


def detail(status: int) -> str:
    """What a status means here, for programs, where nothing more is known."""
    refused = "The request was refused."
    return DETAILS.get(status, refused if status < 500 else "Something failed on our side.")


def _code(status: int) -> str:
    return HTTPStatus(status).name.lower()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood. Reads nothing from it, its host may be forged."""
    return render(None, "400.html", status=400)


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
    """403 for a form that cannot be shown to be ours; what was typed can be copied from it."""
    return render(None, "403_csrf.html", {"kept": kept_text(request)}, status=403)


def kept_text(request: HttpRequest) -> list[tuple[str, str]]:
    """Every posted field with its text, in the order sent, without passwords and codes."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if not any(part in name.lower() for part in NEVER_SHOWN_AGAIN)
    ]

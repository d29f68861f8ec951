"""Errors as application/problem+json, each naming the fields that it is about."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the parameter it is about (None for the whole request), and why."""

    field: str | None
    code: str
    detail: str


class Refused(Exception):
    """Raised to answer a request with a problem, and headers beside it."""

    def __init__(self, status: int, *faults: Fault, **headers: str) -> None:
        super().__init__(status, faults)
        self.status = status
        self.faults = faults
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem(status: int, faults: Sequence[Fault]) -> HttpResponse:
    """The answer of this status that lists the faults, in the shape all errors of the API have."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": " ".join(fault.detail for fault in faults),
        "errors": [asdict(fault) for fault in faults],
    }
    return HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)


def answer_exception(raised: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The problem for an exception of a view; None hands the exception on (a database away)."""
    if isinstance(raised, Refused):
        answer = problem(raised.status, raised.faults)
        for name, value in raised.headers.items():
            answer[name] = value
        return answer
    if isinstance(raised, Http404):
        return problem(404, [Fault("address", "not_found", "There is nothing at this address.")])
    if isinstance(raised, PermissionDenied):
        return problem(403, [Fault(None, "forbidden", "This is not allowed.")])
    if isinstance(raised, exceptions.Throttled):
        answer = problem(429, [Fault(None, "too_many_requests", "Too many requests; wait a bit.")])
        answer["Retry-After"] = str(int(getattr(raised, "wait", None) or 60))
        return answer
    if isinstance(raised, exceptions.MethodNotAllowed):
        return problem(405, [Fault("method", "method_not_allowed", str(raised.detail))])
    if isinstance(raised, exceptions.AuthenticationFailed):
        answer = problem(401, [Fault("Authorization", "invalid_token", str(raised.detail))])
        answer["WWW-Authenticate"] = raised.auth_header  # type: ignore[attr-defined]  # by DRF
        return answer
    if isinstance(raised, exceptions.APIException):
        status = raised.status_code
        return problem(status, [Fault(None, HTTPStatus(status).name.lower(), str(raised.detail))])
    return None

"""The zips of everything that is published: those kept, one for each day, and one on request."""

from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from members.access import access, anyone
from members.api.freshness import stamp
from members.api.parameters import read
from members.api.problems import PROBLEM, Fault, Refused, problem
from members.api.throttle import client_of

from ...exports import bulk, on_request
from .asked import DayQuestion, Question, YearQuestion, asking

PAGE = "text/html"
LATER = {
    429: "This client has had as many zips built as one may in an hour.",
    503: "Another zip is being built.",
}


@access(anyone)
@asking(YearQuestion)
def zips(request: HttpRequest, question: Question) -> HttpResponse:
    """Every kept zip of a year with its SHA-256, and the form that asks for another."""
    there = bulk.kept()
    years = sorted({one.day.year for one in there}, reverse=True)
    year = question.cleaned_data["year"] or next(iter(years), timezone.now().year)
    context = {
        "zips": [one for one in there if one.day.year == year],
        "year": year,
        "years": years,
        "question": DayQuestion(auto_id="ask_%s"),
        "limit": settings.ZIPS_PER_HOUR,
    }
    return render(request, "reporting/zips.html", context)


@access(anyone)
def sums(request: HttpRequest) -> HttpResponseBase:
    """The SHA-256 of every kept zip of a day that is over, as `sha256sum --check` reads it."""
    lines = [f"{one.sha256}  {one.name}\n" for one in bulk.kept() if one.is_final]
    answer = HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")
    return _readable_from_any_site(answer)


@access(anyone)
def kept_zip(request: HttpRequest, day: str) -> HttpResponseBase:
    """The zip of a day."""
    there = {str(one.day): one for one in bulk.kept()}
    if day not in there:
        raise Http404
    return _given(request, there[day], there[day].name)


def problems_for_programs(page: Callable[..., Any]) -> Callable[..., Any]:
    """A view that refuses parameters (400) by a problem, unless its reader would rather a page."""

    @wraps(page)
    def answer(request: HttpRequest, **where: Any) -> HttpResponseBase:
        told = page(request, **where)
        if told.status_code != 400:
            return told
        told = told if _reads_pages(request) else _refused(request)
        patch_vary_headers(told, ["Accept"])
        return told

    return answer


@access(anyone)
@problems_for_programs
@asking(DayQuestion)
def asked_zip(request: HttpRequest, question: Question) -> HttpResponseBase:
    """A zip built now, of today or of the day asked for; 429 or 503 when it cannot be now."""
    day, now = question.cleaned_data["as_of"], timezone.now()
    state = stamp(request, now).etag.strip('"')[:16]
    try:
        one = on_request.zip_of(day, now=now, state=state, client=client_of(request))
    except (on_request.Later, bulk.NeverStill) as later:
        return _later(request, later)
    return _given(request, one, one.name.replace(".zip", "-asked.zip"))


def _reads_pages(request: HttpRequest) -> bool:
    """Would the client rather have a page? Programs, which accept anything, would not."""
    return request.get_preferred_type([PROBLEM, PAGE]) == PAGE


def _refused(request: HttpRequest) -> HttpResponse:
    """What is wrong with the parameters, as the API says it."""
    try:
        read(request.GET, own={"as_of"})
    except Refused as refused:
        return problem(refused.status, refused.faults)
    return problem(400, [Fault("as_of", "out_of_range", "as_of is a day that has come.")])


def _later(request: HttpRequest, later: Exception) -> HttpResponse:
    """When to come again."""
    status, seconds = getattr(later, "status", 503), getattr(later, "seconds", 10)
    if _reads_pages(request):
        context = {"status": status, "minutes": -(-seconds // 60)}
        answer = render(request, "reporting/zip_later.html", context, status=status)
    else:
        answer = problem(status, [Fault(None, HTTPStatus(status).name.lower(), LATER[status])])
    answer["Retry-After"] = str(seconds)
    patch_vary_headers(answer, ["Accept"])
    return answer


def _given(request: HttpRequest, one: bulk.Kept, name: str) -> HttpResponseBase:
    """The file with its digest, or 304 where the client holds it."""
    etag = f'"{one.sha256}"'
    changed = int(one.path.stat().st_mtime)
    if (early := get_conditional_response(request, etag, changed)) is not None:
        early["ETag"] = etag
        return _readable_from_any_site(early)
    answer = FileResponse(one.path.open("rb"), as_attachment=True, filename=name)
    answer["ETag"] = etag
    digest = b64encode(bytes.fromhex(one.sha256)).decode()
    answer["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530
    if one.path.name.startswith(bulk.SYNTHETIC):
        answer["X-Data"] = "synthetic"
    return _readable_from_any_site(answer)


def _readable_from_any_site(answer: HttpResponseBase) -> HttpResponseBase:
    """As the API is, in English too: a notebook that runs in a browser fetches the zip as well."""
    answer["Content-Language"] = "en"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Repr-Digest, X-Data, Content-Disposition"
    return answer

"""What happens to every request before a view sees it, and to every answer after."""

import contextlib
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property

from alliance import errors
from members import languages, proof

log = structlog.get_logger("alliance.requests")
BLOCK = 64 * 1024
DRAINED_BYTES, DRAINED_SECONDS = 100 * 1024 * 1024, 20
Answer = Callable[[HttpRequest], HttpResponseBase]


class LogRequests:
    """One line for each request of a page; it names the route, for a path may hold a token.

    Every line that is written on the way carries the same `request_id`, and so do those of the
    tasks that it queues. The number is ours: one that a client sends could forge a trail.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=uuid4().hex):
            response = self.get_response(request)
            if not request.path_info.startswith(settings.STATIC_URL):
                self.tell(request, response, began)
        return response

    def tell(self, request: HttpRequest, response: HttpResponseBase, began: float) -> None:
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.monotonic() - began) * 1000),
        )


class ProblemsUnderApi:
    """Turns every error under /api/ that is not yet problem+json into it, unrouted ones too.

    Whatever is answered there may be read from any site, a redirect to the slash included.
    """

    kept = ("Allow", "Retry-After", "WWW-Authenticate")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not errors.is_api(request):
            return response
        if response.status_code >= 400 and not _kind(response).startswith(errors.PROBLEM):
            response = self.as_problem(response)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def as_problem(self, response: HttpResponseBase) -> HttpResponseBase:
        answer = errors.as_problem(response.status_code)
        for name in self.kept:
            if name in response.headers:
                answer[name] = response[name]
        return answer


class CompressApi(GZipMiddleware):
    """The API and the feed in gzip for who takes it: they hold no secret that a length could tell.

    Nothing random is added, so the same request gives the same bytes. What is compressed already
    stays as it is. The language is always English, so only the encoding makes answers differ.
    """

    max_random_bytes = 0
    opened = (errors.API, "/feeds/")
    packed = ("application/zip", "application/vnd.openxmlformats")

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if not request.path_info.startswith(self.opened):
            return response
        response["Vary"] = "Accept-Encoding"
        if _refuses_gzip(request) or _kind(response).startswith(self.packed):
            return response
        return super().process_response(request, response)


class CompressPages:
    """Pages in gzip for who takes it: many are read, and answered, over a poor line.

    Their length tells nobody a token of a form, which is masked anew in every page. Pages of who
    is signed in carry Django's random bytes besides; those of visitors are the same bytes each
    time. docs/decisions/pages-in-gzip.md
    """

    class _Alike(GZipMiddleware):
        max_random_bytes = 0

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.alike, self.personal = self._Alike(get_response), GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not _kind(response).startswith("text/html") or _refuses_gzip(request):
            return response
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES
        packer = self.personal if is_personal else self.alike
        return packer.process_response(request, response)


def _kind(response: HttpResponseBase) -> str:
    return response.headers.get("Content-Type", "")


def _refuses_gzip(request: HttpRequest) -> bool:
    asked = request.headers.get("Accept-Encoding", "")
    return bool(re.search(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)", asked))


class SpeakToReaders:
    """The language of a page: what its address asks for (?lang=ar), else the reader's choice in
    its cookie, else the browser's, else English.

    An address that asks for one can be shared, and whoever comes by it goes on in that language.
    What programs read (API, feeds, calendars, files) is in English, the same for everyone; a
    person's own calendar knows its reader. Stands before whatever may answer with a page.
    """

    programs = ("/api/", "/feeds/", settings.STATIC_URL)

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(self.programs) or request.path_info.endswith(".ics"):
            translation.activate(settings.LANGUAGE_CODE)
            return self.get_response(request)
        asked = languages.asked_of(request)
        spoken = asked or translation.get_language_from_request(request)
        translation.activate(spoken)
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", spoken)
        if asked and request.method in ("GET", "HEAD"):
            self.go_on(request, response, asked)
        return response

    def go_on(self, request: HttpRequest, response: HttpResponseBase, language: str) -> None:
        """The next pages too, unless a link from elsewhere would change what the reader chose.

        An answer that sets a cookie is for this reader alone, whatever caches may keep otherwise.
        """
        place = response.headers.get("Location", "")
        if place.startswith("/"):
            response["Location"] = languages.asking_for(place, language)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        is_our_link = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if chosen != language and (is_our_link or not chosen):
            languages.keep(response, language)
            response["Cache-Control"] = "private, no-store"


class RefuseMalformedRequests:
    """400 for a foreign host and for bytes that are no text, 411 and 413 for unwelcome bodies."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # raises DisallowedHost
        if request.headers.get("Transfer-Encoding"):  # Django would take it for an empty body
            _throw_away_body(request, DRAINED_BYTES)
            return errors.no_length(request)
        length = _length(request.META.get("CONTENT_LENGTH") or "0")
        if length > settings.BODY_LIMIT:
            _throw_away_body(request, length)
            return errors.too_large(request)
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        # Django leaves a percent sign in the path where the bytes are not UTF-8; ours have none.
        named_by_the_api = errors.is_api(request)  # it says which parameter is malformed
        if "\0" in request.path_info or "%" in request.path_info:
            raise BadRequest("The path holds NUL or bytes that are not UTF-8.")
        if not named_by_the_api and not _is_text(query):
            return errors.malformed_query(request, _malformed(request.META["QUERY_STRING"]))
        return self.get_response(request)


class ContentPolicy(CSPMiddleware):
    """The library's content policy with its directives in one order; theirs is that of a set.

    Two processes would otherwise send two headers for one page, and caches would see a change.
    The usual policy is made once; only an answer with a wish of its own asks the library again.
    """

    own = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt", "_csp_nonce")

    @cached_property
    def usual(self) -> str:
        return _in_one_order(build_policy())

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if not (
            settings.DEBUG or any(hasattr(o, n) for o in (request, response) for n in self.own)
        ):
            response.headers.setdefault(HEADER, self.usual)
            return response
        response = super().process_response(request, response)
        if policy := response.headers.get(HEADER):
            response[HEADER] = _in_one_order(policy)
        return response


def _in_one_order(policy: str) -> str:
    return "; ".join(sorted(policy.split("; ")))


class RefuseWrongMethods:
    """405 for a page that is only read, before anyone asks a form's token of what was sent."""

    reads = ("GET", "HEAD")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if getattr(view, "only_read", False) and request.method not in self.reads:
            return HttpResponseNotAllowed(self.reads)
        return None


def _length(said: str) -> int:
    if not (said.isascii() and said.isdigit()):
        raise BadRequest("Content-Length is no number.")
    return int(said)


def _malformed(query: str) -> list[str]:
    """The names of the parameters that hold something else than text; only names that are words."""
    parts = [unquote_to_bytes(part) for part in query.encode("latin-1", "replace").split(b"&")]
    named = [part.partition(b"=")[0] for part in parts if not _is_text(part)]
    return [name.decode() for name in named if name.replace(b"_", b"").isalnum()]


def _throw_away_body(request: HttpRequest, length: int) -> None:
    """Takes a refused body off the wire, block by block and within bounds, keeping none of it.

    A sender who is cut off in mid-sentence would never see our answer.
    """
    end, left = time.monotonic() + DRAINED_SECONDS, min(length, DRAINED_BYTES)
    # A body that breaks off, or whose pieces have no size, is told by an error of the server's own.
    with contextlib.suppress(Exception):
        while left > 0 and time.monotonic() < end:
            block = request.META["wsgi.input"].read(min(left, BLOCK))
            if not block:
                break
            left -= len(block)


def _is_text(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode()
    except UnicodeDecodeError:
        return False


class EndLongSessions:
    """Signs people out some time after they last proved who they are, and after a pause of theirs.

    When the session was last used is written down once a minute, and so is a minute off at most.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = timezone.now()
            proof.begin_session(request, at=now)
            ends = proof.session_ends(request)
            if ends and now > ends:
                # Told on, so that what is posted now is kept for this person and nobody else.
                request.was_signed_in = request.user.pk  # type: ignore[attr-defined]
                logout(request)
            else:
                proof.use_session(request, at=now)
        return self.get_response(request)

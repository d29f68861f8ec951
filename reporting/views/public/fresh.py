"""Public pages as caches may keep them: a visitor's, until anything public changes."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from members.api.freshness import stamp

Page = Callable[..., HttpResponse]
PERSONAL = "private, no-store"
LARGEST = 300_000  # bytes


def fresh(page: Page) -> Page:
    """The page with the ETag and Last-Modified of all that is public, in the language read.

    Who holds it gets 304 before anything else is read; others get it as the last visitor did.
    Whoever has a session, or a message waiting, gets a page of their own that nobody keeps; errors
    carry no stamp.
    docs/decisions/public-pages-in-caches.md says why.
    """

    @wraps(page)
    def answer(request: HttpRequest, **where: str) -> HttpResponse:
        if _is_personal(request):
            mine = page(request, **where)
            mine["Cache-Control"] = PERSONAL
            return mine
        language = [get_language() or "", *settings.UNREVIEWED_LANGUAGES]
        now = stamp(request, timezone.now(), " ".join(language))
        if now.is_held_by(request):
            return _for_each_language(now.not_modified())
        made = _kept(now.etag) or _keep(now.etag, page(request, **where))
        if made.status_code != 200 or made.cookies:
            return made
        return _for_each_language(now.conditional(request) or now.on(made))

    return answer


def _kept(etag: str) -> HttpResponse | None:
    """The page that this process made for an earlier visitor under the same stamp."""
    found = caches["pages"].get(etag)
    return HttpResponse(found[1], headers=found[0]) if found else None


def _keep(etag: str, made: HttpResponse) -> HttpResponse:
    """The page itself, kept for the next visitor: whole pages alone, of a usual size."""
    whole = made.status_code == 200 and not made.cookies and not made.streaming
    if whole and len(made.content) <= LARGEST:
        caches["pages"].set(etag, (dict(made.headers), made.content))
    return made


def _is_personal(request: HttpRequest) -> bool:
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}.isdisjoint(request.COOKIES)


def _for_each_language(made: HttpResponse) -> HttpResponse:
    patch_vary_headers(made, ["Accept-Language", "Cookie"])
    return made

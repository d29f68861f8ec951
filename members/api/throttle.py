"""How often one client may ask: a wide limit, counted in each process."""

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle


class PerMinute(BaseThrottle):
    """At most `API_REQUESTS_PER_MINUTE` requests of one client in a minute; 0 lifts the limit.

    A token is a client of its own and may ask `API_TOKEN_REQUESTS_PER_MINUTE` times.
    """

    def allow_request(self, request: Request, view: object) -> bool:
        who, limit = client_of(request), settings.API_REQUESTS_PER_MINUTE
        if request.auth is not None:
            who, limit = f"token-{request.auth.pk}", settings.API_TOKEN_REQUESTS_PER_MINUTE
        if not limit:
            return True
        key = f"api:{who}:{int(time.time()) // 60}"
        counter = caches["process"]
        counter.add(key, 0, timeout=120)
        try:
            asked = counter.incr(key)
        except ValueError:  # pushed out between the two calls
            asked = 1
        self.limit, self.left = limit, max(limit - asked, 0)
        return asked <= limit

    limit = 0
    left: int | None = None

    def told(self) -> dict[str, str]:
        """The limit and what is left, as headers of draft-ietf-httpapi-ratelimit-headers."""
        if self.left is None:
            return {}
        policy = f'"minute";q={self.limit};w=60'
        return {"RateLimit-Policy": policy, "RateLimit": f'"minute";r={self.left};t={self.wait()}'}

    def wait(self) -> int:
        """Seconds until the next minute begins."""
        return 60 - int(time.time()) % 60


def client_of(request: HttpRequest | Request) -> str:
    """The client's address. A forwarded one counts only from as many proxies as are trusted."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if trusted and len(named) >= trusted and named[-trusted]:
        return named[-trusted]
    return request.META.get("REMOTE_ADDR", "")

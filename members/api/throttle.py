"""How often one client may ask: a wide limit, counted in each process."""

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle


class PerMinute(BaseThrottle):
    """At most `API_REQUESTS_PER_MINUTE` requests of one client in a minute; 0 lifts the limit."""

    def allow_request(self, request: HttpRequest, view: object) -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        if not limit:
            return True
        key = f"api:{client_of(request)}:{int(time.time()) // 60}"
        counter = caches["process"]
        counter.add(key, 0, timeout=120)
        try:
            return counter.incr(key) <= limit
        except ValueError:  # pushed out between the two calls
            return True

    def wait(self) -> int:
        """Seconds until the next minute begins."""
        return 60 - int(time.time()) % 60


def client_of(request: HttpRequest) -> str:
    """The client's address. A forwarded one counts only from as many proxies as are trusted."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if trusted and len(named) >= trusted and named[-trusted]:
        return named[-trusted]
    return request.META.get("REMOTE_ADDR", "")

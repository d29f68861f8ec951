"""Whose program asks: a token in the header `Authorization`, and nowhere else.

Nobody needs one. A token that is given and is no good is refused, so that its holder notices, and
after some in a minute all that come from that address are. docs/decisions/api-tokens.md says more.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from .. import rules
from ..actions import hash_of, use_token
from ..models import ApiToken, User
from .throttle import client_of

WRONG_PER_MINUTE = 20
REALM = 'Bearer realm="api"'


class BearerToken(BaseAuthentication):
    """The person and the token of a request that carries one; None for any other request."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        _refuse_guessing(request)
        now = timezone.now()
        held = ApiToken.objects.select_related("user").filter(secret_hash=hash_of(secret.strip()))
        token = held.first()
        if token is None or token.state_at(now) != "open" or not _is_served(token.user):
            _count_wrong(request)
            raise AuthenticationFailed("This token is unknown, expired, revoked, or at rest.")
        use_token(token, at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{REALM}, error="invalid_token"'


def _is_served(person: Any) -> bool:
    """Whether the person may hold tokens now; one of the demonstration only where there is one."""
    return rules.may_hold_tokens(person) and (settings.DEMO or not person.is_demonstration)


def _key(request: Request) -> str:
    return f"wrong-token:{client_of(request)}:{int(time.time()) // 60}"


def _refuse_guessing(request: Request) -> None:
    if caches["default"].get(_key(request), 0) >= WRONG_PER_MINUTE:
        raise Throttled(wait=60 - int(time.time()) % 60)


def _count_wrong(request: Request) -> None:
    counter, key = caches["default"], _key(request)
    if not counter.add(key, 1, timeout=120):
        counter.incr(key)

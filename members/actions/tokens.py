"""Tokens of the API: made and revoked by their person, revoked by the secretariat, used."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from .. import rules
from ..events import record
from ..models import ApiToken, User
from .people import CHAIN, Closed, hash_of

MARK = "act_"  # so that a token which has leaked can be found by its look
MOST = 5
USED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def make_token(
    name: str, scope: str, days: int, *, by: User, at: dt.datetime
) -> tuple[ApiToken, str]:
    """A new token of this person and its secret, told this once; it expires after so many days.

    Raises Closed: "named" where the person has one of this name, "full" where it has MOST already;
    those that were revoked do not count, nor do expired ones against MOST.
    """
    if not rules.may_hold_tokens(by):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    kept = ApiToken.objects.filter(user=by, revoked_at__isnull=True)
    if kept.filter(name=name).exists():
        raise Closed("named")
    if kept.filter(expires_at__gt=at).count() >= MOST:
        raise Closed("full")
    prefix = MARK + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    life = {"made_at": at, "expires_at": at + dt.timedelta(days=days)}
    facts = {"name": name, "scope": scope, "prefix": prefix, "secret_hash": hash_of(secret)}
    token = ApiToken.objects.create(user=by, **facts, **life)
    _record("API token made", token, by=by, at=at)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: dt.datetime) -> ApiToken:
    """The token, which opens nothing from now on. Revoking twice changes nothing."""
    if not (by.pk == token.user_id or rules.manages_people(by)):
        raise PermissionDenied
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record("API token revoked", token, by=by, at=at)
    return token


@transaction.atomic
def revoke_tokens(user: User, *, by: User, at: dt.datetime) -> int:
    """How many tokens of this person were open and are revoked."""
    held = list(ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=at))
    for token in held:
        revoke_token(token, by=by, at=at)
    return len(held)


def use_token(token: ApiToken, *, at: dt.datetime) -> None:
    """Keeps when the token was last used, to the hour: not every request writes a row."""
    if token.used_at is None or at - token.used_at >= USED_EVERY:
        before = Q(used_at__isnull=True) | Q(used_at__lte=at - USED_EVERY)
        ApiToken.objects.filter(before, pk=token.pk).update(used_at=at)


def _record(verb: str, token: ApiToken, *, by: User, at: dt.datetime) -> None:
    """The event; the token's name is its person's text and stands in the row alone."""
    facts = {"person": token.user_id, "scope": token.scope, "expires": f"{token.expires_at:%F}"}
    record(verb, by=by, about=f"token:{token.prefix}", chain=CHAIN, at=at, **facts)

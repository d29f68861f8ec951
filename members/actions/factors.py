"""What is done about a person's second factor and sessions, and recorded of it."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction

from .. import emails, rules
from ..events import record
from ..models import Event, User
from .people import CHAIN


def record_factor(verb: str, *, by: User, way: str, at: dt.datetime) -> Event:
    """The event that a person set up, or removed, an app or a passkey (`way`)."""
    return record(verb, by=by, about=f"person:{by.pk}", chain=CHAIN, at=at, way=way)


@transaction.atomic
def take_factors(user: User, *, by: User, at: dt.datetime) -> User:
    """The person without app, passkeys and recovery codes, which were lost; signed out everywhere.

    At the next sign-in a writer sets up a new one before anything else. Nobody does this to
    oneself: a person who still has the factor removes it in the account.
    """
    if not rules.administers(by) or by.pk == user.pk or user.is_demonstration:
        raise PermissionDenied
    taken = Authenticator.objects.filter(user=user).delete()[0]
    if taken:
        about = f"person:{user.pk}"
        record("second factor taken", by=by, about=about, chain=CHAIN, at=at, number=taken)
        emails.tell_factor_taken(user)
    end_sessions(user, by=by, at=at)
    return user


@transaction.atomic
def end_sessions(user: User, *, by: User, at: dt.datetime, but: str = "") -> int:
    """How many sessions of this person were ended, at once; `but` is the key of one that stays."""
    if not (rules.manages_people(by) or by.pk == user.pk):
        raise PermissionDenied
    ended = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in ended:
        session.end()
    if ended:
        about = f"person:{user.pk}"
        record("sessions ended", by=by, about=about, chain=CHAIN, at=at, number=len(ended))
    return len(ended)

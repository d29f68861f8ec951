"""What is done to people: invited, given a role, freed of one, disabled.

Each action asks its rule, locks what it changes, writes, records an event in the chain
`accounts`, and queues the mail that tells of it, all in one transaction. `by` is who does it.
"""

import datetime as dt
import hashlib
import secrets
from collections import Counter
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from .. import emails, languages, rules
from ..events import record
from ..models import CalendarKey, Invitation, Member, Role, User

CHAIN = "accounts"
LIFE_OF_AN_INVITATION = dt.timedelta(days=7)


class Closed(Exception):
    """The moment for this has passed; `state` says why (accepted, revoked, expired, disabled)."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def invite(
    email: str,
    kind: str,
    member: Member | None,
    *,
    by: User,
    at: dt.datetime,
    language: str = "",
    **letter: Any,
) -> Invitation:
    """A new invitation for this address, mailed with its secret; only the hash is kept here.

    Its mail is in `language`; where none is told, in that of most who act for the member. To a
    person with an account it is in its own. `letter` says on whose letter: `nominated_by`,
    `nominated_on` and its reference, `nomination`.
    """
    _demand(rules.can_give(by, kind, member))
    told = {"language": language or language_among(member, at.date()), **letter}
    offer = Invitation(email=email.lower(), kind=kind, member=member, **told)
    return _send_first(offer, by=by, at=at)


def language_among(member: Member | None, day: dt.date) -> str:
    """The language of most who act for the member; the site's first where nobody does."""
    held = Role.objects.in_force(day).filter(member=member, user__is_active=True)
    spoken = Counter(languages.language_of(role.user) for role in held.select_related("user"))
    found = spoken.most_common(1) if member else []
    return found[0][0] if found else settings.LANGUAGE_CODE


@transaction.atomic
def invite_administrator(email: str, *, at: dt.datetime) -> Invitation:
    """The invitation of an administrator by whoever runs the server, for a site without one.

    Raises Closed("administered") where an administrator can sign in: that person invites.
    """
    there = Role.objects.in_force(at.date()).filter(kind=Role.Kind.ADMINISTRATOR)
    if there.filter(user__is_active=True, user__is_demonstration=False).exists():
        raise Closed("administered")
    offer = Invitation(email=email.lower(), kind=Role.Kind.ADMINISTRATOR)
    return _send_first(offer, by=None, at=at)


def _send_first(offer: Invitation, *, by: User | None, at: dt.datetime) -> Invitation:
    secret = secrets.token_urlsafe(32)
    offer.secret_hash = hash_of(secret)
    offer.invited_by, offer.invited_at = by, at
    offer.expires_at = at + LIFE_OF_AN_INVITATION
    offer.save(force_insert=True)
    _record("invited", offer, by=by, at=at)
    emails.send_invitation(offer, secret)
    return offer


@transaction.atomic
def resend(invitation: Invitation, *, by: User, at: dt.datetime) -> Invitation:
    """The invitation with a new secret and seven new days; the link sent before is dead."""
    invitation = _locked(invitation)
    _demand(rules.can_give(by, invitation.kind, invitation.member))
    if invitation.state_at(at) not in ("open", "expired"):
        raise Closed(invitation.state_at(at))
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = hash_of(secret)
    invitation.expires_at = at + LIFE_OF_AN_INVITATION
    invitation.save(update_fields=["secret_hash", "expires_at"])
    _record("invited again", invitation, by=by, at=at)
    emails.send_invitation(invitation, secret)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, at: dt.datetime) -> Invitation:
    """The invitation, which opens nothing any more. Revoking twice changes nothing."""
    invitation = _locked(invitation)
    _demand(rules.can_give(by, invitation.kind, invitation.member))
    if invitation.accepted_at:
        raise Closed("accepted")
    if not invitation.revoked_at:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        _record("invitation revoked", invitation, by=by, at=at)
    return invitation


@transaction.atomic
def join(invitation: Invitation, *, password: str, at: dt.datetime, **facts: Any) -> User:
    """A new person with the invited address, who has accepted; `facts`: name, language, zone.

    The caller has the password validated. Following the link has proven the address.
    """
    invitation = _open(invitation, at)
    user = User.objects.create_user(invitation.email, password, joined_at=at, **facts)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    accept_invitation(invitation, by=user, at=at)
    return user


def speak(language: str, *, by: User) -> None:
    """The person's pages and mails are in this language from now on."""
    User.objects.filter(pk=by.pk).update(language=language)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User, at: dt.datetime) -> Role:
    """The role that was offered, in force from today; the invitation is used up."""
    invitation = _open(invitation, at)
    _demand(rules.can_take_up(by, invitation))
    role = _open_role(by, invitation.kind, invitation.member, at.date())
    invitation.accepted_by, invitation.accepted_at = by, at
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    _record("invitation accepted", invitation, by=by, at=at)
    emails.tell_inviter(invitation)
    return role


@transaction.atomic
def give_role(user: User, kind: str, member: Member | None, *, by: User, at: dt.datetime) -> Role:
    """A role of this person from today; the same one again is left as it is."""
    _demand(rules.can_give(by, kind, member))
    role = _open_role(user, kind, member, at.date())
    record("role given", by=by, about=f"person:{user.pk}", chain=CHAIN, at=at, **_facts(role))
    emails.tell_role_given(role)
    return role


def open_focal_point(user: User, member: Member, *, by: User, at: dt.datetime) -> Role:
    """The role of focal point from today; the caller, `pass_on`, has asked who may give it."""
    role = _open_role(user, Role.Kind.FOCAL_POINT, member, at.date())
    record("role given", by=by, about=f"person:{user.pk}", chain=CHAIN, at=at, **_facts(role))
    emails.tell_role_given(role)
    return role


@transaction.atomic
def end_role(role: Role, *, by: User, at: dt.datetime) -> Role:
    """The role, over as of today. Refused for the last one of those `rules.can_end` protects."""
    alike = Role.objects.select_for_update(of=("self",)).in_force(at.date())
    alike = alike.filter(kind=role.kind, member=role.member, user__is_active=True)
    others = sum(1 for other in alike if other.user_id != role.user_id)
    _demand(rules.can_end(by, role, others))
    role.until = at.date()
    role.save(update_fields=["until"])
    about = f"person:{role.user_id}"
    record("role ended", by=by, about=about, chain=CHAIN, at=at, **_facts(role))
    emails.tell_role_ended(role)
    return role


@transaction.atomic
def disable(user: User, *, by: User, at: dt.datetime) -> User:
    """The person, who is out at the next request and cannot sign in. Nobody disables oneself."""
    _demand(rules.administers(by) and by.pk != user.pk)
    from .tokens import revoke_tokens  # it needs this module

    revoke_tokens(user, by=by, at=at)
    return _set_active(user, False, "disabled", by=by, at=at)


@transaction.atomic
def enable(user: User, *, by: User, at: dt.datetime) -> User:
    """The person, who may sign in again, with the roles that are still in force."""
    _demand(rules.administers(by))
    return _set_active(user, True, "enabled", by=by, at=at)


@transaction.atomic
def make_calendar_key(*, by: User, at: dt.datetime) -> str:
    """The secret of the person's calendar, told this once; one made before opens nothing more."""
    secret = secrets.token_urlsafe(32)
    facts = {"secret_hash": hash_of(secret), "made_at": at}
    CalendarKey.objects.update_or_create(user=by, defaults=facts)
    record("calendar opened", by=by, about=f"person:{by.pk}", chain=CHAIN, at=at)
    return secret


@transaction.atomic
def revoke_calendar_key(*, by: User, at: dt.datetime) -> None:
    """Closes the person's calendar at once. Revoking twice changes nothing."""
    if CalendarKey.objects.filter(user=by).delete()[0]:
        record("calendar closed", by=by, about=f"person:{by.pk}", chain=CHAIN, at=at)


def _set_active(user: User, active: bool, verb: str, *, by: User, at: dt.datetime) -> User:
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(verb, by=by, about=f"person:{user.pk}", chain=CHAIN, at=at)
    return user


def _open_role(user: User, kind: str, member: Member | None, day: dt.date) -> Role:
    user.__dict__.pop("roles_now", None)  # asked again after the change
    facts = {"user": user, "kind": kind, "member": member}
    return Role.objects.get_or_create(**facts, until=None, defaults={"since": day})[0]


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("member")
    return rows.get(pk=invitation.pk)


def _open(invitation: Invitation, at: dt.datetime) -> Invitation:
    invitation = _locked(invitation)
    if (state := invitation.state_at(at)) != "open":
        raise Closed(state)
    return invitation


def _demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _facts(row: Role | Invitation) -> dict[str, str]:
    return {"kind": row.kind, "member": row.member.code if row.member else ""}


def _record(verb: str, invitation: Invitation, *, by: User | None, at: dt.datetime) -> None:
    about = f"invitation:{invitation.pk}"
    record(verb, by=by, about=about, chain=CHAIN, at=at, **_facts(invitation))


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()

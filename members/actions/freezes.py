"""Freezing a member: while it lasts nobody of it writes, whatever their roles."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from .. import emails, rules
from ..events import record
from ..models import Freeze, Member, User
from .people import CHAIN, Closed


@transaction.atomic
def freeze(member: Member, because: str, *, by: User, at: dt.datetime) -> Freeze:
    """The freeze of this member, at once: at their next request its people's roles rest.

    Its people are told by mail, without the reason. Raises Closed("frozen") for one that is.
    """
    if not rules.manages_people(by):
        raise PermissionDenied
    Member.objects.select_for_update().get(pk=member.pk)
    if Freeze.objects.filter(member=member, until__isnull=True).exists():
        raise Closed("frozen")
    made = Freeze.objects.create(member=member, because=because, by=by, since=at)
    record("member frozen", by=by, about=f"member:{member.code}", chain=CHAIN, at=at)
    emails.tell_frozen(member, at=at)
    return made


@transaction.atomic
def unfreeze(freeze: Freeze, *, by: User, at: dt.datetime) -> Freeze:
    """The freeze, over: the roles of the member's people hold again. Twice changes nothing."""
    if not rules.manages_people(by):
        raise PermissionDenied
    freeze = (
        Freeze.objects.select_for_update(of=("self",)).select_related("member").get(pk=freeze.pk)
    )
    if freeze.until is None:
        freeze.until, freeze.lifted_by = at, by
        freeze.save(update_fields=["until", "lifted_by"])
        about = f"member:{freeze.member.code}"
        record("member unfrozen", by=by, about=about, chain=CHAIN, at=at)
        emails.tell_unfrozen(freeze.member, at=at)
    return freeze

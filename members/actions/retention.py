"""Contact data is kept as long as it is needed, and then removed."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ..events import record
from ..models import ApiToken, CalendarKey, Invitation, Message, User
from .people import CHAIN

GONE = "removed.invalid"  # a domain that no mail ever reaches (RFC 2606)
SPENT = (Message.State.SENT, Message.State.DEAD, Message.State.DROPPED)


def remove_contact_data(*, at: dt.datetime) -> int:
    """How many people and unanswered invitations lost name and address, for they were not needed.

    A person's go once no role was in force for CONTACT_DATA_DAYS, an invitation's so long after it
    expired. What they did stays under their number; what they wrote for a member is the member's.
    """
    day = at.date() - dt.timedelta(days=settings.CONTACT_DATA_DAYS)
    before = at - dt.timedelta(days=settings.CONTACT_DATA_DAYS)
    people = User.objects.served_nobody_since(day).filter(joined_at__lt=before)
    needless = list(people.exclude(email__endswith=GONE))
    for person in needless:
        _forget_person(person, at=at)
    offers = Invitation.objects.filter(accepted_at__isnull=True, expires_at__lt=before)
    stale = list(offers.exclude(email__endswith=GONE))
    for offer in stale:
        _forget_offer(offer)
    return len(needless) + len(stale)


@transaction.atomic
def _forget_person(person: User, *, at: dt.datetime) -> None:
    address, person.email = person.email, f"person-{person.pk}@{GONE}"
    person.name, person.is_active = "", False
    person.set_unusable_password()
    person.save(update_fields=["email", "name", "is_active", "password"])
    for session in UserSession.objects.filter(user=person):
        session.end()
    for kept in (EmailAddress, Authenticator, CalendarKey, ApiToken):
        kept.objects.filter(user=person).delete()
    Invitation.objects.filter(email=address).update(email=person.email)
    mails = Message.objects.filter(Q(to=address) | Q(person=person), state__in=SPENT)
    mails.update(to=person.email, body="")
    about = f"person:{person.pk}"
    record("contact data removed", by=None, about=about, chain=CHAIN, at=at)


@transaction.atomic
def _forget_offer(offer: Invitation) -> None:
    gone = f"invitation-{offer.pk}@{GONE}"
    Message.objects.filter(to=offer.email, state__in=SPENT, person=None).update(to=gone, body="")
    Invitation.objects.filter(pk=offer.pk).update(email=gone)

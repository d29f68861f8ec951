"""Mails about accounts. Their links start with SITE_URL, whoever asked and however."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import outbox
from .languages import asking_for, language_of, said
from .models import Invitation, Member, Message, Role, User


def send_invitation(invitation: Invitation, secret: str) -> Message:
    """Queues the invitation's mail, the only place where its secret is ever written."""
    person = User.objects.filter(email=invitation.email).first()
    page = reverse("invitation", args=[secret])
    spoken = language_of(person) if person else invitation.language
    if spoken != settings.LANGUAGE_CODE:
        page = asking_for(page, spoken)
    link = settings.SITE_URL + page
    letter = ("invitation", _("Invitation"), invitation, invitation.email, person)
    return _send(*letter, link=link, language=spoken)


def tell_inviter(invitation: Invitation) -> Message | None:
    """Queues the news that an invitation was accepted, for the person who sent it, if one did."""
    inviter = invitation.invited_by
    if inviter is None:
        return None
    subject = _("Invitation accepted")
    return _send("invitation_accepted", subject, invitation, inviter.email, inviter)


def tell_role_given(role: Role) -> Message:
    """Queues the news of a new role, for the person who has it."""
    subject, link = _("You have a new role"), settings.SITE_URL
    return _send("role_given", subject, role, role.user.email, role.user, link=link)


def tell_role_ended(role: Role) -> Message:
    """Queues the news that a role has ended, for the person who had it."""
    return _send("role_ended", _("Your role has ended"), role, role.user.email, role.user)


def tell_factor_taken(person: User) -> Message:
    """Queues the news that the secretariat removed a person's second factor."""
    with translation.override(language_of(person)):
        facts = {"link": settings.SITE_URL}
        return outbox.queue(
            kind=Message.Kind.ACCOUNT,
            to=person.email,
            subject=gettext("Your second factor was removed"),
            body=render_to_string("mail/factor_taken.txt", facts),
            person=person,
            language=language_of(person),
            about=f"user:{person.pk}",
        )


def tell_frozen(member: Member, *, at: dt.datetime) -> None:
    """Queues the news for the people of a member that they cannot write for now."""
    _tell_people("frozen", _("Your access is frozen"), member, at)


def tell_unfrozen(member: Member, *, at: dt.datetime) -> None:
    """Queues the news for the people of a member that they can write again."""
    _tell_people("unfrozen", _("Your access is open again"), member, at)


def _tell_people(name: str, subject: Any, member: Member, at: dt.datetime) -> None:
    held = Role.objects.in_force(at.date()).filter(member=member, user__is_active=True)
    named = Member.objects.named(at.date()).get(pk=member.pk).display_name
    for person in User.objects.filter(pk__in=held.values("user")):
        with translation.override(language_of(person)):
            outbox.queue(
                kind=Message.Kind.ACCOUNT,
                to=person.email,
                subject=str(subject),
                body=render_to_string(f"mail/{name}.txt", {"name": said(named)}),
                person=person,
                language=language_of(person),
                about=f"member:{member.code}",
            )


def words(row: Role | Invitation) -> str:
    """The role in words, short, for lists: "focal point for ALB", "reviewer"."""
    kind = str(Role.Kind(row.kind).label)
    if not row.member:
        return kind
    return gettext("%(kind)s for %(code)s") % {"kind": kind, "code": row.member.code}


def words_in_full(row: Role | Invitation) -> str:
    """The role with the member's name: "focal point for Denmark (DNK)", "reviewer"."""
    if not row.member:
        return words(row)
    member = Member.objects.named(dt.datetime.now(dt.UTC).date()).get(pk=row.member.pk)
    facts = {"name": said(member.display_name), "code": member.code}
    return gettext("%(kind)s for %(name)s (%(code)s)") % {
        "kind": Role.Kind(row.kind).label,
        **facts,
    }


def _send(
    name: str,
    subject: Any,
    row: Role | Invitation,
    to: str,
    person: User | None,
    *,
    link: str = "",
    language: str = "",
) -> Message:
    language = language or language_of(person)
    with translation.override(language):
        facts = {"row": row, "what": words_in_full(row), "link": link}
        subject, body = str(subject), render_to_string(f"mail/{name}.txt", facts)
    return outbox.queue(
        kind=Message.Kind.ACCOUNT,
        to=to,
        subject=subject,
        body=body,
        person=person,
        language=language,
        about=f"{row._meta.model_name}:{row.pk}",
    )

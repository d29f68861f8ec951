"""The messages that a move sends: title, date and link, never a word of the report."""

import datetime as dt

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from members.models import Member, Message, Role, User
from members.outbox import queue

from ..models import Report


def speakers(member: Member) -> list[User]:
    """The focal points of a member who can be written to today."""
    today = dt.datetime.now(dt.UTC).date()
    held = Role.objects.in_force(today).filter(kind=Role.Kind.FOCAL_POINT, member=member)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("pk"))


def tell_of_report(report: Report, what: str | Promise, *, on: dt.date, note: str = "") -> None:
    """Queues a message to the member's focal points: what happened to their report, and when."""
    name = _name(report.member, on)
    for person in speakers(report.member):
        with translation.override(person.language):
            subject = _("Report %(cycle)s, %(member)s: %(what)s") % {
                "cycle": report.cycle.code,
                "member": name,
                "what": what,
            }
        link = f"{settings.SITE_URL}/reporting/{report.code}/"
        _send(person, subject, on, link, note, about=report.code, synthetic=report.synthetic)


def tell_of_round(
    member: Member,
    cycle: str,
    what: str | Promise,
    *,
    on: dt.date,
    note: str = "",
    synthetic: bool = False,
) -> None:
    """Queues a message to a member's focal points about its place in a round."""
    for person in speakers(member):
        with translation.override(person.language):
            subject = _("Round %(cycle)s: %(what)s") % {"cycle": cycle, "what": what}
        link = f"{settings.SITE_URL}/reporting/"
        about = f"{cycle}-{member.code}"
        _send(person, subject, on, link, note, about=about, synthetic=synthetic)


def _send(
    person: User,
    subject: str,
    on: dt.date,
    link: str,
    note: str,
    *,
    about: str,
    synthetic: bool,
) -> None:
    with translation.override(person.language):
        lines = [subject, date_format(on, "j F Y"), str(note), link]
    queue(
        kind=Message.Kind.WORKFLOW,
        to=person.email,
        subject=subject,
        body="\n\n".join(line for line in lines if line) + "\n",
        person=person,
        language=person.language,
        about=about,
        synthetic=synthetic,
    )


def _name(member: Member, on: dt.date) -> str:
    return Member.objects.named(on).get(pk=member.pk).display_name

"""The messages that a move sends: title, date and link, never a word of the report."""

import datetime as dt
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from members import languages
from members.languages import long_date
from members.models import Member, Message, Role, User
from members.outbox import queue

from .. import calendars, emails, rules
from ..models import Extension, Report
from ..rounds import given


def speakers(member: Member) -> list[User]:
    """The focal points of a member who can be written to today."""
    today = dt.datetime.now(dt.UTC).date()
    held = Role.objects.in_force(today).filter(kind=Role.Kind.FOCAL_POINT, member=member)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("pk"))


def tell_of_report(
    report: Report, what: str | Promise, *, on: dt.date, note: str | Promise = "", path: str = ""
) -> None:
    """Queues a message to the member's focal points: what happened to their report, and when.

    The link leads to `path`, where the next step is made; without it to the report's home.
    """
    people = speakers(report.member)
    if not people:
        return
    facts = {"about": _about(report, on), "on": on, "note": note}
    facts["path"] = path or f"/reporting/{report.code}/"
    for person in people:
        _send(person, what, facts, of=report.code, synthetic=report.synthetic)


def reviewers_of(report: Report) -> list[User]:
    """Who reviews the report and still may; where nobody does, everybody who may today."""
    own = report.reviewer
    if own and own.is_active and rules.can_review(own, report):
        return [own]
    today = dt.datetime.now(dt.UTC).date()
    held = Role.objects.in_force(today).filter(kind=Role.Kind.REVIEWER)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")
    return [person for person in people if rules.can_review(person, report)]


def tell_of_objection(report: Report, *, on: dt.date) -> None:
    """Tells the reviewers that the member says something is wrong with what would be published."""
    note = gettext_lazy(
        "What is wrong stands on the page of the report. It is not published before you have "
        "answered that, or returned the report."
    )
    facts = {"about": _about(report, on), "on": on, "note": note}
    facts["path"] = f"/secretariat/reports/{report.code}/"
    what = gettext_lazy("the member says that something is wrong")
    for person in reviewers_of(report):
        _send(person, what, facts, of=report.code, synthetic=report.synthetic)


def tell_of_entry(report: Report, *, on: dt.date, note: str | Promise) -> None:
    """Tells the focal points that the secretariat entered their report, and asks for their word.

    Where the member has none nobody is told; its pages and the secretariat's say that it waits.
    """
    words = gettext_lazy(
        "The secretariat entered the report that came {how} on {day}. Please look whether it is "
        "what you sent, and confirm it or say what is wrong. It is not accepted before that.\n"
        "{note}"
    )
    day = in_words(report.received_on or on)
    note = format_lazy(words, how=report.get_received_as_display(), day=day, note=note)
    path = f"/reporting/{report.code}/confirm/"
    tell_of_report(report, gettext_lazy("entered, please confirm"), on=on, note=note, path=path)


def tell_colleague(
    person: User, report: Report, what: str | Promise, *, on: dt.date, note: str | Promise = ""
) -> None:
    """Queues a message to one person of the member about its part in a report."""
    facts = {"about": _about(report, on), "on": on, "note": note}
    facts["path"] = f"/reporting/{report.code}/"
    _send(person, what, facts, of=report.code, synthetic=report.synthetic)


def tell_successor(
    person: User, member: Member, *, on: dt.date, asked: int, report: Report | None
) -> None:
    """Queues the news that a focal point's work is now the person's, with a link to the brief."""
    words = gettext_lazy("Questions that were asked of your predecessor and are now asked of you:")
    facts = {
        "about": _name(member, on),
        "on": on,
        "path": f"/reporting/{report.code}/brief/" if report else "/reporting/",
        "note": format_lazy("{words} {n}", words=words, n=asked),
    }
    synthetic = bool(report and report.synthetic)
    what = gettext_lazy("handed over to you")
    _send(person, what, facts, of=report.code if report else member.code, synthetic=synthetic)


def tell_of_round(
    member: Member,
    cycle: str,
    what: str | Promise,
    *,
    on: dt.date,
    note: str | Promise = "",
    page: str = "",
    due: Extension | None = None,
    synthetic: bool = False,
) -> None:
    """Queues a message to a member's focal points about its place in a round.

    It leads to their reports, or to one `page` of the report. With `due`, the day that was decided
    goes with it as a calendar entry; an excuse takes the entry out again where an earlier message
    brought one.
    """
    name = _name(member, on)
    about = format_lazy(gettext_lazy("Round {cycle}, {member}"), cycle=cycle, member=name)
    code = f"{cycle}-{member.code}"
    path = f"/reporting/{code}/{page}" if page else "/reporting/"
    facts = {"about": about, "on": on, "path": path, "note": note}
    of_it = Report.objects.filter(cycle__code=cycle, member=member, synthetic=True)
    synthetic = synthetic or of_it.exists()  # as its reminders are
    for person in speakers(member):
        told = due and (due.due_on or _has_entry(person, code))
        facts["due"] = _due(due, name) if due and told else None
        _send(person, what, facts, of=code, synthetic=synthetic)


def _has_entry(person: User, code: str) -> bool:
    """Whether a message with the due day of this report is, or may be, with the person."""
    held = Message.objects.filter(person=person, calendar__contains=calendars.due_key(code))
    return held.exclude(state__in=[Message.State.DEAD, Message.State.DROPPED]).exists()


def _send(
    person: User, what: str | Promise, facts: dict[str, Any], *, of: str, synthetic: bool
) -> None:
    synthetic = synthetic or person.is_demonstration
    letter = emails.notice(what, to=person, synthetic=synthetic, **facts)
    queue(
        kind=Message.Kind.WORKFLOW,
        to=person.email,
        subject=letter.subject,
        body=letter.body,
        calendar=letter.calendar,
        person=person,
        language=languages.language_of(person),
        about=of,
        synthetic=synthetic,
    )


def _due(extension: Extension, member: str) -> emails.Item:
    code = str(extension)
    sequence = extension.cycle.sequence + extension.sequence
    cycle = extension.cycle
    facts = {"cycle": cycle.code, "due_on": given(cycle, extension), "path": "/reporting/"}
    facts |= {"sequence": sequence, "excused": extension.due_on is None}
    facts |= {"round_due_on": cycle.due_on}
    return emails.Item(code=code, member=member, **facts)


def in_words(day: dt.date) -> str:
    """The day as the reader of the message writes it; put into words when it is read."""
    return lazy(long_date, str)(day)


def _about(report: Report, on: dt.date) -> Promise:
    words = gettext_lazy("Report {cycle}, {member}")
    return format_lazy(words, cycle=report.cycle.code, member=_name(report.member, on))


def _name(member: Member, on: dt.date) -> str:
    """The member's name of that day; put into the reader's language when it is read."""
    return lazy(languages.said, str)(Member.objects.named(on).get(pk=member.pk).display_name)

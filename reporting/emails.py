"""The words of the messages: title, date and link, never a word of a report.

Each function returns a letter in the language and time zone of the reader. Links start
with SITE_URL, never with the host of a request.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.deadlines import end_of_day_anywhere, is_over
from members.languages import long_date, said
from members.models import User
from members.readers import reading

from . import calendars
from .models import Contact


@dataclass(frozen=True)
class Item:
    """A missing report: its round, the member's name, the day it is due and where to go.

    `contact` says who the reader is to the member, `because` why it is told (both as in
    `Reminder`); `sequence` is how often the day has changed. `excused`: it is due no more.
    `round_due_on` is the round's own day, where another was given.
    """

    code: str
    cycle: str
    member: str
    due_on: dt.date
    path: str
    contact: str = "focal_point"
    because: str = ""
    sequence: int = 0
    excused: bool = False
    round_due_on: dt.date | None = None


class Letter(NamedTuple):
    """What a message says, and the calendar entries that go with it (iCalendar, or empty)."""

    subject: str
    body: str
    calendar: str = ""


def reminder(
    items: Sequence[Item], *, to: User | None, now: dt.datetime, synthetic: bool
) -> Letter:
    """The one message of a day that lists every missing report of its reader."""
    with reading(to):
        groups = [
            {"contact": contact, "because": because, "listed": [_line(i, now) for i in listed]}
            for (contact, because), listed in groupby(sorted(items, key=_order), key=_group)
        ]
        body = _render("reminder", groups=groups, synthetic=synthetic)
        return Letter(_subject(items, now), body, _entries(items, now, synthetic=synthetic))


def _group(item: Item) -> tuple[str, str]:
    return (item.contact, item.because)


def _order(item: Item) -> tuple[int, str, str]:
    return (Contact(item.contact).rank, item.because, item.code)


def _line(item: Item, now: dt.datetime) -> dict[str, object]:
    return {
        "item": item,
        "over": is_over(item.due_on, now),
        "ends_at": end_of_day_anywhere(item.due_on),
        "link": _link(item.path),
    }


def _entries(items: Sequence[Item], now: dt.datetime, *, synthetic: bool) -> str:
    """The days on which the reader's own reports are due, as a calendar program takes them.

    A day that has fallen away is taken out of the program. Those of a demonstration are marked.
    """
    entries = [
        calendars.report_due(
            item.code,
            said(item.member),
            item.due_on,
            sequence=item.sequence,
            cancelled=item.excused,
            round_due_on=item.round_due_on,
            synthetic=synthetic,
        )
        for item in items
        if item.contact != Contact.SECRETARIAT and not is_over(item.due_on, now)
    ]
    return calendars.written(_("Reports that are due"), entries, now).decode() if entries else ""


def notice(
    what: str | Promise,
    *,
    to: User | None,
    about: str | Promise,
    on: dt.date,
    path: str,
    note: str | Promise = "",
    synthetic: bool = False,
    due: Item | None = None,
) -> Letter:
    """What happened to a report or a member's place in a round: `about`, `what` and the day.

    `note` says what to do next, or what the public reads; never the report's text. `due` is the
    report whose day is told, for the reader's calendar.
    """
    with reading(to):
        subject = _("%(about)s: %(what)s") % {"about": about, "what": what}
        body = _render(
            "notice", subject=subject, on=on, note=note, link=_link(path), synthetic=synthetic
        )
        now = dt.datetime.combine(on, dt.time(), dt.UTC)
        return Letter(subject, body, _entries([due], now, synthetic=synthetic) if due else "")


def _subject(items: Sequence[Item], now: dt.datetime) -> str:
    if len(items) > 1:
        late = all(is_over(item.due_on, now) for item in items)
        n = len(items)
        if all(item.contact == Contact.SECRETARIAT for item in items):
            return _to_secretariat(items, late=late)
        if late:
            return ngettext("%(n)s report is overdue", "%(n)s reports are overdue", n) % {"n": n}
        return ngettext("%(n)s report to submit", "%(n)s reports to submit", n) % {"n": n}
    item = items[0]
    facts = {"cycle": item.cycle, "member": said(item.member)}
    facts |= {"day": long_date(item.due_on)}
    if is_over(item.due_on, now):
        return _("Report %(cycle)s, %(member)s: was due on %(day)s") % facts
    return _("Report %(cycle)s, %(member)s: due on %(day)s") % facts


def _to_secretariat(items: Sequence[Item], *, late: bool) -> str:
    """What is counted, for these are fewer than all that is missing: not those in hand."""
    n = len(items)
    if any(item.because == "refused" for item in items):
        words = ngettext(
            "%(n)s report is not begun, or its contacts cannot be reached",
            "%(n)s reports are not begun, or their contacts cannot be reached",
            n,
        )
    elif late:
        words = ngettext(
            "%(n)s report is overdue and not begun", "%(n)s reports are overdue and not begun", n
        )
    else:
        words = ngettext("%(n)s report is not begun", "%(n)s reports are not begun", n)
    return words % {"n": n}


def _render(name: str, **facts: object) -> str:
    return render_to_string(f"mail/{name}.txt", facts).strip() + "\n"


def _link(path: str) -> str:
    return settings.SITE_URL + path

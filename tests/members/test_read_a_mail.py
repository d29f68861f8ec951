"""A mail reads the same as text and as HTML, and its calendar can be taken over."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils.formats import date_format
from icalendar import Calendar

from members import outbox
from members.models import Message
from members.rendering import as_html
from reporting import actions
from reporting.models import Cycle, Milestone, Report
from tests.mail_server import MailServer, mail_server
from tests.reporting.reminding import open_round, plan_now

__all__ = ["mail_server"]
pytestmark = pytest.mark.django_db


class Reader(HTMLParser):
    """What a person reads of a page, where its links lead, and what its elements are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.elements: set[str] = set()
        self.root: dict[str, str | None] = {}
        self._in: str = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self._in = tag
        if tag == "html":
            self.root = dict(attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in not in ("style", "title"):
            self.words += data.split()


def plain(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def html(mail: EmailMessage) -> Reader:
    return Reader(mail.get_body(("html",)).get_content())


def put(body: str, **facts: Any) -> Message:
    given = {"kind": "workflow", "to": "reader@cast.example", "subject": "A subject"} | facts
    return outbox.queue(body=body, **given)


NASTY = (
    'Title <b>\nline & line\n\n<script>alert(1)</script>\n\nhttps://a.example/?a=1&b="2\n\n مرحبا'
)


@pytest.mark.parametrize(
    "body", ["One line.\n", NASTY, "\n\n", "https://a.example/\n", "a\n \n\nb"]
)
def test_both_parts_say_the_same(body: str, mail_server: MailServer) -> None:
    put(body)
    assert outbox.drain() == {"sent": 1}

    [mail] = mail_server.accepted
    read = html(mail)
    assert read.words == plain(mail).split()
    assert read.elements <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "p",
        "strong",
        "br",
        "a",
    }
    assert all(link in plain(mail) for link in read.links)
    assert mail.get_content_type() == "multipart/alternative"


def test_nothing_is_fetched_when_a_mail_is_opened() -> None:
    written = as_html(NASTY, subject="S", language="en")
    assert not re.search(r"<(img|link|script|iframe|object)|@import|url\(", written)


@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), ("ar", "rtl"), ("tlh", "ltr")])
def test_the_language_and_its_direction_are_told(language: str, way: str) -> None:
    root = Reader(as_html("-", subject="-", language=language)).root
    assert root == {"lang": language, "dir": way}


@pytest.fixture
def reminded(focal_point: Any, mail_server: MailServer, settings: Any) -> EmailMessage:
    settings.OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
    plan_now()
    assert outbox.drain() == {"sent": 1}
    return mail_server.accepted[0]


def entries(mail: EmailMessage) -> list[Any]:
    found = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendars = [Calendar.from_ical(part.get_content()) for part in found]
    told = [part.get_param("method") for part in found]
    assert told == [calendar["METHOD"] for calendar in calendars]
    return [event for calendar in calendars for event in calendar.events]


def test_a_reminder_brings_the_day_into_the_readers_calendar(reminded: EmailMessage) -> None:
    [event] = entries(reminded)
    assert event["UID"] == "report-2098-ALB-due_on@commitment-tracker"
    assert event.start == Cycle.objects.get(code="2098").due_on
    assert event["SEQUENCE"] == 0
    assert html(reminded).words == plain(reminded).split()


def test_the_entry_of_a_mail_speaks_its_readers_language(
    focal_point: Any, mail_server: MailServer
) -> None:
    type(focal_point).objects.filter(pk=focal_point.pk).update(language="fr")
    plan_now()
    outbox.drain()
    [event] = entries(mail_server.accepted[0])
    assert event["DESCRIPTION"].endswith("jusqu’à ce que le jour soit terminé partout (UTC-12).")
    assert "counts in any" not in str(mail_server.accepted[0])


def test_a_reminder_can_be_answered_by_who_does_not_want_it(reminded: EmailMessage) -> None:
    assert reminded["List-Unsubscribe"] == "<mailto:secretariat@localhost?subject=unsubscribe>"
    assert reminded["List-Id"] == "<reminder.localhost>"
    assert reminded["Auto-Submitted"] == "auto-generated"


def test_an_extension_moves_the_entry_that_the_reader_holds(
    reminded: EmailMessage, member: Any, reviewer: Any, mail_server: MailServer
) -> None:
    cycle = Cycle.objects.get(code="2098")
    decided = {"reason": "Asked for.", "by": reviewer, "on": cycle.opens_on}
    for n, later in enumerate((10, 20), start=1):
        due_on = cycle.due_on.fromordinal(cycle.due_on.toordinal() + later)
        actions.decide_extension(cycle, member, due_on=due_on, **decided)
        outbox.drain()
        assert "Round 2098, Albania:" in mail_server.accepted[-1]["Subject"]
        [event] = entries(mail_server.accepted[-1])
        assert event["UID"] == entries(reminded)[0]["UID"]
        assert (event.start, event["SEQUENCE"]) == (due_on, n)
        own = date_format(cycle.due_on, "j F Y")
        assert event["DESCRIPTION"].startswith(
            f"Due on {date_format(due_on, 'j F Y')}. Extended; the round's own date is {own}."
        )


def test_what_a_demonstration_brings_into_a_calendar_is_marked(
    focal_point: Any, mail_server: MailServer
) -> None:
    type(focal_point).objects.filter(pk=focal_point.pk).update(is_demonstration=True)
    plan_now()
    outbox.drain()
    mail = mail_server.accepted[0]
    [event] = entries(mail)
    assert event["SUMMARY"].startswith("[Synthetic] Report 2098, Albania")
    assert event["CATEGORIES"].to_ical() == b"synthetic"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["synthetic-dates.ics"]


def test_a_date_of_a_demonstration_is_marked_in_every_mail_that_brings_it(
    focal_point: Any, member: Any, reviewer: Any, mail_server: MailServer
) -> None:
    cycle = open_round()
    due_on = cycle.due_on.fromordinal(cycle.due_on.toordinal() + 10)
    decided = {"reason": "Asked for.", "by": reviewer, "on": cycle.opens_on}
    actions.decide_extension(cycle, member, due_on=due_on, **decided, synthetic=True)
    plan_now()
    outbox.drain()
    told, reminded = (m for m in mail_server.accepted if m["To"] == focal_point.email)
    for name in ("UID", "SEQUENCE", "SUMMARY", "DTSTART", "DESCRIPTION"):
        assert entries(told)[0][name] == entries(reminded)[0][name], name
    assert told["X-Data"] == reminded["X-Data"] == "synthetic"
    assert "Demonstration: what this" in plain(reminded)


def test_an_excuse_takes_the_entry_out_again(
    reminded: EmailMessage, member: Any, reviewer: Any, mail_server: MailServer
) -> None:
    cycle = Cycle.objects.get(code="2098")
    decided = {"reason": "An earthquake.", "by": reviewer, "on": cycle.opens_on}
    actions.decide_extension(cycle, member, due_on=None, **decided)
    outbox.drain()

    mail = mail_server.accepted[-1]
    [event] = entries(mail)
    assert event["UID"] == entries(reminded)[0]["UID"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert [part.get_param("method") for part in mail.walk()][-1] == "CANCEL"


def test_an_excuse_of_which_nobody_held_an_entry_brings_none(
    focal_point: Any, member: Any, reviewer: Any, mail_server: MailServer
) -> None:
    cycle = Cycle.objects.get(code="2026")
    decided = {"reason": "An earthquake.", "by": reviewer, "on": cycle.opens_on}
    actions.decide_extension(cycle, member, due_on=None, **decided)
    outbox.drain()
    assert entries(mail_server.accepted[0]) == []


def test_a_message_without_a_day_brings_no_calendar(mail_server: MailServer) -> None:
    put("A report was accepted.\n")
    outbox.drain()
    assert entries(mail_server.accepted[0]) == []


def test_a_part_that_was_submitted_takes_its_entry_along(
    focal_point: Any, other_member: Any, mail_server: MailServer, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
    since = Cycle.objects.get(code="2026").opens_on.replace(year=2020)
    focal_point.roles.create(kind="focal_point", member=other_member, since=since)
    Milestone.objects.exclude(kind="opening").delete()
    plan_now()
    report = Report.objects.create(cycle=Cycle.objects.get(code="2098"), member=other_member)
    Report.objects.filter(pk=report.pk).update(
        state="submitted", first_submitted_at="2026-01-01T00:00:00Z"
    )
    outbox.drain()
    [event] = entries(mail_server.accepted[0])
    assert event["UID"].startswith("report-2098-ALB")

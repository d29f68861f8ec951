"""Whoever follows a calendar sees summits and meetings come, move and be cancelled."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from commitments import actions
from commitments.models import Meeting, Statement
from members.actions.records import Writing
from members.history import version_of
from members.models import User
from tests.reporting.test_keep_a_calendar import address

pytestmark = pytest.mark.django_db
PUBLIC = ["/calendar.ics", "/members/ALB/calendar.ics"]
COPIES = (Meeting.pgh_event_model,)  # type: ignore[attr-defined]


def recorded(editor: User, **facts: Any) -> Meeting:
    """A meeting of three days that is still to come, whatever day it is."""
    first = timezone.now().date() + dt.timedelta(days=100)
    said = {"title": "A meeting; with, signs", "kind": "meeting", "source": "A letter"}
    said |= {"begins_on": first, "ends_on": first + dt.timedelta(days=2), "place": "Accra"}
    return actions.record_meeting(Writing(editor, timezone.now(), 0, ()), **said | facts)


def changing(meeting: Meeting, editor: User) -> Writing:
    return Writing(editor, timezone.now(), version_of(meeting, COPIES), COPIES)


def entry(client: Client, path: str, meeting: Meeting) -> Any:
    calendar = Calendar.from_ical(client.get(path).content)
    uid = f"meeting-{meeting.pk}@commitment-tracker"
    [found] = [event for event in calendar.events if event["UID"] == uid]
    return found


def test_every_calendar_tells_a_meeting(
    client: Client, editor: User, reviewer: User, analyst: User, focal_point: User
) -> None:
    own = [address(client, person) for person in (reviewer, analyst, focal_point)]
    meeting = recorded(editor, link="https://example.org/?a=1&b=2")
    for path in [*PUBLIC, *own]:
        event = entry(client, path, meeting)
        assert event.start == meeting.begins_on
        assert event.end == meeting.ends_on + dt.timedelta(days=1)
        assert event["SUMMARY"] == meeting.title and event["LOCATION"] == "Accra"
        assert event["URL"] == meeting.link and event["SEQUENCE"] == 0
        assert event["DESCRIPTION"].startswith(f"Meeting, {meeting.begins_on.day} ")
        alarms = [alarm["TRIGGER"].dt.days for alarm in event.walk("VALARM")]
        assert alarms == ([-30, -7, -1] if path in own else [])


def test_a_summit_leads_to_the_text_that_it_adopted(client: Client, editor: User) -> None:
    text = Statement.objects.get(code="2022")
    days = {"begins_on": text.adopted_on, "ends_on": text.adopted_on}
    meeting = recorded(editor, kind="summit", statement=text, **days)
    event = entry(client, PUBLIC[0], meeting)
    assert event["DESCRIPTION"] == "Summit, 2 June 2022. It adopted 2022."
    assert event["URL"].endswith("/statements/2022/") and "DTEND" not in event


def test_a_meeting_that_moves_counts_on_and_no_reader_keeps_the_old_day(
    client: Client, editor: User, focal_point: User
) -> None:
    own = address(client, focal_point)
    meeting, seen = recorded(editor), []
    etags = {path: client.get(path)["ETag"] for path in [*PUBLIC, own]}
    later = meeting.ends_on + dt.timedelta(days=1)
    for facts in ({"ends_on": later}, {"source": "Another letter"}, {"place": "Paris"}):
        actions.correct_meeting(meeting, changing(meeting, editor), **facts)
        event = entry(client, own, meeting)
        seen.append((event.end, event["SEQUENCE"], event["LOCATION"]))
    after = later + dt.timedelta(days=1)
    assert seen == [(after, 1, "Accra"), (after, 1, "Accra"), (after, 2, "Paris")]
    for path, etag in etags.items():
        assert client.get(path, headers={"if-none-match": etag}).status_code == 200


def test_a_cancelled_meeting_stays_and_says_why_without_an_alarm(
    client: Client, editor: User, focal_point: User
) -> None:
    own, meeting = address(client, focal_point), recorded(editor)
    actions.cancel_meeting(meeting, changing(meeting, editor), because="A strike.")
    for path in [*PUBLIC, own]:
        event = entry(client, path, meeting)
        assert event["STATUS"] == "CANCELLED" and event["SEQUENCE"] == 1
        assert event["DESCRIPTION"].endswith("Cancelled: A strike.")
        assert not event.walk("VALARM")
        assert b"METHOD:PUBLISH" in client.get(path).content


def test_who_took_part_stands_in_no_calendar(client: Client, editor: User, member: Any) -> None:
    day = timezone.now().date()
    meeting = recorded(editor, begins_on=day, ends_on=day)
    facts = {"members": [member], "source": "A list of names"}
    actions.record_attendance(meeting, changing(meeting, editor), **facts)
    body = client.get("/calendar.ics").content.replace(b"\r\n ", b"")
    assert b"A list of names" not in body and b"ALB" not in body

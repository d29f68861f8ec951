"""A person's calendar and the entries mailed to it speak its language, and say what is printed."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar, Event

from members.models import Message, User
from tests.cast import sign_in
from tests.reporting.reminding import BEFORE, plan

pytestmark = pytest.mark.django_db
# What may be Latin in an Arabic entry: codes, what is quoted, the name of a zone.
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\b\d{4}-[A-Z][\w-]*|\b[A-Z]{3}\b|\(UTC-12\)|GB-EAW")


@pytest.fixture(autouse=True)
def _one_round(settings: Any) -> None:
    settings.FIRST_CYCLE = 2026


def by_key(body: bytes | str) -> dict[str, Event]:
    events = Calendar.from_ical(body).events
    return {str(event["UID"]).split("@")[0]: event for event in events}


def own(client: Client, person: User, language: str) -> dict[str, Event]:
    User.objects.filter(pk=person.pk).update(language=language)
    page = sign_in(client, person).post("/accounts/calendar/", {"do": "make"})
    found = re.search(r">http://localhost:8000(/calendars/[^<]+)<", page.content.decode())
    client.logout()
    return by_key(client.get(found[1]).content)


def words(event: Event) -> str:
    return f"{event['SUMMARY']} | {event['DESCRIPTION']}"


def test_a_calendar_in_arabic_has_no_english_beside_quotations(
    client: Client, focal_point: User
) -> None:
    found = own(client, focal_point, "ar")
    assert len(found) > 20
    left = {key: QUOTED.sub("", words(event)) for key, event in found.items()}
    assert {key: rest for key, rest in left.items() if re.search("[A-Za-z]{2}", rest)} == {}


def test_the_secretariats_calendar_in_french_has_no_english_either(
    client: Client, reviewer: User
) -> None:
    found = own(client, reviewer, "fr")
    assert str(found["round-2026-due_on"]["SUMMARY"]) == "Cycle 2026\u00a0: rapports attendus"
    assert "1er juillet 2026" in found["round-2026-due_on"]["DESCRIPTION"]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_is_mailed_and_what_is_followed_are_the_same_entry(
    client: Client, focal_point: User, language: str
) -> None:
    User.objects.filter(pk=focal_point.pk).update(language=language)
    plan(BEFORE)
    mailed = by_key(Message.objects.get().calendar)
    followed = own(client, focal_point, language)
    assert list(mailed) == ["report-2026-ALB-due_on"]
    for key, event in mailed.items():
        assert words(event) == words(followed[key])
        assert event["UID"] == followed[key]["UID"]


def test_a_deadline_is_told_as_its_text_prints_it_and_as_it_counts(client: Client) -> None:
    found = by_key(client.get("/calendar.ics").content)
    told = {key: str(event["DESCRIPTION"]) for key, event in found.items()}
    assert told["2014-GOV-A4-due-1"] == (
        "Due as “by the indicative date of the end of 2016”, counts as 31 December 2016. "
        "A political commitment, not a legal one."
    )
    later = next(key for key in told if key.startswith("2015-S2-due-") and "2027" in told[key])
    assert found[later].start == dt.date(2027, 11, 17)
    assert told[later].startswith(
        "Due as “biennially”, counts as 17 November 2027, the text gives no first day: this "
        "register counts from 17 November 2017."
    )
    assert told["2022-M4-due-1"].startswith("Due as “on a biennial basis”, counts as ")
    assert told["2022-M3-due-1"].startswith("Due as “at least once every two years”, counts as ")

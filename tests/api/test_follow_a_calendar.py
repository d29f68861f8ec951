"""A focal point subscribes to a calendar, and sees what is due, and when."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from commitments.models import Commitment, Obligation
from members.models import Member, User
from reporting import actions
from reporting.models import Cycle, Extension

pytestmark = pytest.mark.django_db


def entries(client: Client, address: str) -> dict[str, dt.date]:
    """The day of each entry by its identifier, without the host."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert all(str(event["URL"]).startswith("http://localhost") for event in events)
    return {str(event["UID"]).split("@")[0]: event["DTSTART"].dt for event in events}


def test_the_calendar_for_all_has_every_dated_clause_and_round(client: Client) -> None:
    found = entries(client, "/calendar.ics")
    assert found["2012-S1-due-1"] == dt.date(2013, 4, 1)
    assert found["2012-S2a-due-7"] == dt.date(2026, 7, 1)
    assert found["2012-S3-due-7"] == dt.date(2026, 12, 31)
    assert found["2015-S1-due-1"] == dt.date(2016, 3, 31)
    assert found["2015-S2-due-1"] == dt.date(2017, 11, 17)
    assert not [key for key in found if key.startswith("2022-TF-F7")]  # no day can be computed
    assert b"any twelve months" in client.get("/calendar.ics").content.replace(b"\r\n ", b"")
    assert found["round-2026-due_on"] == dt.date(2026, 7, 1)
    assert "round-2024-due_on" not in found  # not collected by this register
    assert not [key for key in found if key.startswith("2012-S2-")]  # its sub-clauses are there
    assert max(found.values()).year <= dt.datetime.now(dt.UTC).year + 3


def test_a_calendar_says_how_often_to_ask_for_it_again(client: Client) -> None:
    for address in ("/calendar.ics", "/members/ALB/calendar.ics"):
        lines = client.get(address).content.decode().splitlines()
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
        assert "X-PUBLISHED-TTL:PT12H" in lines


def test_what_has_no_day_is_told_where_it_is_owed_alone(client: Client) -> None:
    owed = {
        code: b"X-WR-CALDESC" in client.get(f"/members/{code}/calendar.ics").content
        for code in ("ALB", "GB-EAW")
    }
    bound = Obligation.objects.filter(commitment__reference="2022-TF-F7")
    codes = set(bound.values_list("member__code", flat=True))
    assert owed == {code: code in codes for code in owed}
    assert b"X-WR-CALDESC" in client.get("/calendar.ics").content


def test_a_corrected_day_keeps_its_uid_and_counts_on(client: Client) -> None:
    clause = Commitment.objects.get(reference="2015-S1")
    seen = []
    for day in (clause.due_on, dt.date(2016, 4, 30), clause.due_on):
        Commitment.objects.filter(pk=clause.pk).update(due_on=day)
        [event] = [
            event
            for event in Calendar.from_ical(client.get("/calendar.ics").content).events
            if event["UID"] == "2015-S1-due-1@commitment-tracker"
        ]
        seen.append((event.start, event["SEQUENCE"]))
    assert seen == [(dt.date(2016, 3, 31), 0), (dt.date(2016, 4, 30), 1), (dt.date(2016, 3, 31), 2)]


def test_a_members_calendar_has_what_it_owes(client: Client) -> None:
    albania = entries(client, "/members/ALB/calendar.ics")
    assert "2012-S2a-due-7" in albania
    assert "2014-GOV-C3a-due-1" in albania  # by endorsement
    assert "round-2026-due_on" in albania
    assert not [key for key in albania if key.startswith("2022-TF")]
    part = entries(client, "/members/GB-EAW/calendar.ics")
    assert not [key for key in part if key.startswith("round")]  # it reports through another


def test_a_calendar_is_not_sent_twice(client: Client) -> None:
    for address in ("/calendar.ics", "/members/ALB/calendar.ics"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert client.get(address).content == first.content


def test_there_is_no_calendar_of_an_unknown_member(client: Client) -> None:
    assert client.get("/members/XXX/calendar.ics").status_code == 404
    assert client.post("/calendar.ics").status_code == 405


@pytest.mark.parametrize("synthetic", [True, False])
def test_what_became_public_is_there_and_what_is_invented_is_marked(
    client: Client, reviewer: User, settings: Any, synthetic: bool
) -> None:
    settings.FIRST_CYCLE = 2024
    cycle, member = Cycle.objects.get(code="2024"), Member.objects.get(code="ALB")
    facts = {"decided_by": reviewer, "decided_on": cycle.opens_on, "synthetic": synthetic}
    later = dt.date(2024, 8, 1)
    Extension.objects.create(cycle=cycle, member=member, due_on=later, reason="Asked.", **facts)
    addresses = ("/calendar.ics", "/members/ALB/calendar.ics")
    for address in addresses:
        answer = client.get(address)
        assert "X-Data" not in answer
        assert b"extension-" not in answer.content, "decided, and not public yet"
        assert b"-announced@" not in answer.content
    on = cycle.closes_on + dt.timedelta(days=31)
    actions.tell_members(cycle, by=reviewer, on=on - dt.timedelta(days=10))
    actions.announce_receipts(cycle, by=reviewer, on=on, synthetic=synthetic)
    assert entries(client, addresses[0])["round-2024-announced"] == on
    assert entries(client, addresses[1])["extension-2024-ALB"] == later
    assert "extension-2024-ALB" not in entries(client, "/members/BEL/calendar.ics")
    for address in addresses:
        answer = client.get(address)
        assert (answer.get("X-Data") == "synthetic") is synthetic
        assert ("synthetic-" in answer.get("Content-Disposition", "")) is synthetic
        assert (b"[Synthetic] Round 2024" in answer.content) is synthetic

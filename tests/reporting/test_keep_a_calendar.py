"""A person has the deadlines of its member in its own calendar program, and nobody else has."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from members import actions as people
from members.models import CalendarKey, Event, Member, User
from reporting import actions
from reporting.models import Cycle, Extension
from tests.cast import sign_in
from tests.reporting.reminding import extend, submitted

pytestmark = pytest.mark.django_db
PAGE = "/accounts/calendar/"


@pytest.fixture(autouse=True)
def _one_round(settings: Any) -> None:
    settings.FIRST_CYCLE = 2026


def address(client: Client, person: User) -> str:
    """The path of the calendar that this person has made for itself."""
    page = sign_in(client, person).post(PAGE, {"do": "make"})
    found = re.search(r">http://localhost:8000(/calendars/[^<]+)<", page.content.decode())
    client.logout()
    return found[1]


def events(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    found = {str(event["UID"]).split("@")[0]: event for event in calendar.events}
    assert len(found) == len(calendar.events)
    return found


def next_round() -> Cycle:
    """A round that is still to be due, whatever day it is."""
    today = dt.datetime.now(dt.UTC).date()
    return Cycle.objects.create(
        code="2098",
        opens_on=today - dt.timedelta(days=9),
        due_on=today + dt.timedelta(days=200),
        closes_on=today + dt.timedelta(days=300),
    )


# ---- what stands in it


def test_a_focal_point_sees_what_is_due_from_its_member(client: Client, focal_point: User) -> None:
    found = events(client, address(client, focal_point))
    due = found["report-2026-ALB-due_on"]
    assert due.start == dt.date(2026, 7, 1) and due["SEQUENCE"] == 0
    assert found["2014-GOV-C3a-due-1"]["DESCRIPTION"].startswith(
        "Due as “by the indicative date of 2015”"
    )
    assert "round-2026-opens_on" in found and "round-2026-due_on" not in found


def test_an_alarm_sounds_before_what_is_to_come_alone(
    client: Client, focal_point: User, member: Member
) -> None:
    cycle = next_round()
    path = address(client, focal_point)
    found = events(client, path)
    alarms = found["report-2098-ALB-due_on"].walk("VALARM")
    assert [alarm["TRIGGER"].dt.days for alarm in alarms] == [-30, -7, -1]
    assert not found["round-2098-opens_on"].walk("VALARM"), "that day is over"
    submitted(member, cycle.code)
    assert not events(client, path)["report-2098-ALB-due_on"].walk("VALARM")


def test_a_day_that_moves_keeps_its_uid_and_counts_on(
    client: Client, focal_point: User, member: Member, administrator: User
) -> None:
    path, seen = address(client, focal_point), []
    cycle = Cycle.objects.get(code="2026")

    def look() -> None:
        event = events(client, path)["report-2026-ALB-due_on"]
        seen.append((event.start, int(event["SEQUENCE"])))

    look()
    extension = extend(member, dt.date(2026, 8, 1), administrator)
    look()
    Extension.objects.filter(pk=extension.pk).update(due_on=dt.date(2026, 7, 15))
    look()
    Extension.objects.filter(pk=extension.pk).update(reason="In other words.")
    look()
    Cycle.objects.filter(pk=cycle.pk).update(due_on=dt.date(2026, 7, 2))
    look()

    assert [day for day, _ in seen[:4]] == [
        dt.date(2026, 7, 1),
        dt.date(2026, 8, 1),
        *[dt.date(2026, 7, 15)] * 2,
    ]
    assert [n for _, n in seen] == [0, 1, 2, 2, 3]


def test_an_excused_report_is_not_due(
    client: Client, focal_point: User, member: Member, administrator: User
) -> None:
    extend(member, None, administrator)
    assert "report-2026-ALB-due_on" not in events(client, address(client, focal_point))


def test_the_secretariat_sees_the_rounds_of_all(client: Client, reviewer: User) -> None:
    found = events(client, address(client, reviewer))
    assert "round-2026-due_on" in found and "2012-S1-due-1" in found
    assert not [key for key in found if key.startswith("report-")]


def test_a_calendar_follows_the_roles_of_its_person(client: Client, focal_point: User) -> None:
    path = address(client, focal_point)
    focal_point.roles.update(until=dt.date(2021, 1, 1))
    assert not [key for key in events(client, path) if "ALB" in key]


# ---- who may read it


def test_only_the_hash_is_kept_and_the_address_is_shown_once(
    client: Client, focal_point: User
) -> None:
    path = address(client, focal_point)
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    assert CalendarKey.objects.get().secret_hash != secret
    page = sign_in(client, focal_point).get(PAGE).content.decode()
    assert secret not in page and "cannot be shown again" in page
    assert secret not in str(list(Event.objects.values()))


def test_a_new_address_ends_the_old_one(client: Client, focal_point: User) -> None:
    old = address(client, focal_point)
    new = address(client, focal_point)
    assert client.get(old).status_code == 404 and client.get(new).status_code == 200
    assert CalendarKey.objects.count() == 1


def test_a_revoked_calendar_is_gone(client: Client, focal_point: User) -> None:
    path = address(client, focal_point)
    answer = sign_in(client, focal_point).post(PAGE, {"do": "revoke"})
    assert answer.status_code == 302 and not CalendarKey.objects.exists()
    assert client.get(path).status_code == 404
    client.post(PAGE, {"do": "revoke"})
    assert Event.objects.filter(verb="calendar closed").count() == 1


def test_the_calendar_of_a_disabled_person_is_gone(client: Client, focal_point: User) -> None:
    path = address(client, focal_point)
    User.objects.filter(pk=focal_point.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_a_frozen_members_calendars_stop_and_come_back(
    client: Client, focal_point: User, member: Member, other_member: Member, editor: User
) -> None:
    path, now = address(client, focal_point), dt.datetime.now(dt.UTC)
    freeze = people.freeze(member, "A dispute.", by=editor, at=now)
    assert client.get(path).status_code == 404
    people.unfreeze(freeze, by=editor, at=now)
    assert "report-2026-ALB-due_on" in events(client, path)
    people.give_role(focal_point, "focal_point", other_member, by=editor, at=now)
    people.freeze(member, "Again.", by=editor, at=now)
    left = events(client, path)  # of the member that is not frozen
    assert "report-2026-BEL-due_on" in left and "report-2026-ALB-due_on" not in left


def test_a_demonstration_person_has_none_where_there_is_no_demonstration(
    client: Client, focal_point: User
) -> None:
    path = address(client, focal_point)
    User.objects.filter(pk=focal_point.pk).update(is_demonstration=True)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("secret", ["unknown", "x" * 3000, "0" * 43])
def test_an_unknown_secret_opens_nothing(secret: str, client: Client) -> None:
    assert client.get(f"/calendars/{secret}.ics").status_code == 404


def test_nobody_else_keeps_it_and_no_log_tells_it(
    client: Client, focal_point: User, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    path = address(client, focal_point)
    answer = client.get(path)
    assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer["X-Robots-Tag"] == "noindex"
    client.get(path.replace(".ics", "x.ics"))
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    told = capsys.readouterr()
    assert "calendars/<slug:secret>.ics" in told.err + told.out + caplog.text
    assert secret not in told.err + told.out + caplog.text


def test_an_unchanged_calendar_is_not_sent_twice(
    client: Client, focal_point: User, member: Member, administrator: User
) -> None:
    path = address(client, focal_point)
    first = client.get(path)
    held = {"If-None-Match": first["ETag"]}
    assert client.get(path, headers=held).status_code == 304
    extend(member, dt.date(2026, 8, 1), administrator)
    assert client.get(path, headers=held).status_code == 200


# ---- the public ones


def test_an_extension_is_told_in_public_only_once_it_is_published(
    client: Client, member: Member, administrator: User
) -> None:
    def told() -> bytes:
        return client.get("/members/ALB/calendar.ics").content + client.get("/calendar.ics").content

    before = told()
    extension = extend(member, dt.date(2026, 8, 1), administrator)
    assert told() == before
    Extension.objects.filter(pk=extension.pk).update(due_on=dt.date(2026, 8, 20))
    assert told() == before
    Extension.objects.filter(pk=extension.pk).update(published_on=dt.date(2026, 7, 1))
    found = events(client, "/members/ALB/calendar.ics")
    assert found["extension-2026-ALB"].start == dt.date(2026, 8, 20)
    assert found["extension-2026-ALB"]["SEQUENCE"] == 181, "days since the opening, no decisions"
    assert b"2026-08-20" not in client.get("/members/BEL/calendar.ics").content


def test_a_round_that_moves_counts_on_in_public(client: Client) -> None:
    Cycle.objects.filter(code="2026").update(closes_on=dt.date(2026, 12, 30))
    event = events(client, "/calendar.ics")["round-2026-closes_on"]
    assert (event.start, event["SEQUENCE"]) == (dt.date(2026, 12, 30), 1)


def test_the_decision_of_an_extension_reaches_the_own_calendar(
    client: Client, focal_point: User, member: Member, reviewer: User
) -> None:
    path = address(client, focal_point)
    cycle = Cycle.objects.get(code="2026")
    on = cycle.opens_on
    day = dt.date(2026, 9, 1)
    actions.decide_extension(cycle, member, due_on=day, reason="Asked.", by=reviewer, on=on)
    assert events(client, path)["report-2026-ALB-due_on"].start == day

"""The words of a reminder, and whether it still leaves when its moment comes."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from members import outbox
from members.models import Member, Message, Role, User
from reporting import reminders
from reporting.models import Milestone
from tests.reporting.reminding import (
    AFTER,
    BEFORE,
    extend,
    open_round,
    plan,
    plan_now,
    submitted,
    three_milestones,
)

RECHECK = ["reporting.reminders.still_due"]


@pytest.fixture(autouse=True)
def _one_round(db: None, settings: Any) -> None:
    settings.FIRST_CYCLE = 2026
    three_milestones()


# ---- in which words


def test_a_reminder_holds_title_date_and_link(focal_point: User, settings: Any) -> None:
    settings.SITE_URL = "https://register.example"
    plan(BEFORE)

    message = Message.objects.get()
    assert message.subject == "Report 2026, Albania: due on 1 July 2026"
    assert "2 July 2026, 12:00 (UTC)" in message.body
    assert "https://register.example/reporting/" in message.body
    assert not message.synthetic and "synthetic" not in message.body


def test_after_the_due_day_it_says_so(focal_point: User) -> None:
    plan(AFTER)

    message = Message.objects.get()
    assert message.subject == "Report 2026, Albania: was due on 1 July 2026"
    assert "can still be submitted" in message.body


def test_the_readers_zone_decides_day_and_hour(focal_point: User) -> None:
    User.objects.filter(pk=focal_point.pk).update(time_zone="Pacific/Auckland")
    evening_before = dt.datetime(2026, 5, 31, 13, 0, tzinfo=dt.UTC)

    reminders.plan(now=evening_before - dt.timedelta(hours=2))
    assert not Message.objects.filter(reminders__milestone="before_30").exists()
    reminders.plan(now=evening_before)

    message = Message.objects.latest("pk")
    assert message.reminders.get().milestone == "before_30"
    assert "3 July 2026, 00:00 (NZST)" in message.body


def test_a_language_that_the_site_does_not_speak_is_not_claimed(focal_point: User) -> None:
    User.objects.filter(pk=focal_point.pk).update(language="tlh")
    plan(AFTER)

    assert Message.objects.get().language == "en"


def test_days_are_written_in_the_language_of_the_reader(focal_point: User, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    User.objects.filter(pk=focal_point.pk).update(language="fr")
    plan(BEFORE)

    message = Message.objects.get()
    assert message.language == "fr"
    assert "1er juillet 2026" in message.subject and "1er juillet 2026" in message.body


def test_an_unknown_time_zone_stops_nobody(focal_point: User, outsider: User) -> None:
    User.objects.filter(pk=focal_point.pk).update(time_zone="Atlantis/Capital")

    assert plan(AFTER)["messages"] == 2


def test_a_demonstration_person_reads_that_it_is_synthetic(focal_point: User) -> None:
    User.objects.filter(pk=focal_point.pk).update(is_demonstration=True)
    plan(AFTER)

    message = Message.objects.get()
    assert message.synthetic
    assert "synthetic" in message.body


# ---- when the message leaves


def test_a_report_submitted_meanwhile_drops_the_message(
    focal_point: User, member: Member, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    plan_now()
    submitted(member, open_round().code)

    assert outbox.drain() == {"dropped": 1}
    assert mail.outbox == []


def test_a_message_still_due_is_sent(focal_point: User, settings: Any) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    plan_now()

    assert outbox.drain() == {"sent": 1}
    assert mail.outbox[0].to == [focal_point.email]


def test_a_message_of_which_a_part_is_due_speaks_of_that_part(
    focal_point: User, other_member: Member, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    since = dt.date(2020, 1, 1)
    Role.objects.create(user=focal_point, kind="focal_point", member=other_member, since=since)
    plan_now()
    submitted(other_member, open_round().code)

    assert outbox.drain() == {"sent": 1}
    [sent] = mail.outbox
    assert "Albania" in sent.body and "Belgium" not in sent.body
    assert "Belgium" not in sent.subject


def test_a_focal_point_who_left_meanwhile_gets_nothing(focal_point: User, settings: Any) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    plan_now()
    focal_point.roles.update(until=dt.date(2021, 1, 1))

    assert outbox.drain() == {"dropped": 1}


def test_an_older_message_that_never_left_gives_way_to_the_newer(
    focal_point: User, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    plan_now()
    Milestone.objects.create(kind="once_more", relative_to="opens_on", offset_days=1)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    reminders.plan(now=later)

    assert Message.objects.count() == 2
    assert outbox.drain(later) == {"dropped": 1, "sent": 1}


def test_a_date_that_moved_before_the_message_left_is_the_new_one(
    focal_point: User, member: Member, administrator: User, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    plan_now()
    today = dt.datetime.now(dt.UTC).date()
    new = open_round().due_on + dt.timedelta(days=40)
    extend(member, new, administrator, on=today, code="2098")

    assert outbox.drain() == {"sent": 1}
    assert mail.outbox[0].subject == f"Report 2098, Albania: due on {new:%-d %B %Y}"


def test_a_reminder_of_a_date_that_is_no_more_is_dropped(
    focal_point: User, member: Member, administrator: User, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = RECHECK
    Milestone.objects.filter(kind="before_30").update(offset_days=-200)
    plan_now()
    today = dt.datetime.now(dt.UTC).date()
    new = open_round().due_on + dt.timedelta(days=40)
    extend(member, new, administrator, on=today, code="2098")

    assert Message.objects.get().reminders.get().milestone == "before_30"
    assert outbox.drain() == {"dropped": 1}
    reminders.plan(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    assert Message.objects.count() == 1, "the letter of the decision told the new date"

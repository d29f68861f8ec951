"""The secretariat makes public who reported: first its members hear of it, days later everyone."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from members.models import Event, Member, Message, PublicVersion, User
from reporting import actions
from reporting.models import AnnouncementNotice, Cycle, Extension, Receipt, Report
from reporting.rounds import expected_members
from reporting.workflow import WrongMoment
from tests.cast import sign_in

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
DAY = OPENED.date()
PAGE = "/secretariat/rounds/2026/"
CLOSED = dt.date(2024, 12, 31)
TOLD = dt.date(2025, 1, 10)


def _in_the_past(cycle: Cycle) -> None:
    """Moves the round to two years before, so that it has closed."""
    Cycle.objects.filter(pk=cycle.pk).update(
        opens_on=dt.date(2024, 1, 1), due_on=dt.date(2024, 7, 1), closes_on=dt.date(2024, 12, 31)
    )
    cycle.refresh_from_db()


def test_the_announcement_says_who_was_on_time_late_missed_and_excused(
    report: Report,
    cycle: Cycle,
    member: Member,
    other_member: Member,
    reviewer: User,
    focal_point: User,
) -> None:
    _in_the_past(cycle)
    answer_all(report)
    late = dt.datetime(2024, 8, 1, tzinfo=dt.UTC)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=late)
    actions.decide_extension(
        cycle, other_member, due_on=None, reason="Earthquake.", by=reviewer, on=DAY
    )
    actions.tell_members(cycle, by=reviewer, on=TOLD)
    actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 2, 1))
    said = dict(Receipt.objects.values_list("member", "timeliness"))
    assert said.pop("ALB") == "late"
    assert said.pop("BEL") == "excused"
    assert set(said.values()) <= {"missed"}
    assert Receipt.objects.get(member="ALB").received_on == late.date()
    assert Extension.objects.get().published_on == dt.date(2025, 2, 1)
    assert Message.objects.filter(to=focal_point.email, subject__contains="public").exists()


def test_receipts_are_announced_thirty_days_after_the_round_closed_and_once(
    bring: Callable[[str], Report], cycle: Cycle, reviewer: User, member: Member
) -> None:
    bring("submitted")
    _in_the_past(cycle)
    actions.tell_members(cycle, by=reviewer, on=TOLD)
    with pytest.raises(WrongMoment):
        actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 1, 29))
    actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 1, 30))
    cycle.refresh_from_db()
    assert cycle.receipts_announced_on == dt.date(2025, 1, 30)
    assert Receipt.objects.shown().count() == expected_members(cycle).count() > 0
    with pytest.raises(WrongMoment):
        actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 1, 31))


def test_nothing_is_announced_before_the_members_were_told_and_had_their_days(
    cycle: Cycle, reviewer: User, report: Report
) -> None:
    _in_the_past(cycle)
    late = dt.date(2025, 3, 1)
    with pytest.raises(WrongMoment, match="Tell the members first"):
        actions.announce_receipts(cycle, by=reviewer, on=late)
    actions.tell_members(cycle, by=reviewer, on=late)
    with pytest.raises(WrongMoment, match="8 March 2025"):
        actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 3, 7))
    assert not Receipt.objects.exists()
    actions.announce_receipts(cycle, by=reviewer, on=dt.date(2025, 3, 8))
    assert Receipt.objects.exists()


def test_the_members_are_told_what_will_be_said_of_each_and_until_when_they_can_object(
    report: Report, cycle: Cycle, reviewer: User, focal_point: User, outsider: User
) -> None:
    _in_the_past(cycle)
    answer_all(report)
    late = dt.datetime(2024, 8, 1, tzinfo=dt.UTC)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=late)
    actions.tell_members(cycle, by=reviewer, on=TOLD)
    ours = Message.objects.get(to=focal_point.email, subject__contains="will soon be public")
    assert "From 30 January 2025 on" in ours.body
    assert "its report came late" in ours.body
    theirs = Message.objects.get(to=outsider.email, subject__contains="will soon be public")
    assert "there was no report when the round closed" in theirs.body
    assert "came late" not in theirs.body
    assert Event.objects.filter(verb="tell_members", about="2026").count() == 1


def test_telling_the_members_moves_nothing_that_the_public_can_see(
    client: Client, cycle: Cycle, report: Report, reviewer: User
) -> None:
    _in_the_past(cycle)
    stamp = PublicVersion.objects.values_list("number", flat=True).first()
    before = client.get("/api/v1/cycles/2026/")
    actions.tell_members(cycle, by=reviewer, on=TOLD)
    after = client.get("/api/v1/cycles/2026/")
    assert PublicVersion.objects.values_list("number", flat=True).first() == stamp
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


@pytest.mark.parametrize("day, why", [(CLOSED, "not closed"), (TOLD, "told already")])
def test_the_members_are_told_once_and_not_before_the_round_has_closed(
    day: dt.date, why: str, cycle: Cycle, report: Report, reviewer: User
) -> None:
    _in_the_past(cycle)
    if day == TOLD:
        actions.tell_members(cycle, by=reviewer, on=TOLD)
    messages = Message.objects.count()
    with pytest.raises(WrongMoment, match=why):
        actions.tell_members(cycle, by=reviewer, on=day)
    assert Message.objects.count() == messages


def test_no_day_to_come_is_written_down(cycle: Cycle, report: Report, reviewer: User) -> None:
    _in_the_past(cycle)
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        actions.tell_members(cycle, by=reviewer, on=tomorrow)


def test_the_desk_leads_through_both_steps(
    client: Client, cycle: Cycle, report: Report, reviewer: User, settings: Any
) -> None:
    desk = sign_in(client, reviewer)
    assert "they can be told once the round has closed" in desk.get(PAGE).content.decode()
    assert desk.post(f"{PAGE}tell/").status_code == 409
    _in_the_past(cycle)
    assert "The members can be told of the receipts of 2026" in (
        desk.get("/secretariat/").content.decode()
    )
    page = desk.get(PAGE).content.decode()
    assert "Tell the members" in page
    assert "Announce the receipts" not in page
    assert desk.post(f"{PAGE}announce/").status_code == 409
    assert desk.post(f"{PAGE}tell/").status_code == 302
    page = desk.get(PAGE).content.decode()
    assert "The members were told on" in page
    assert "Announce the receipts" not in page
    AnnouncementNotice.objects.update(told_on=TOLD)
    assert "The receipts of 2026 can be announced" in desk.get("/secretariat/").content.decode()
    assert desk.post(f"{PAGE}announce/").status_code == 302
    assert Receipt.objects.shown().filter(member="ALB", timeliness="missed").exists()

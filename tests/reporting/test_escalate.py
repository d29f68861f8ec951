"""When the focal point is silent or out of reach, the next contact is written to."""

import datetime as dt
from typing import Any

import pytest

from members import outbox
from members.models import Member, Message, User
from reporting import actions
from reporting.models import Cycle, Milestone, Reminder, Report
from reporting.rehearsal import rehearse
from tests.mail_server import MailServer, mail_server
from tests.reporting.reminding import AFTER, OPENING, day_after, extend, noon, plan, plan_now

__all__ = ["mail_server"]
pytestmark = pytest.mark.django_db
MONTH_AFTER = dt.date(2026, 7, 31)


@pytest.fixture(autouse=True)
def _one_round(settings: Any) -> None:
    settings.FIRST_CYCLE = 2026


def told() -> dict[str, list[str]]:
    """Which milestones each address was written to about, overtaken ones left out."""
    found: dict[str, list[str]] = {}
    for row in Reminder.objects.filter(overtaken=False).order_by("due_on"):
        found.setdefault(row.recipient, []).append(row.milestone)
    return found


def day_by_day(until: dt.date) -> None:
    for on in (OPENING, *(AFTER + dt.timedelta(days=n) for n in (-97, -37, -14, -7, 0)), until):
        if on <= until:
            plan(on)


def refuse(user: User) -> Message:
    facts = {"kind": "workflow", "to": user.email, "person": user, "subject": "-"}
    return Message.objects.create(**facts, state="dead")


# ---- silence


def test_the_default_plan_reaches_further_the_longer_nothing_comes(
    focal_point: User, contributor: User, reviewer: User, administrator: User
) -> None:
    day_by_day(MONTH_AFTER)

    every = ["opening", "before_90", "before_30", "before_7", "the_day", "after_7", "after_30"]
    found = told()
    assert found[focal_point.email] == every
    assert found[contributor.email] == ["after_7", "after_30"]
    assert found[reviewer.email] == found[administrator.email]
    assert set(found[reviewer.email]) == {"after_30"}
    # The secretariat hears of every silent member, in one message.
    assert Message.objects.filter(to=reviewer.email).count() == 1
    assert len(found[reviewer.email]) > 40


def test_each_is_told_in_its_own_words(
    focal_point: User, contributor: User, reviewer: User
) -> None:
    plan(MONTH_AFTER)

    texts = {m.to: " ".join(m.body.split()) for m in Message.objects.all()}
    assert "because you are a focal point" in texts[focal_point.email]
    assert "You write for the same member" in texts[contributor.email]
    assert "There is no sign of these reports" in texts[reviewer.email]
    subject = Message.objects.get(to=reviewer.email).subject
    assert subject.endswith(" reports are overdue and not begun"), "fewer than are overdue"
    for code in ("ALB", "BEL"):  # each has a link of its own
        assert f"/secretariat/members/{code}/reminders/" in texts[reviewer.email]
    assert "/secretariat/" not in texts[contributor.email]


def test_a_report_that_was_begun_is_a_sign(
    focal_point: User, contributor: User, reviewer: User, member: Member
) -> None:
    Report.objects.create(cycle=Cycle.objects.get(code="2026"), member=member)
    plan(MONTH_AFTER)

    assert focal_point.email in told()
    assert contributor.email not in told()
    assert "2026-ALB" not in Message.objects.get(to=reviewer.email).about.split()


def test_how_far_a_milestone_reaches_is_data(
    focal_point: User, contributor: User, member: Member
) -> None:
    Milestone.objects.filter(kind="opening").update(reaches="second")
    Milestone.objects.filter(kind="after_7").update(reaches="focal_point")
    plan(OPENING)
    assert told()[contributor.email] == ["opening"]
    plan(AFTER)
    assert told()[contributor.email] == ["opening"]


def test_an_excuse_keeps_everybody_quiet(
    focal_point: User, contributor: User, reviewer: User, member: Member, administrator: User
) -> None:
    extend(member, None, administrator)
    plan(MONTH_AFTER)

    assert not Reminder.objects.filter(member=member).exists()


def test_who_is_focal_point_and_contributor_is_written_to_once(
    focal_point: User, member: Member
) -> None:
    focal_point.roles.create(kind="contributor", member=member, since=dt.date(2020, 1, 1))
    plan(AFTER)

    [row] = Reminder.objects.filter(milestone="after_7")
    assert row.contact == "focal_point" and row.because == ""


# ---- refusals


def test_a_refused_address_brings_the_second_contact_in_at_once(
    focal_point: User, contributor: User, reviewer: User
) -> None:
    plan(OPENING)
    assert contributor.email not in told()

    Message.objects.filter(to=focal_point.email).update(state="dead")
    assert plan(day_after(OPENING))["messages"] == 1

    row = Reminder.objects.get(recipient=contributor.email)
    assert (row.milestone, row.contact, row.because) == ("opening", "second", "refused")
    text = " ".join(row.message.body.split())
    assert "could not be delivered" in text and reviewer.email not in told()


def test_another_focal_point_who_can_be_reached_is_enough(
    focal_point: User, contributor: User, member: Member
) -> None:
    refuse(focal_point)
    other = User.objects.create_user("deputy@cast.example", None)
    other.roles.create(kind="focal_point", member=member, since=dt.date(2020, 1, 1))
    plan(OPENING)

    assert set(told()) == {focal_point.email, other.email}


def test_when_nobody_can_be_reached_the_secretariat_hears_of_it(
    focal_point: User, contributor: User, reviewer: User
) -> None:
    refuse(focal_point)
    refuse(contributor)
    plan(OPENING)

    message = Message.objects.get(to=reviewer.email)
    assert message.about == "2026-ALB"
    assert "mail to every contact of these members could not be delivered" in message.body


def test_a_member_without_contacts_does_not_trouble_the_secretariat_before_its_milestone(
    reviewer: User,
) -> None:
    plan(AFTER)
    assert not Message.objects.exists()


def test_a_mail_that_arrives_again_ends_the_refusal(focal_point: User, contributor: User) -> None:
    dead = refuse(focal_point)
    Message.objects.create(
        kind="workflow",
        to=focal_point.email,
        subject="-",
        state="sent",
        sent_at=dead.created_at + dt.timedelta(days=1),
    )
    plan(OPENING)

    assert contributor.email not in told()


def test_the_whole_way_with_a_real_server(
    focal_point: User, contributor: User, mail_server: MailServer, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
    mail_server.unknown.add(focal_point.email)
    plan_now()
    assert outbox.drain() == {"dead": 1}
    plan_now()
    assert outbox.drain() == {"sent": 1}

    assert mail_server.recipients == [contributor.email]


# ---- what is asked again when the message leaves


def test_a_second_contact_is_not_written_to_once_the_report_was_begun(
    focal_point: User, contributor: User, member: Member, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
    Milestone.objects.filter(kind="opening").update(reaches="second")
    plan_now()
    cycle = Reminder.objects.latest("pk").cycle
    actions.start_report(cycle, member, by=focal_point, at=dt.datetime.now(dt.UTC))

    outbox.drain()
    states = dict(Message.objects.filter(kind="reminder").values_list("to", "state"))
    assert states == {focal_point.email: "sent", contributor.email: "dropped"}


# ---- and the rehearsal says the same


def test_the_rehearsal_shows_who_is_brought_in(
    focal_point: User, contributor: User, reviewer: User
) -> None:
    letters = rehearse(noon(dt.date(2026, 6, 25)))

    days = {
        letter.person.email: [found.on for found in letters if found.person == letter.person]
        for letter in letters
    }
    assert days[contributor.email] == [AFTER, MONTH_AFTER]
    assert days[reviewer.email] == [MONTH_AFTER]
    [asked] = [letter for letter in letters if letter.person == reviewer]
    assert [str(words) for words in asked.contacts] == ["secretariat"]

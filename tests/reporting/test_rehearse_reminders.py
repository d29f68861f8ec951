"""The secretariat sees beforehand who will be reminded of what, in which words, on which day."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.models import Member, Message, Role, User
from members.readers import zone_of
from reporting import rehearsal, reminders
from reporting.emails import Letter
from reporting.models import Cycle, Milestone, Reminder
from reporting.rehearsal import rehearse
from reporting.reminders import Trial
from tests.cast import person, sign_in
from tests.reporting.reminding import (
    AFTER,
    BEFORE,
    OPENING,
    day_after,
    extend,
    noon,
    submitted,
    three_milestones,
)

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/rehearsal/"
ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "America/Los_Angeles"]


@pytest.fixture(autouse=True)
def _one_round(db: None, settings: Any) -> None:
    settings.FIRST_CYCLE = 2026
    three_milestones()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Sets the clock of the rehearsal's pages."""

    def set_to(now: dt.datetime) -> None:
        monkeypatch.setattr("reporting.views.desk.rehearsal.timezone.now", lambda: now)

    return set_to


def days(letters: list[rehearsal.Letter]) -> list[dt.date]:
    return [letter.on for letter in letters]


# ---- who, when, which text


def test_each_milestone_stands_on_its_day(focal_point: User) -> None:
    letters = rehearse(noon(day_after(OPENING, -20)))

    assert days(letters) == [OPENING]
    [letter] = letters
    assert letter.person == focal_point and letter.reports == ["2026-ALB"]
    assert letter.milestones == ["opening"] and letter.language == "en"


def test_what_was_sent_is_not_rehearsed_again(focal_point: User) -> None:
    reminders.plan(now=noon(BEFORE))

    assert days(rehearse(noon(day_after(BEFORE)))) == [AFTER]


def test_who_got_a_message_today_is_written_to_tomorrow(
    focal_point: User, other_member: Member
) -> None:
    reminders.plan(now=noon(BEFORE))
    Role.objects.create(
        user=focal_point, kind="focal_point", member=other_member, since=dt.date(2020, 1, 1)
    )

    first = rehearse(noon(BEFORE))[0]
    assert (first.on, first.reports) == (day_after(BEFORE), ["2026-BEL"])


def test_nobody_is_rehearsed_whose_report_came_or_is_excused(
    focal_point: User, outsider: User, member: Member, other_member: Member, administrator: User
) -> None:
    submitted(member)
    extend(other_member, None, administrator)

    assert rehearse(noon(BEFORE)) == []


def test_a_focal_point_of_the_coming_weeks_is_there_from_the_first_day_on(
    focal_point: User,
) -> None:
    focal_point.roles.update(since=day_after(BEFORE, 3))

    assert days(rehearse(noon(BEFORE))) == [day_after(BEFORE, 3), AFTER]


def test_nobody_is_rehearsed_after_the_round_has_closed(focal_point: User) -> None:
    closes_on = Cycle.objects.get(code="2026").closes_on
    focal_point.roles.update(since=day_after(closes_on))
    assert rehearse(noon(day_after(closes_on, -5))) == []

    focal_point.roles.update(since=closes_on)
    assert days(rehearse(noon(day_after(closes_on, -5)))) == [closes_on]


def test_rehearsing_writes_nothing(focal_point: User) -> None:
    rehearse(noon(BEFORE))

    assert not Message.objects.exists() and not Reminder.objects.exists()


@pytest.mark.parametrize("start", [dt.date(2025, 12, 20), dt.date(2026, 5, 20)])
@pytest.mark.parametrize("seed", [1])
def test_the_rehearsal_is_what_the_planner_then_does(
    start: dt.date, seed: int, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "DAYS", 55)
    _a_world(random.Random(seed), start, administrator)
    now = noon(start)
    foretold = {letter.key: rehearsal.written(letter) for letter in rehearse(now)}

    done: dict[Any, Any] = {}
    for moment in rehearsal._moments(now):
        before = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        reminders.plan(now=moment)
        for message in Message.objects.filter(pk__gt=before).select_related("person"):
            on = moment.astimezone(zone_of(message.person.time_zone)).date()
            done[message.person_id, on, *message.about.split()] = Letter(
                message.subject, message.body, message.calendar
            )

    assert foretold.keys() == done.keys() and len(done) > 10
    assert not [key for key in done if foretold[key].subject != done[key].subject]


def _a_world(chance: random.Random, start: dt.date, by: User) -> None:
    members = list(Member.objects.all())[:40]
    for member in members:
        for number in range(chance.choice([0, 1, 1, 2])):
            someone = person(
                Role.Kind.FOCAL_POINT,
                of=member,
                name=f"{member.code.lower()}-{number}",
                time_zone=chance.choice(ZONES),
            )
            since = start + dt.timedelta(days=chance.randint(-40, 40))
            until = chance.choice([None, since + dt.timedelta(days=30)])
            someone.roles.update(since=since, until=until)
        if chance.random() < 0.2:
            submitted(member)
        elif chance.random() < 0.3:
            extend(member, chance.choice([None, dt.date(2026, 7, 20)]), by)


def test_moving_a_milestone_is_tried_without_being_done(focal_point: User) -> None:
    before_30 = Milestone.objects.get(kind="before_30")
    letters = rehearse(noon(BEFORE), trial=Trial(milestone=before_30, offset_days=-10))

    assert days(letters)[0] == BEFORE  # the opening, which nobody was told of
    assert letters[0].milestones == ["opening"]
    assert days(letters)[1:] == [dt.date(2026, 6, 21), AFTER]
    before_30.refresh_from_db()
    assert before_30.offset_days == -30


def test_another_due_date_is_tried_without_being_done(
    focal_point: User, outsider: User, other_member: Member, administrator: User
) -> None:
    extend(other_member, dt.date(2026, 7, 20), administrator)
    cycle = Cycle.objects.get(code="2026")
    letters = rehearse(noon(BEFORE), trial=Trial(cycle=cycle, due_on=dt.date(2026, 7, 11)))

    own = [letter for letter in letters if letter.person == focal_point]
    assert days(own)[1:] == [dt.date(2026, 6, 11), dt.date(2026, 7, 18)]
    extended = [letter for letter in letters if letter.person == outsider]
    assert days(extended)[1:] == [dt.date(2026, 6, 20), dt.date(2026, 7, 27)], "has its own day"
    cycle.refresh_from_db()
    assert cycle.due_on == dt.date(2026, 7, 1)


# ---- who cannot be reached


def out_of_reach() -> set[str]:
    found = rehearsal.unreachable(noon(BEFORE), rehearsal.running(BEFORE))
    return {one.member.code for one in found}


def test_a_member_without_focal_point_is_named(
    focal_point: User, member: Member, other_member: Member, administrator: User
) -> None:
    found = out_of_reach()
    assert member.code not in found and other_member.code in found

    focal_point.roles.update(until=BEFORE)
    extend(other_member, None, administrator)
    found = out_of_reach()
    assert member.code in found and other_member.code not in found


def test_an_address_that_was_refused_is_marked(focal_point: User) -> None:
    letters = rehearse(noon(BEFORE))
    assert rehearsal.refused(letters) == set()

    dead = Message.objects.create(
        kind="workflow", to=focal_point.email, person=focal_point, subject="-", state="dead"
    )
    assert rehearsal.refused(letters) == {focal_point.pk}

    Message.objects.create(
        kind="workflow",
        to=focal_point.email,
        person=focal_point,
        subject="-",
        state="sent",
        sent_at=dead.created_at,
    )
    assert rehearsal.refused(letters) == set()


def test_a_member_whose_focal_point_refuses_our_mail_cannot_be_reached(
    focal_point: User, member: Member
) -> None:
    facts = {"kind": "workflow", "to": focal_point.email, "subject": "-"}
    Message.objects.create(**facts, state="dead")
    assert member.code in out_of_reach()


# ---- the pages

Clock = Callable[[dt.datetime], None]


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_shows_who_gets_what_and_who_nothing(
    client: Client, reviewer: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    page = words(sign_in(client, reviewer).get(PAGE))

    assert focal_point.email in page and "2026-ALB" in page and "English" in page
    assert "1 June 2026" in page and "8 July 2026" in page and "own time zone" in page
    assert "30 days before the due date" in page and "at the opening" in page
    assert "2026: Belgium" in page.replace('<a href="/secretariat/members/BEL/contacts/">', "")
    assert "/members/ALB/contacts/" not in page
    assert "Next milestone: 30 days before the due date, 1 June 2026." in page


def test_a_trial_shows_what_would_be_added_and_what_would_go(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, editor)
    page = words(client.get(PAGE, {"milestone": "after_7", "offset_days": "14"}))

    assert "8 July 2026<br><strong>would go</strong>" in page
    assert "15 July 2026<br><strong>would be added</strong>" in page
    assert "<strong>would" not in words(client.get(PAGE))
    assert Milestone.objects.get(kind="after_7").offset_days == 7


def test_a_milestone_after_the_end_of_the_round_is_said_to_reach_nobody(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    page = words(sign_in(client, editor).get(PAGE, {"milestone": "after_7", "offset_days": "200"}))
    assert "milestone “200 days after the due date” would fall on 17 January 2027" in page
    assert "closes on 31 December 2026, so nobody" in page
    assert "so nobody would be reminded" not in words(client.get(PAGE))
    page = words(client.get(PAGE, {"cycle": "2026", "due_on": "2026-12-28"}))
    assert "milestone “7 days after the due date” would fall on 4 January 2027" in page
    Milestone.objects.filter(kind="after_7").update(offset_days=200)
    assert "would fall on 17 January 2027" in words(client.get(PAGE)), "in force, not only tried"


def test_a_due_day_outside_the_round_is_refused_with_the_days_of_the_round(
    client: Client, editor: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, editor)
    for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-03-01"):
        answer = client.get(PAGE, {"cycle": "2026", "due_on": day})
        assert answer.status_code == 400
        assert "Round 2026 is open from 1 January 2026 to 31 December 2026" in words(answer)


@pytest.mark.parametrize(
    "asked",
    [
        {"milestone": "unknown", "offset_days": "1"},
        {"milestone": "\x00", "offset_days": "1"},
        {"milestone": "opening", "offset_days": "9999"},
        {"milestone": "opening", "offset_days": ""},
        {"milestone": "", "offset_days": "3"},
        {"cycle": "2026", "due_on": ""},
        {"cycle": "2026", "due_on": "2026-02-30"},
        {"cycle": "\x00", "due_on": "2026-02-03"},
    ],
)
def test_a_trial_that_makes_no_sense_is_refused(
    asked: dict[str, str], client: Client, editor: User
) -> None:
    assert sign_in(client, editor).get(PAGE, asked).status_code == 400


def test_a_trial_says_which_two_belong_together(client: Client, editor: User) -> None:
    """A milestone and a round, each without its day: both sentences stand beside their fields."""
    for asked, said in (
        ({"milestone": "opening"}, "A milestone is tried with its days, in every round"),
        ({"cycle": "2026"}, "A round is tried with another due day"),
        (
            {"milestone": "opening", "offset_days": "3", "cycle": "2026"},
            "A round is tried with another due day",
        ),
    ):
        answer = sign_in(client, editor).get(PAGE, asked)
        assert answer.status_code == 400 and f"{said}: give both, or neither." in words(answer)


def test_send_me_this_one_reaches_me_and_nobody_else(
    client: Client, reviewer: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    address = f"{PAGE}{focal_point.pk}/{AFTER}/"
    page = words(sign_in(client, reviewer).get(address))
    assert "Report 2026, Albania: was due on 1 July 2026" in page and "<dd>English</dd>" in page

    answer = client.post(address, follow=True)
    message = Message.objects.get()
    assert f"Sent to {reviewer.email}, as a rehearsal." in words(answer)
    assert (message.to, message.person, message.state) == (reviewer.email, reviewer, "pending")
    assert message.subject == "Rehearsal: Report 2026, Albania: was due on 1 July 2026"
    assert f"This is a rehearsal. If nothing changes, this message goes to {focal_point.email}" in (
        message.body
    )
    assert "this copy brings none" in message.body and message.calendar == ""
    assert reminders.still_due(message)
    assert not Reminder.objects.exists()
    assert days(rehearse(noon(BEFORE))) == [BEFORE, AFTER], "the real ones still go"


@pytest.mark.parametrize("day", ["2026-06-02", "2026-13-40", "tomorrow"])
def test_a_letter_that_is_not_planned_is_not_there(
    day: str, client: Client, reviewer: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, reviewer)
    for send in (client.get, client.post):
        assert send(f"{PAGE}{focal_point.pk}/{day}/").status_code == 404
    assert client.get(f"{PAGE}999999/2026-06-01/").status_code == 404
    assert not Message.objects.exists()


def test_the_people_of_a_member_do_not_see_it(
    client: Client, reviewer: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, focal_point)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{focal_point.pk}/{BEFORE}/").status_code == 403
    assert not Message.objects.exists()


def test_many_readers_cost_no_more_questions(
    client: Client, reviewer: User, django_assert_max_num_queries: Any, clock: Clock
) -> None:
    for number, member in enumerate(Member.objects.counted()[:40]):
        person(Role.Kind.FOCAL_POINT, of=member, name=f"focal-{number}")
    clock(noon(BEFORE))
    sign_in(client, reviewer)
    with django_assert_max_num_queries(33):
        assert words(client.get(PAGE)).count("Read it") == 80

"""Who is reminded, once, of what is due and missing, whatever did not run in between."""

import datetime as dt
import itertools
import random
from typing import Any

import pytest
from django.db import IntegrityError

from members.models import Member, Message, Role, User
from reporting.models import Cycle, Extension, Milestone, Reminder, Report
from reporting.rounds import expected_members
from tests.at_once import at_once
from tests.cast import person
from tests.database import Database
from tests.reporting.reminding import (
    AFTER,
    BEFORE,
    OPENING,
    day_after,
    extend,
    noon,
    plan,
    submitted,
    three_milestones,
)


@pytest.fixture(autouse=True)
def _one_round(request: pytest.FixtureRequest, settings: Any) -> None:
    own = "fresh_database"
    request.getfixturevalue(own if own in request.fixturenames else "db")
    settings.FIRST_CYCLE = 2026
    three_milestones()


# ---- which milestone, when


@pytest.mark.parametrize("day", [OPENING, BEFORE, AFTER])
def test_each_milestone_is_sent_on_its_day_and_not_before(day: dt.date, focal_point: User) -> None:
    earlier = [m for m in (OPENING, BEFORE, AFTER) if m < day]
    for milestone in earlier:
        plan(milestone)
    before = Message.objects.count()

    assert plan(day_after(day, -1))["messages"] == 0
    assert plan(day) == {"messages": 1, "reminders": 1, "overtaken": 0}

    assert Message.objects.count() == before + 1
    message = Message.objects.latest("pk")
    assert message.to == focal_point.email and message.person == focal_point
    assert message.kind == "reminder" and message.about == "2026-ALB"


def test_planning_again_plans_nothing(focal_point: User) -> None:
    plan(OPENING)

    for days in range(5):
        assert plan(day_after(OPENING, days))["messages"] == 0
    assert Message.objects.count() == Reminder.objects.count() == 1


def test_the_opening_of_a_year_that_nobody_planned_is_caught_up(focal_point: User) -> None:
    assert plan(day_after(OPENING, 3))["messages"] == 1


def test_after_an_outage_one_message_is_sent_and_the_others_are_overtaken(
    focal_point: User,
) -> None:
    assert plan(day_after(AFTER, 20)) == {"messages": 1, "reminders": 1, "overtaken": 2}

    sent = Reminder.objects.get(overtaken=False)
    assert sent.milestone == "after_7" and sent.due_on == AFTER
    assert Reminder.objects.filter(overtaken=True, message=None).count() == 2
    assert plan(day_after(AFTER, 21)) == {"messages": 0, "reminders": 0, "overtaken": 0}


def test_a_milestone_added_later_before_one_that_was_sent_is_overtaken(focal_point: User) -> None:
    plan(AFTER)
    Milestone.objects.create(kind="the_day", relative_to="due_on", offset_days=0)

    assert plan(day_after(AFTER)) == {"messages": 0, "reminders": 0, "overtaken": 1}


def test_nobody_is_reminded_of_a_round_that_is_closed_or_not_collected(focal_point: User) -> None:
    assert plan(dt.date(2025, 12, 31))["messages"] == 0
    assert plan(dt.date(2027, 1, 1))["messages"] == 0
    assert plan(dt.date(2024, 7, 8))["messages"] == 0


# ---- to whom


def test_nobody_is_reminded_whose_report_came(focal_point: User, member: Member) -> None:
    submitted(member)

    assert plan(AFTER)["messages"] == 0


def test_a_recalled_report_is_missing_again(focal_point: User, member: Member) -> None:
    report = submitted(member)
    Report.objects.filter(pk=report.pk).update(state="draft", first_submitted_at=None)

    assert plan(AFTER)["messages"] == 1
    assert "/reporting/2026-ALB/" in Message.objects.get().body


def test_an_excused_member_is_left_alone(
    focal_point: User, member: Member, administrator: User
) -> None:
    extend(member, None, administrator)

    assert plan(AFTER)["messages"] == 0


def test_milestones_follow_an_extended_due_date(
    focal_point: User, member: Member, administrator: User
) -> None:
    plan(BEFORE)
    extend(member, dt.date(2026, 9, 1), administrator)

    assert plan(AFTER)["messages"] == 0
    assert plan(dt.date(2026, 9, 8))["messages"] == 1


def test_who_was_reminded_of_the_old_date_is_reminded_of_the_new_one(
    focal_point: User, member: Member, administrator: User
) -> None:
    plan(OPENING)
    plan(BEFORE)
    plan(AFTER)
    decided_on, new = dt.date(2026, 7, 10), dt.date(2026, 9, 1)
    extend(member, new, administrator, on=decided_on)

    sent = {}
    around = [day_after(new, days) for days in (-31, -30, -29, 0, 6, 7, 8)]
    for day in (decided_on, day_after(decided_on), *around):
        if plan(day)["messages"]:
            sent[day] = Message.objects.latest("pk").subject
    assert sent == {
        day_after(new, -30): "Report 2026, Albania: due on 1 September 2026",
        day_after(new, 7): "Report 2026, Albania: was due on 1 September 2026",
    }
    assert Reminder.objects.filter(reckoned_from=new, overtaken=False).count() == 2


def test_what_the_decision_told_on_its_day_is_not_told_again(
    focal_point: User, member: Member, administrator: User
) -> None:
    plan(OPENING)
    plan(BEFORE)
    extend(member, dt.date(2026, 7, 8), administrator, on=dt.date(2026, 6, 28))
    new = person(Role.Kind.FOCAL_POINT, of=member, name="successor")

    assert plan(dt.date(2026, 6, 29))["messages"] == 1, "one who has not heard of any date"
    assert Message.objects.latest("pk").to == new.email
    assert plan(dt.date(2026, 7, 14))["messages"] == 0
    assert plan(dt.date(2026, 7, 15))["messages"] == 2


def test_who_is_extended_twice_hears_of_each_date_once(
    focal_point: User, member: Member, administrator: User
) -> None:
    plan(BEFORE)
    extension = extend(member, dt.date(2026, 8, 1), administrator, on=dt.date(2026, 6, 5))
    assert plan(dt.date(2026, 7, 2))["messages"] == 1
    extension.due_on, extension.decided_on = dt.date(2026, 9, 1), dt.date(2026, 7, 20)
    extension.save()

    assert plan(dt.date(2026, 8, 1))["messages"] == 0
    assert [plan(dt.date(2026, 8, day))["messages"] for day in (2, 3)] == [1, 0]


def test_a_round_that_is_due_later_reminds_again_of_its_new_date(focal_point: User) -> None:
    plan(BEFORE)
    Cycle.objects.filter(code="2026").update(due_on=dt.date(2026, 7, 11))

    assert plan(dt.date(2026, 6, 10))["messages"] == 0
    assert [plan(dt.date(2026, 6, day))["messages"] for day in (11, 12)] == [1, 0]
    assert "due on 11 July 2026" in Message.objects.latest("pk").subject


def test_an_extension_that_the_round_has_passed_shortens_nothing(
    focal_point: User, member: Member, administrator: User
) -> None:
    plan(BEFORE)
    extend(member, dt.date(2026, 7, 8), administrator, on=dt.date(2026, 6, 5))
    Cycle.objects.filter(code="2026").update(due_on=dt.date(2026, 8, 1))

    assert plan(dt.date(2026, 7, 1))["messages"] == 0
    assert plan(dt.date(2026, 7, 2))["messages"] == 1
    assert "due on 1 August 2026" in Message.objects.latest("pk").subject


def test_the_database_holds_one_reminder_for_a_date(focal_point: User) -> None:
    plan(BEFORE)
    again = Reminder.objects.get(overtaken=False)
    again.pk = None
    with pytest.raises(IntegrityError):
        again.save()


def test_former_and_disabled_people_are_not_written_to(
    former: User, disabled: User, reviewer: User
) -> None:
    assert plan(AFTER) == {"messages": 0, "reminders": 0, "overtaken": 0}


def test_a_focal_point_is_written_to_from_the_first_day_on(focal_point: User) -> None:
    focal_point.roles.update(since=day_after(AFTER))

    assert plan(AFTER)["messages"] == 0
    assert plan(day_after(AFTER))["messages"] == 1


def test_a_member_that_reports_through_another_is_not_written_to(db: None) -> None:
    person(Role.Kind.FOCAL_POINT, of=Member.objects.get(code="GB-EAW"))

    assert plan(AFTER)["messages"] == 0


def test_a_new_focal_point_gets_the_newest_milestone(focal_point: User, member: Member) -> None:
    plan(AFTER)
    new = person(Role.Kind.FOCAL_POINT, of=member, name="successor")

    assert plan(day_after(AFTER)) == {"messages": 1, "reminders": 1, "overtaken": 2}
    assert Message.objects.latest("pk").to == new.email


def test_one_message_a_day_lists_everything(focal_point: User, other_member: Member) -> None:
    Role.objects.create(
        user=focal_point, kind="focal_point", member=other_member, since=dt.date(2020, 1, 1)
    )

    assert plan(AFTER) == {"messages": 1, "reminders": 2, "overtaken": 4}
    message = Message.objects.get()
    assert message.subject == "2 reports are overdue"
    assert "Round 2026, Albania" in message.body and "Round 2026, Belgium" in message.body


def test_what_comes_up_later_in_a_day_waits_for_the_next(
    focal_point: User, other_member: Member
) -> None:
    plan(AFTER)
    Role.objects.create(
        user=focal_point, kind="focal_point", member=other_member, since=dt.date(2020, 1, 1)
    )

    assert plan(AFTER)["messages"] == 0
    assert plan(day_after(AFTER))["messages"] == 1
    assert "Belgium" in Message.objects.latest("pk").body


# ---- many, at once, and against a plain count


def test_two_planners_at_once_make_one_message_each(fresh_database: Database) -> None:
    for number, member in enumerate(Member.objects.counted()[:30]):
        person(Role.Kind.FOCAL_POINT, of=member, name=f"focal-{number}")

    at_once(lambda: plan(AFTER), 3)

    assert Message.objects.count() == 30
    assert Reminder.objects.count() == 90


@pytest.mark.parametrize("seed", range(2))
def test_the_planner_finds_what_a_plain_loop_finds(
    seed: int, administrator: User, django_assert_max_num_queries: Any
) -> None:
    chance = random.Random(seed)
    members = list(Member.objects.all())
    for member in members:
        for number in range(chance.choice([0, 1, 1, 2])):
            facts = {"is_active": chance.random() < 0.9}
            facts["until"] = chance.choice([None, None, dt.date(2026, 6, 15)])
            person(Role.Kind.FOCAL_POINT, of=member, name=f"{member.code}-{number}", **facts)
        if chance.random() < 0.3:
            submitted(member)
        if chance.random() < 0.3:
            extend(member, chance.choice([None, dt.date(2026, 8, 1)]), administrator)

    for day in (OPENING, dt.date(2026, 6, 20), AFTER, dt.date(2026, 8, 9)):
        expected = plain(day)
        with django_assert_max_num_queries(20):
            counts = plan(day)
        kept = Reminder.objects.filter(planned_at=noon(day)).select_related("member")
        assert {(r.milestone, r.member.code, r.recipient, r.overtaken) for r in kept} == expected
        assert counts["messages"] == len({to for _, _, to, overtaken in expected if not overtaken})


def plain(day: dt.date) -> set[tuple[str, str, str, bool]]:
    """What is to be written on `day`: one question after another, for every pair there is."""
    cycle = Cycle.objects.get(code="2026")
    asked = set(expected_members(cycle))
    found = set()
    roles = Role.objects.filter(kind="focal_point").select_related("user", "member")
    for role in roles:
        report = Report.objects.filter(cycle=cycle, member=role.member).first()
        extension = Extension.objects.filter(cycle=cycle, member=role.member).first()
        if not role.user.is_active or (role.until and role.until <= day):
            continue
        if (report and report.first_submitted_at) or role.member not in asked:
            continue
        if extension and extension.decided_on <= day and extension.due_on is None:
            continue
        extended = extension.due_on if extension and extension.decided_on <= day else None
        due = extended or cycle.due_on
        before, after = due - dt.timedelta(days=30), due + dt.timedelta(days=7)
        days = {"opening": cycle.opens_on, "before_30": before, "after_7": after}
        reached = sorted((on, kind) for kind, on in days.items() if on <= day)
        for (_, kind), newest in itertools.zip_longest(
            reversed(reached), [True] * bool(reached), fillvalue=False
        ):
            base = cycle.opens_on if kind == "opening" else due
            key = {"milestone": kind, "recipient": role.user.email, "reckoned_from": base}
            known = Reminder.objects.filter(cycle=cycle, member=role.member, **key)
            if not known.exists():
                found.add((kind, role.member.code, role.user.email, not newest))
    return found

"""Who is reminded, once, of what is due and missing, whatever did not run in between."""

import datetime as dt
import itertools
import random
from typing import Any

import pytest
from django.core import mail

from members import outbox
from members.models import Member, Message, Role, User
from reporting import reminders
from reporting.models import Cycle, Extension, Milestone, Reminder, Report
from reporting.rounds import expected_members
from tests.at_once import at_once
from tests.cast import person
from tests.database import Database

DUE = dt.date(2026, 7, 1)
OPENING, BEFORE, AFTER = dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 8)
RECHECK = ["reporting.reminders.still_due"]
State = Message.State


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def day_after(day: dt.date, days: int = 1) -> dt.date:
    return day + dt.timedelta(days=days)


def plan(day: dt.date) -> dict[str, int]:
    return reminders.plan(now=noon(day))


def submitted(member: Member, code: str = "2026") -> Report:
    report, _ = Report.objects.get_or_create(cycle=Cycle.objects.get(code=code), member=member)
    Report.objects.filter(pk=report.pk).update(
        state="submitted", first_submitted_at=noon(dt.date(2026, 5, 1))
    )
    return report


def extend(member: Member, due_on: dt.date | None, by: User) -> Extension:
    return Extension.objects.create(
        cycle=Cycle.objects.get(code="2026"),
        member=member,
        due_on=due_on,
        reason="-",
        decided_by=by,
        decided_on=dt.date(2026, 2, 1),
    )


@pytest.fixture(autouse=True)
def _one_round(settings: Any) -> None:
    settings.FIRST_CYCLE = 2026


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
    assert sent.milestone.kind == "after_due" and sent.due_on == AFTER
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


def test_contributors_former_and_disabled_people_are_not_written_to(
    contributor: User, former: User, disabled: User, reviewer: User
) -> None:
    assert plan(AFTER) == {"messages": 0, "reminders": 0, "overtaken": 0}


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
    assert message.subject == "2 reports are missing"
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
    assert not Message.objects.filter(reminders__milestone__kind="before_due").exists()
    reminders.plan(now=evening_before)

    message = Message.objects.latest("pk")
    assert message.reminders.get().milestone.kind == "before_due"
    assert "3 July 2026, 00:00 (NZST)" in message.body


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
    reminders.plan(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))

    assert Message.objects.count() == 2
    assert outbox.drain(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)) == {
        "dropped": 1,
        "sent": 1,
    }


def open_round() -> Cycle:
    """A round that opened just now: the outbox asks at the moment of sending."""
    today = dt.datetime.now(dt.UTC).date()
    cycle, _ = Cycle.objects.update_or_create(
        code="2098",
        defaults={
            "opens_on": day_after(today, -1),
            "due_on": day_after(today, 200),
            "closes_on": day_after(today, 300),
        },
    )
    return cycle


def plan_now() -> None:
    """Plans for today, when nothing but the report of the round just opened is missing."""
    others = Cycle.objects.exclude(code=open_round().code)
    for cycle, role in itertools.product(others, Role.objects.filter(kind="focal_point")):
        submitted(role.member, cycle.code)
    reminders.plan(now=dt.datetime.now(dt.UTC))


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
        with django_assert_max_num_queries(15):
            counts = plan(day)
        kept = Reminder.objects.filter(planned_at=noon(day)).select_related("milestone", "member")
        assert {
            (r.milestone.kind, r.member.code, r.recipient, r.overtaken) for r in kept
        } == expected
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
        days = {
            "opening": cycle.opens_on,
            "before_due": due - dt.timedelta(days=30),
            "after_due": due + dt.timedelta(days=7),
        }
        reached = sorted((on, kind) for kind, on in days.items() if on <= day)
        for (_, kind), newest in itertools.zip_longest(
            reversed(reached), [True] * bool(reached), fillvalue=False
        ):
            known = Reminder.objects.filter(
                milestone__kind=kind,
                cycle=cycle,
                member=role.member,
                recipient=role.user.email,
            )
            if not known.exists():
                found.add((kind, role.member.code, role.user.email, not newest))
    return found

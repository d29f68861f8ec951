"""The secretariat changes when the members are reminded in a round, and first sees the effect."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from members.models import Event, User
from reporting import actions, reminders
from reporting.models import Cycle, Milestone, Reminder, ReminderPlan
from reporting.reminders import PlannedMilestone, plans_of
from tests.cast import sign_in
from tests.reporting.reminding import AFTER, BEFORE, day_after, noon, plan, three_milestones

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/rounds/2026/reminders/"
NOW = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _one_round(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FIRST_CYCLE = 2026
    three_milestones()
    monkeypatch.setattr("reporting.views.desk.plans.timezone.now", lambda: NOW)


@pytest.fixture
def cycle(db: None) -> Cycle:
    return Cycle.objects.get(code="2026")


OPENING = PlannedMilestone("opening", "opens_on", 0)
MOVED = PlannedMilestone("before_30", "due_on", -20)
ADDED = PlannedMilestone("new_3", "due_on", 2, "secretariat")


def typed(
    *rows: PlannedMilestone, version: int = 0, initial: int = 3, **more: str
) -> dict[str, str]:
    """What a browser sends for a plan of these rows."""
    data = {"m-TOTAL_FORMS": str(len(rows)), "m-INITIAL_FORMS": str(min(initial, len(rows)))}
    for n, row in enumerate(rows):
        data |= {
            f"m-{n}-kind": "" if row.kind.startswith("new") else row.kind,
            f"m-{n}-offset_days": str(row.offset_days),
            f"m-{n}-relative_to": row.relative_to,
            f"m-{n}-reaches": row.reaches,
        }
    return data | {"version": str(version)} | more


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def seen(response: Any) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{64})"', response.content.decode())[1]


# ---- the page


def test_the_page_shows_the_plan_in_force(client: Client, editor: User) -> None:
    page = words(sign_in(client, editor).get(PAGE))
    assert "follows the default plan" in page
    assert 'value="-30"' in page and 'name="version" value="0"' in page


def test_a_change_is_shown_before_it_is_saved(
    client: Client, reviewer: User, focal_point: User, cycle: Cycle
) -> None:
    sign_in(client, reviewer)
    shown = client.post(PAGE, typed(OPENING, MOVED, ADDED))
    page = words(shown)
    assert shown.status_code == 200 and not ReminderPlan.objects.exists()
    assert "1 June 2026</th>" in page and "would go" in page
    assert "11 June 2026</th>" in page and "would be added" in page

    saved = client.post(PAGE, typed(OPENING, MOVED, ADDED, save="1", seen=seen(shown)))
    assert saved.status_code == 302
    kinds = {m.kind: m.offset_days for m in plans_of([cycle])[cycle.pk]}
    assert kinds == {"opening": 0, "before_30": -20, "own_0": 2}
    [event] = Event.objects.filter(verb="plan_reminders")
    assert event.actor == reviewer and event.detail["milestones"]["own_0"] == "due_on+2 secretariat"


def test_what_was_not_seen_is_not_saved(client: Client, editor: User) -> None:
    sign_in(client, editor)
    shown = client.post(PAGE, typed(OPENING, MOVED))
    other = typed(OPENING, ADDED, save="1", seen=seen(shown))
    assert "Nothing is saved yet" in words(client.post(PAGE, other))
    assert client.post(PAGE, typed(OPENING, save="1")).status_code == 200
    assert not ReminderPlan.objects.exists()


def test_who_was_slower_sees_both_plans(client: Client, editor: User, cycle: Cycle) -> None:
    sign_in(client, editor)
    shown = client.post(PAGE, typed(OPENING, MOVED))
    actions.save_plan(cycle, [OPENING], version=0, by=editor, at=NOW)

    clash = client.post(PAGE, typed(OPENING, MOVED, save="1", seen=seen(shown)))
    assert clash.status_code == 409
    assert "Theirs is:" in words(clash) and 'value="-20"' in words(clash)
    assert [m.kind for m in plans_of([cycle])[cycle.pk]] == ["opening"]

    again = typed(OPENING, MOVED, version=1, save="1", seen=seen(clash))
    assert client.post(PAGE, again).status_code == 302
    assert ReminderPlan.objects.get().version == 2


BAD = {
    "too far": typed(PlannedMilestone("opening", "opens_on", 400)),
    "a strange place": typed(PlannedMilestone("opening", "closes_on", 4)),
    "a strange reader": typed(PlannedMilestone("opening", "opens_on", 4, "press")),
    "twice the same day": typed(OPENING, PlannedMilestone("new_1", "opens_on", 0)),
    "twice the same milestone": typed(OPENING, PlannedMilestone("opening", "due_on", 3)),
    "a strange name": typed(PlannedMilestone("A B", "due_on", 3)),
    "no number": typed(OPENING) | {"m-0-offset_days": "soon"},
    "an emptied row": typed(OPENING) | {"m-0-offset_days": ""},
    "no rows at all": {"version": "0"},
    "too many rows": typed(OPENING) | {"m-TOTAL_FORMS": "2000"},
    "no version": typed(OPENING) | {"version": "x"},
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
def test_a_plan_that_makes_no_sense_is_refused(
    sent: dict[str, str], client: Client, editor: User
) -> None:
    answer = sign_in(client, editor).post(PAGE, sent)
    assert answer.status_code == 400
    assert not ReminderPlan.objects.exists()


def test_there_is_no_plan_of_a_round_that_is_not_collected(client: Client, editor: User) -> None:
    sign_in(client, editor)
    assert client.get("/secretariat/rounds/2018/reminders/").status_code == 404
    assert client.get("/secretariat/rounds/9999/reminders/").status_code == 404


# ---- what is saved


def test_only_the_secretariat_plans(cycle: Cycle, focal_point: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.save_plan(cycle, [OPENING], version=0, by=focal_point, at=NOW)


def test_a_version_that_is_not_the_newest_is_refused(cycle: Cycle, editor: User) -> None:
    with pytest.raises(actions.PlanChanged):
        actions.save_plan(cycle, [OPENING], version=3, by=editor, at=NOW)


def test_the_same_plan_again_changes_nothing(cycle: Cycle, editor: User) -> None:
    for _ in range(2):
        actions.save_plan(cycle, [OPENING, MOVED], version=0, by=editor, at=NOW)
    assert ReminderPlan.objects.get().version == 1
    assert Event.objects.filter(verb="plan_reminders").count() == 1


def test_a_milestone_that_moves_is_not_sent_again(
    cycle: Cycle, editor: User, focal_point: User
) -> None:
    plan(BEFORE)
    after_7 = PlannedMilestone("after_7", "due_on", 7)
    actions.save_plan(cycle, [OPENING, MOVED, after_7], version=0, by=editor, at=NOW)
    assert plan(dt.date(2026, 6, 11))["messages"] == 0
    assert plan(AFTER)["messages"] == 1


def test_a_plan_of_one_round_leaves_the_others_alone(cycle: Cycle, editor: User) -> None:
    actions.save_plan(cycle, [], version=0, by=editor, at=NOW)
    other = Cycle.objects.get(code="2028")
    plans = plans_of([cycle, other])
    assert plans[cycle.pk] == [] and len(plans[other.pk]) == 3
    assert Milestone.objects.filter(plan=None).count() == 3


def test_a_round_without_milestones_reminds_nobody(
    cycle: Cycle, editor: User, focal_point: User
) -> None:
    actions.save_plan(cycle, [], version=0, by=editor, at=NOW)
    assert plan(AFTER)["messages"] == 0


def test_a_new_milestone_never_takes_the_name_of_one_that_was_sent(
    cycle: Cycle, editor: User, focal_point: User
) -> None:
    actions.save_plan(cycle, [ADDED], version=0, by=editor, at=NOW)
    plan(dt.date(2026, 7, 3))
    actions.save_plan(cycle, [], version=1, by=editor, at=NOW)
    later = PlannedMilestone("new_0", "due_on", 5)
    actions.save_plan(cycle, [later], version=2, by=editor, at=NOW)

    assert plan(dt.date(2026, 7, 6))["messages"] == 1
    assert set(Reminder.objects.values_list("milestone", flat=True)) == {"own_0", "own_1"}


def test_a_milestone_taken_out_meanwhile_is_not_sent(
    editor: User, focal_point: User, settings: Any
) -> None:
    from members import outbox
    from tests.reporting.reminding import open_round, plan_now

    settings.OUTBOX_RECHECKS = ["reporting.reminders.still_due"]
    plan_now()
    actions.save_plan(open_round(), [], version=0, by=editor, at=NOW)
    assert outbox.drain() == {"dropped": 1}


def test_planning_goes_on_from_a_plan_of_its_own(
    cycle: Cycle, editor: User, focal_point: User
) -> None:
    actions.save_plan(cycle, [OPENING, MOVED], version=0, by=editor, at=NOW)
    plan(dt.date(2026, 1, 1))
    foretold = reminders.ahead([noon(dt.date(2026, 6, 11))])
    assert [row[2] for row in foretold] == ["before_30"]
    assert plan(dt.date(2026, 6, 11))["messages"] == 1
    assert plan(day_after(AFTER, 100))["messages"] == 0


def test_a_trial_speaks_of_the_default_plan_beside_one_of_its_own(
    client: Client, cycle: Cycle, editor: User
) -> None:
    actions.save_plan(cycle, [OPENING, MOVED], version=0, by=editor, at=NOW)
    sign_in(client, editor)
    asked = {"milestone": "opening", "offset_days": "3"}
    assert client.get("/secretariat/rehearsal/", asked).status_code == 200

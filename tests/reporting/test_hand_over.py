"""A focal point leaves: one step gives its place, and what it held, to a colleague."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment
from members import actions as accounts
from members.models import CalendarKey, Event, Member, Message, Role, User
from reporting import actions
from reporting.models import Assignment, Report
from reporting.questions import questions
from tests.cast import person, sign_in

from .conftest import OPENED, SAID

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
HAND_OVER, BRIEF = f"{HOME}people/hand-over/", f"{HOME}brief/"
DESK = "/secretariat/members/ALB/hand-over/"


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


def roles_of(user: User) -> list[str]:
    today = timezone.now().date()
    return sorted(Role.objects.in_force(today).filter(user=user).values_list("kind", flat=True))


@pytest.fixture
def held(report: Report, focal_point: User) -> Report:
    """The report with one question that the focal point asked of itself."""
    clause = Commitment.objects.get(reference="2012-T1")
    day = dt.date(2026, 6, 1)
    actions.assign(report, [clause], to=focal_point, due_on=day, by=focal_point, at=OPENED)
    return report


def hand_over(member: Member, leaving: User, to: User, **facts: Any) -> int:
    facts = {"ends": True, "by": leaving, "at": timezone.now()} | facts
    return actions.hand_over(member, leaving=leaving, to=to, **facts)


def test_one_step_moves_what_was_held_and_ends_the_role(
    client: Client, held: Report, focal_point: User, contributor: User
) -> None:
    accounts.make_calendar_key(by=focal_point, at=OPENED)
    sign_in(client, focal_point)
    sent = {"leaving": focal_point.pk, "to": contributor.pk, "ends": "on"}
    assert client.post(HAND_OVER, sent)["Location"] == "/accounts/"
    assert roles_of(focal_point) == []
    assert roles_of(contributor) == ["contributor", "focal_point"]
    (question,) = [q for q in questions(held) if q.assignment]
    assert question.is_held_by(contributor)
    assert question.assignment is not None
    assert question.assignment.due_on == dt.date(2026, 6, 1)
    assert not CalendarKey.objects.exists()
    assert client.get(HOME).status_code == 403
    subjects = [m.subject for m in Message.objects.filter(to=contributor.email)]
    assert any("handed over to you" in subject for subject in subjects)
    event = Event.objects.get(verb="handed over")
    assert event.detail == {"member": "ALB", "to": contributor.pk, "ends": True}
    moved = Event.objects.get(verb="hand_over")
    assert moved.detail["commitments"] == ["2012-T1"]
    sign_in(client, User.objects.get(pk=contributor.pk))
    assert "0 of" in words(client.get(BRIEF))


def test_the_one_who_leaves_may_stay_beside_the_successor(
    member: Member, held: Report, focal_point: User, contributor: User
) -> None:
    assert hand_over(member, focal_point, contributor, ends=False) == 1
    assert roles_of(focal_point) == ["focal_point"]
    assert "focal_point" in roles_of(contributor)
    assert Assignment.objects.filter(ended_at=None).get().person == contributor


def test_the_secretariat_hands_over_for_one_who_is_gone(
    client: Client, held: Report, focal_point: User, contributor: User, editor: User
) -> None:
    User.objects.filter(pk=focal_point.pk).update(is_active=False)
    sign_in(client, editor)
    sent = {"leaving": focal_point.pk, "to": contributor.pk, "ends": "on"}
    assert client.post(DESK, sent)["Location"] == "/secretariat/members/ALB/contacts/"
    assert roles_of(focal_point) == []
    assert Event.objects.get(verb="handed over").actor == editor


@pytest.mark.parametrize("who", ["themselves", "outsider", "former", "nobody", "stranger"])
def test_nobody_but_a_colleague_takes_over_and_the_last_focal_point_stays(
    who: str, client: Client, held: Report, focal_point: User, outsider: User, former: User
) -> None:
    people: dict[str, Any] = {"themselves": focal_point.pk, "outsider": outsider.pk}
    people |= {"former": former.pk, "nobody": "", "stranger": "999999"}
    sign_in(client, focal_point)
    sent = {"leaving": focal_point.pk, "to": people[who], "ends": "on"}
    page = client.post(HAND_OVER, sent)
    assert page.status_code == 400
    assert roles_of(focal_point) == ["focal_point"]
    assert not Event.objects.filter(verb="handed over").exists()
    assert Assignment.objects.filter(ended_at=None).get().person == focal_point


def test_the_action_refuses_what_the_form_would(
    member: Member,
    held: Report,
    focal_point: User,
    contributor: User,
    outsider: User,
    reviewer: User,
) -> None:
    for to in (focal_point, outsider, reviewer):
        with pytest.raises(ValidationError, match="to"):
            hand_over(member, focal_point, to)
    with pytest.raises(ValidationError, match="leaving"):
        hand_over(member, contributor, focal_point, by=focal_point)
    for by in (contributor, outsider, reviewer):
        with pytest.raises(PermissionDenied):
            hand_over(member, focal_point, contributor, by=by)
    assert roles_of(focal_point) == ["focal_point"]


def test_handing_over_twice_finds_nothing_left_to_do(
    member: Member, held: Report, focal_point: User, contributor: User, editor: User
) -> None:
    hand_over(member, focal_point, contributor, by=editor)
    with pytest.raises(ValidationError, match="leaving"):
        hand_over(member, focal_point, contributor, by=editor)
    assert Event.objects.filter(verb="handed over").count() == 1


def test_what_is_asked_of_others_stays_with_them(
    member: Member, held: Report, focal_point: User, contributor: User
) -> None:
    second = person(Role.Kind.CONTRIBUTOR, of=member, name="second")
    clause = Commitment.objects.get(reference="2012-T2")
    actions.assign(held, [clause], to=second, due_on=None, by=focal_point, at=OPENED)
    hand_over(member, focal_point, contributor)
    held_now = {q.reference: q.assignment.person for q in questions(held) if q.assignment}
    assert held_now == {"2012-T1": contributor, "2012-T2": second}


def test_the_brief_says_what_is_open_and_who_holds_it_and_is_not_for_a_narrowed_view(
    client: Client, held: Report, member: Member, focal_point: User, contributor: User
) -> None:
    clause = Commitment.objects.get(reference="2012-T2")
    facts: dict[str, Any] = {"base_version": 0, "by": focal_point, "at": OPENED}
    actions.save_answer(held, clause, said=SAID, **facts)
    page = words(sign_in(client, focal_point).get(BRIEF))
    assert "Draft" in page
    assert "focal point: 1 question, 0 answered, asked for by 1 June 2026" in page
    assert "2012-T1" in page
    assert "2012-T2" not in page
    actions.restrict(member, person=contributor, by=focal_point, at=OPENED)
    assert sign_in(client, contributor).get(BRIEF).status_code == 404

"""Two focal points at the same moment: one holder for each answer, one hand-over, no deadlock."""

import datetime as dt
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.exceptions import ValidationError

from commitments.models import Commitment
from members.models import Event, Member, Role, User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Assignment, Cycle, Proposal, Report
from tests import cast
from tests.at_once import at_once

from .conftest import OPENED, SAID


def _scene() -> tuple[Report, Member, list[User], list[User]]:
    """A draft in a database of its own, two focal points and two contributors."""
    member = cast.a_member("ALB")
    speak = [cast.person("focal_point", of=member, name=n) for n in ("first", "second")]
    write = [cast.person("contributor", of=member, name=n) for n in ("third", "fourth")]
    cycle = Cycle.objects.get(code="2026")
    report = actions.start_report(cycle, member, by=speak[0], at=OPENED)
    return report, member, speak, write


def _each(*work: Callable[[], Any]) -> list[Any]:
    """What each piece of work returned or the ValidationError that it raised, done at once."""
    left, gate = list(work), Lock()

    def one() -> Any:
        with gate:
            mine = left.pop()
        try:
            return mine()
        except ValidationError as refused:
            return refused

    return at_once(one, len(work), seconds=30)


def test_two_who_ask_for_one_answer_at_once_leave_one_holder(fresh_database: object) -> None:
    report, _member, speak, write = _scene()
    asked = Commitment.objects.filter(reference__in=["2012-T1", "2012-T2"])

    def ask(by: User, to: User) -> Callable[[], Any]:
        return lambda: actions.assign(report, asked, to=to, due_on=None, by=by, at=OPENED)

    _each(ask(speak[0], write[0]), ask(speak[1], write[1]))
    rows = Assignment.objects.filter(ended_at=None)
    assert rows.count() == 2
    assert len({row.person_id for row in rows}) == 1
    assert Assignment.objects.count() == 4


def test_a_proposal_taken_over_twice_at_once_is_one_version(fresh_database: object) -> None:
    report, _member, speak, write = _scene()
    clause = Commitment.objects.get(reference="2012-T1")
    actions.assign(report, [clause], to=write[0], due_on=None, by=speak[0], at=OPENED)
    facts: dict[str, Any] = {"base_version": 0, "at": OPENED}
    actions.save_answer(report, clause, said=SAID, by=write[0], **facts)

    def take(by: User) -> Callable[[], Any]:
        return lambda: actions.take_over(report, clause, proposed=1, by=by, **facts)

    _each(take(speak[0]), take(speak[1]))
    assert Answer.objects.get(report=report, commitment=clause).version == 1
    assert AnswerVersion.objects.count() == Event.objects.filter(verb="take_over").count() == 1
    assert not Proposal.objects.get().waits


def test_two_hand_overs_of_one_place_at_once_are_one(fresh_database: object) -> None:
    _report, member, speak, write = _scene()
    editor = cast.person("editor")

    def hand(to: User) -> Callable[[], Any]:
        facts: dict[str, Any] = {"leaving": speak[0], "ends": True, "at": _now()}
        return lambda: actions.hand_over(member, to=to, by=editor, **facts)

    outcomes = _each(hand(write[0]), hand(write[1]))
    assert sum(isinstance(one, ValidationError) for one in outcomes) == 1
    held = Role.objects.in_force(_now().date()).filter(kind="focal_point", member=member)
    assert held.count() == 2  # the second of before, and the one successor
    assert not held.filter(user=speak[0]).exists()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

"""No life of a report ends in a state that it must not have, whoever does what in any order."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from members.models import Member, User
from reporting import actions
from reporting.models import Cycle
from tests.cast import person, sign_in

from .conftest import OPENED
from .lives import ACTORS, Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    """Somebody of the secretariat with every role in it."""
    somebody = person("reviewer", name="clerk")
    for kind in ("editor", "administrator"):
        somebody.roles.create(kind=kind, since=dt.date(2020, 1, 1))
    return User.objects.get(pk=somebody.pk)


def signed_in(who: User) -> Client:
    """A client that signs in once for all lives: that costs more than most steps."""
    client = sign_in(Client(raise_request_exception=False), who)
    if who.is_authenticated:
        session = client.session
        for step in session["account_authentication_methods"]:
            step["at"] = time.time() + 3600  # its proof stays fresh
        session.save()
    return client


@pytest.fixture
def life(request: pytest.FixtureRequest, cycle: Cycle, member: Member) -> Callable[[], Life]:
    """Lives of a report: of the member's own, or where `entered` is set of one on paper."""
    people: dict[str, User] = {actor: request.getfixturevalue(actor) for actor in ACTORS}
    cast = {actor: signed_in(who) for actor, who in people.items()}
    entered = getattr(request, "param", False)
    if entered:
        facts = {"received_as": "letter", "received_on": OPENED.date()}
        report = actions.enter(cycle, member, **facts, by=people["clerk"], at=OPENED)
    else:
        report = request.getfixturevalue("report")

    seen: set[tuple[Any, ...]] = set()

    def begun() -> Life:
        machine = Life()
        machine.seen = seen
        machine.report, machine.cast, machine.entered = report, cast, entered
        return machine

    return begun


@pytest.mark.parametrize("life", [False, True], indirect=True, ids=["own", "entered"])
def test_no_illegal_state_is_reached_by_pages_admin_or_sql(life: Callable[[], Life]) -> None:
    bounds = settings(
        max_examples=15,
        stateful_step_count=25,
        phases=[Phase.generate],  # a life that fails is told whole: to make it short takes long
        deadline=None,
        derandomize=True,
        suppress_health_check=[*HealthCheck],
    )
    run_state_machine_as_test(life, settings=bounds)


def test_the_machine_can_live_a_whole_life(life: Callable[[], Life]) -> None:
    machine = life()
    machine.begin()
    for move in ["submit", "recall", "submit", "start-review", "return", "submit"]:
        machine.go(move)
    for move in ["start-review", "accept", "agree", "publish", "reopen", "submit"]:
        machine.go(move)
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.versions, machine.shown) == ("submitted", 4, 3)
    for move in ["start-review", "accept", "object", "agree", "publish"]:
        machine.go(move)
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.held, machine.shown) == ("accepted", True, 3)
    for actor in ["focal_point", "editor", "reviewer"]:
        machine.somebody_answers_what_the_member_objects_to(actor)
    machine.the_report_and_the_public_are_as_they_should_be()
    for move in ["agree", "publish", "withdraw", "object", "return"]:
        machine.go(move)
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.shown) == ("returned", 0)
    machine.teardown()


@pytest.mark.parametrize("life", [True], indirect=True)
def test_what_came_on_paper_can_live_a_whole_life(life: Callable[[], Life]) -> None:
    machine = life()
    machine.begin()
    machine.make("submit", "clerk")
    for actor in ("clerk", "reviewer"):
        machine.make("start-review", actor)
        machine.make("accept", actor)  # by nobody before the member's word
        machine.the_report_and_the_public_are_as_they_should_be()
    machine.make("dispute", "focal_point")
    machine.make("submit", "clerk")
    for move in ["confirm", "start-review", "return", "submit"]:
        machine.go(move)
    for move in ["confirm", "start-review", "accept", "agree", "publish", "reopen", "submit"]:
        machine.go(move)
    machine.make("recall", "focal_point")
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.paper, machine.shown) == ("draft", False, 3)
    machine.teardown()

"""A report lives any life: all actors at all pages, the admin and direct SQL, in any order.

What may happen is said here by hand and not read from the table of moves. Whatever is tried, the
report is in the state that this says, the public sees what was published last, and nothing else.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from members import events
from members.models import Member, User
from reporting import actions
from reporting.models import Comment, Cycle, PublishedReport, Report, Version
from tests.cast import person, sign_in

from .conftest import EVIDENCE, OPENED, answer_all

pytestmark = pytest.mark.django_db
MEMBER, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
STATES = ["draft", "submitted", "returned", "accepted", "published"]
ACTORS = ["focal_point", "contributor", "outsider", "former", "reviewer", "editor"]
ACTORS += ["administrator", "analyst", "disabled", "visitor", "clerk"]

# Who may, from which states, and to which state it leads; `ready` says the rest.
MOVES: dict[str, tuple[set[str], set[str], str]] = {
    "submit": ({"focal_point"}, {"draft", "returned"}, "submitted"),
    "recall": ({"focal_point"}, {"submitted"}, "draft"),
    "confirm": ({"focal_point"}, {"submitted"}, "submitted"),
    "dispute": ({"focal_point"}, {"submitted"}, "returned"),
    "agree": ({"focal_point"}, {"accepted"}, "accepted"),
    "object": ({"focal_point"}, {"accepted"}, "accepted"),
    "reopen": ({"focal_point"}, {"published"}, "draft"),
    "start-review": ({"reviewer"}, {"submitted"}, "submitted"),
    "accept": ({"reviewer"}, {"submitted"}, "accepted"),
    "return": ({"reviewer"}, {"submitted", "accepted"}, "returned"),
    "publish": ({"reviewer", "administrator"}, {"accepted"}, "published"),
    "withdraw": ({"reviewer", "administrator"}, {"published"}, "accepted"),
}
WHOLE = ["submit", "start-review", "return", "submit", "start-review", "accept", "agree"]
WHOLE += ["publish", "reopen", "submit", "start-review", "accept", "agree", "publish", "withdraw"]
OF_MEMBER = {"submit", "recall", "agree", "object", "reopen", "confirm", "dispute"}
# The clerk reviews and publishes, but never what it entered itself; it sends what it entered.
OF_CLERK = {"start-review", "accept", "return", "publish", "withdraw"}
BY_SQL = {
    *{("draft", "submitted"), ("submitted", "draft"), ("submitted", "returned")},
    *{("submitted", "accepted"), ("returned", "submitted"), ("accepted", "published")},
    *{("accepted", "returned"), ("published", "accepted"), ("published", "draft")},
}
NEVER = [
    "DELETE FROM reporting_report",
    "DELETE FROM reporting_answer",
    "UPDATE reporting_version SET content = '{}'",
    "DELETE FROM reporting_version",
    "UPDATE reporting_publishedreport SET version = 9",
    "DELETE FROM reporting_publishedanswer",
    "UPDATE members_event SET verb = 'x'",
]


class Life(RuleBasedStateMachine):
    """One report, and what its life must look like from outside."""

    report: Report
    cast: dict[str, Any]
    entered = False  # whether the clerk began it, from what came on paper

    @initialize(steps=st.integers(0, len(WHOLE)))
    def begin(self, steps: int = 0) -> None:
        self.start = transaction.savepoint()
        answer_all(self.report, evidence=EVIDENCE)
        self.state, self.started, self.agreed = "draft", False, False
        self.held = False
        self.versions, self.shown = 0, 0
        self.paper, self.confirmed = self.entered, False
        for move in WHOLE[:steps]:
            self.make(move, min(self.who(move)))

    def teardown(self) -> None:
        chain = "report:2026-ALB"
        try:
            assert events.broken_links(chain) == []
        finally:
            transaction.savepoint_rollback(self.start)

    @rule(move=st.sampled_from([*MOVES]), actor=st.sampled_from(ACTORS))
    def anybody_tries_a_move(self, move: str, actor: str) -> None:
        self.make(move, actor)

    @rule(move=st.sampled_from([*MOVES]))
    def whoever_may_makes_a_move(self, move: str) -> None:
        self.make(move, min(self.who(move)))

    @rule()
    def whoever_may_tries_what_is_not_open_now(self) -> None:
        for move, (_who, sources, _target) in MOVES.items():
            if self.state not in sources or not self.ready(move):
                self.post(move, min(self.who(move)))
                self.the_report_and_the_public_are_as_they_should_be()

    @property
    def waits(self) -> bool:
        """Was it entered, and has the member not confirmed it?"""
        return self.paper and not self.confirmed

    def who(self, move: str) -> set[str]:
        who = MOVES[move][0]
        if move in OF_CLERK and not self.entered:
            return who | {"clerk"}
        return who | {"clerk"} if move in ("submit", "recall") and self.waits else who

    def make(self, move: str, actor: str) -> None:
        who, (_who, sources, target) = self.who(move), MOVES[move]
        may = actor in who and self.state in sources and self.ready(move)
        got = self.post(move, actor)
        if may:
            assert got == 302, (move, actor, got)
            self.follow(move, target, actor)
        elif actor not in who:
            assert got in (302, 403, 404), (move, actor, got)

    def ready(self, move: str) -> bool:
        return {
            "recall": not self.started,
            "start-review": not self.started,
            "accept": self.started and not self.waits,
            "confirm": self.waits,
            "dispute": self.waits,
            "return": self.started,
            "agree": not self.agreed and not self.held,
            "object": not self.agreed,
            "publish": self.agreed,
        }.get(move, True)

    def follow(self, move: str, target: str, actor: str) -> None:
        self.state = target
        if move in ("submit", "confirm") and self.paper:
            self.confirmed = actor == "focal_point"
        if move == "recall" and actor == "focal_point":
            self.paper = False  # from now on it is the member's own
        if move == "return":
            self.confirmed = False
        if move == "submit":
            self.versions += 1
        if move in ("submit", "return", "reopen", "dispute"):
            self.started = False
        if move == "start-review":
            self.started = True
        self.agreed = move == "agree" or (self.agreed and move == "publish")
        self.held = move == "object" or (self.held and move != "return")
        if move == "publish":
            self.shown = self.versions
        if move == "withdraw":
            self.shown = 0

    def post(self, move: str, actor: str) -> int:
        client = sign_in(Client(raise_request_exception=False), self.cast[actor])
        today = dt.datetime.now(dt.UTC).date().isoformat()
        sent = {"because": "Because.", "on": today, "key": str(uuid.uuid4())}
        sent |= {"wrong": "A figure."}
        sent |= {"entitled": "on", "no_personal_data": "on", "why_unchanged": "It is right."}
        base = MEMBER if move in OF_MEMBER else DESK
        return client.post(f"{base}{move}/", sent).status_code

    @rule(actor=st.sampled_from(["focal_point", "editor", "reviewer"]))
    def somebody_answers_what_the_member_objects_to(self, actor: str) -> None:
        client = sign_in(Client(raise_request_exception=False), self.cast[actor])
        for thread in Comment.objects.open().objections().filter(report=self.report):
            for page, sent in (("", {"text": "So it stands."}), ("resolve/", {})):
                got = client.post(f"{DESK}comments/{thread.pk}/{page}", sent).status_code
                assert got == (302 if actor == "reviewer" else 403), (actor, page, got)
        self.held = self.held and actor != "reviewer"

    @rule(other=st.sampled_from(STATES), actor=st.sampled_from(["administrator", "editor"]))
    def the_admin_is_asked_for_another_state(self, other: str, actor: str) -> None:
        client = sign_in(Client(raise_request_exception=False), self.cast[actor])
        address = f"/admin/reporting/report/{self.report.pk}/"
        assert client.post(f"{address}change/", {"state": other}).status_code in (302, 403)
        assert client.post(f"{address}delete/", {"post": "yes"}).status_code in (302, 403)

    @rule(other=st.sampled_from(STATES))
    def somebody_writes_another_state_by_sql(self, other: str) -> None:
        legal = (self.state, other) in BY_SQL or self.state == other
        legal = legal and not (self.waits and other in ("accepted", "published"))
        legal = legal and not (self.held and other != "accepted")
        sql = f"UPDATE reporting_report SET state = '{other}', first_submitted_at = now()"
        assert self.database_takes(sql) == legal, (self.state, other)

    @rule(sql=st.sampled_from(NEVER))
    def somebody_rewrites_what_stays_by_sql(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {sql.split()[1 + sql.startswith('DELETE')]})"
            )
            there = cursor.fetchone()[0]
        assert not there or not self.database_takes(sql), sql

    @rule()
    def somebody_rewrites_an_answer_by_sql(self) -> None:
        taken = self.database_takes("UPDATE reporting_answer SET narrative = 'Other.'")
        assert taken == (self.state in ("draft", "returned"))

    @staticmethod
    def database_takes(sql: str) -> bool:
        """Whether the database would take the statement; it is undone either way."""
        before = transaction.savepoint()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError:
            return False
        finally:
            transaction.savepoint_rollback(before)
        return True

    @invariant()
    def the_report_and_the_public_are_as_they_should_be(self) -> None:
        if not hasattr(self, "state"):
            return
        now = Report.objects.get(pk=self.report.pk)
        assert now.state == self.state
        assert bool(now.review_started_at) >= self.started
        assert now.first_submitted_at or now.state == "draft"
        assert (now.was_entered, now.is_unconfirmed) == (self.paper, self.waits)
        assert bool(now.objected_at) == self.held
        assert Version.objects.filter(report=now).count() == self.versions
        shown = PublishedReport.objects.shown().filter(cycle="2026", member="ALB")
        assert [row.version for row in shown] == ([self.shown] if self.shown else [])


@pytest.fixture
def clerk(db: None) -> User:
    """Somebody of the secretariat with every role in it."""
    somebody = person("reviewer", name="clerk")
    for kind in ("editor", "administrator"):
        somebody.roles.create(kind=kind, since=dt.date(2020, 1, 1))
    return User.objects.get(pk=somebody.pk)


@pytest.fixture
def life(request: pytest.FixtureRequest, cycle: Cycle, member: Member) -> Callable[[], Life]:
    """Lives of a report: of the member's own, or where `entered` is set of one on paper."""
    cast: dict[str, User] = {actor: request.getfixturevalue(actor) for actor in ACTORS}
    entered = getattr(request, "param", False)
    if entered:
        facts = {"received_as": "letter", "received_on": OPENED.date()}
        report = actions.enter(cycle, member, **facts, by=cast["clerk"], at=OPENED)
    else:
        report = request.getfixturevalue("report")

    def begun() -> Life:
        machine = Life()
        machine.report, machine.cast, machine.entered = report, cast, entered
        return machine

    return begun


@pytest.mark.parametrize("life", [False, True], indirect=True, ids=["own", "entered"])
def test_no_illegal_state_is_reached_by_pages_admin_or_sql(life: Callable[[], Life]) -> None:
    bounds = settings(
        max_examples=4,
        stateful_step_count=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=[*HealthCheck],
    )
    run_state_machine_as_test(life, settings=bounds)


def test_the_machine_can_live_a_whole_life(life: Callable[[], Life]) -> None:
    machine = life()
    machine.begin()
    for move in ["submit", "recall", "submit", "start-review", "return", "submit"]:
        machine.whoever_may_makes_a_move(move)
    for move in ["start-review", "accept", "agree", "publish", "reopen", "submit"]:
        machine.whoever_may_makes_a_move(move)
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.versions, machine.shown) == ("submitted", 4, 3)
    for move in ["start-review", "accept", "object", "agree", "publish"]:
        machine.make(move, min(machine.who(move)))
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.held, machine.shown) == ("accepted", True, 3)
    for actor in ["focal_point", "editor", "reviewer"]:
        machine.somebody_answers_what_the_member_objects_to(actor)
    machine.the_report_and_the_public_are_as_they_should_be()
    for move in ["agree", "publish", "withdraw", "object", "return"]:
        machine.whoever_may_makes_a_move(move)
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
        machine.whoever_may_makes_a_move(move)
    for move in ["confirm", "start-review", "accept", "agree", "publish", "reopen", "submit"]:
        machine.whoever_may_makes_a_move(move)
    machine.make("recall", "focal_point")
    machine.the_report_and_the_public_are_as_they_should_be()
    assert (machine.state, machine.paper, machine.shown) == ("draft", False, 3)
    machine.teardown()

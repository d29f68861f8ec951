"""A report lives any life: all actors at all pages, the admin, direct SQL and the worker.

What may happen is said here by hand and not read from the table of moves. Whatever is tried, the
report is in the state that this says, the public sees what was published last, and nothing else.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from members import events
from members.tasks import clear_sessions, drain_outbox, remove_contact_data
from reporting.models import (
    Answer,
    Comment,
    Extension,
    ExtensionRequest,
    PublishedReport,
    Report,
    Version,
)
from reporting.tasks import plan_reminders

from .conftest import EVIDENCE, OPENED, answer_all

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
WRITERS = {"focal_point", "contributor", "clerk"}
DECIDE = {"reviewer", "administrator", "clerk"}
DEEDS = ["writes_an_answer", "asks_for_more_time", "decides_on_the_day", "comments"]
DEEDS += ["enters_it_once_more"]
JOBS = {
    job.__name__: job for job in (drain_outbox, clear_sessions, remove_contact_data, plan_reminders)
}
# What may want a word after any life.
KINDS = ["2012-T1_no_evidence", "2012-T1_proposal_waits", "2012-T1_unanswered_comment", "unchanged"]
KINDS += ["2012-G1_figure_missing"]
WORDS = dict.fromkeys([f"why_{kind}" for kind in KINDS], "It is right.")
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
    cast: dict[str, Client]  # everybody, signed in
    seen: set[tuple[Any, ...]]  # the situations in which everything was tried
    entered = False  # whether the clerk began it, from what came on paper

    @initialize(steps=st.sampled_from([0, 2, 6, 8]))
    def begin(self, steps: int = 0) -> None:
        self.start = transaction.savepoint()
        answer_all(self.report, evidence=EVIDENCE)
        self.state, self.started, self.agreed = "draft", False, False
        self.held = False
        self.versions, self.shown, self.was_shown, self.came = 0, 0, False, False
        self.looked = False  # whether the days are over in which the member may look
        self.paper, self.confirmed = self.entered, False
        for move in WHOLE[:steps]:
            self.go(move)

    def teardown(self) -> None:
        chain = "report:2026-ALB"
        try:
            assert events.broken_links(chain) == []
        finally:
            transaction.savepoint_rollback(self.start)

    @rule(move=st.sampled_from([*MOVES]), actor=st.sampled_from(ACTORS))
    def anybody_tries_a_move(self, move: str, actor: str) -> None:
        self.make(move, actor)

    @rule(ns=st.lists(st.integers(0, 5), min_size=1, max_size=3))
    def whoever_may_makes_a_move(self, ns: list[int]) -> None:
        """Those that are open, so that the life goes on."""
        for n in ns:
            found = [move for move in MOVES if self.is_open(move)]
            self.go(found[n % len(found)])

    @invariant()
    def in_no_situation_can_be_done_what_may_not(self) -> None:
        """Once for each situation in which any life has been: all that is not open, and what is
        open by everybody else. It is undone, whatever came of it."""
        if not hasattr(self, "state") or (here := self.situation()) in self.seen:
            return
        before = transaction.savepoint()
        for move in MOVES:
            may = self.who(move)
            for actor in sorted(set(ACTORS) - may) if self.is_open(move) else [min(may)]:
                self.make(move, actor)
                self.the_report_and_the_public_are_as_they_should_be()
        for deed in DEEDS[:2]:
            for actor in ("focal_point", "outsider"):
                getattr(self, deed)(actor)
                self.the_report_and_the_public_are_as_they_should_be()
        transaction.savepoint_rollback(before)
        self.seen.add(here)

    def situation(self) -> tuple[Any, ...]:
        """All that decides what may be done."""
        report = (self.state, self.started, self.agreed, self.held, self.looked, self.paper)
        return (*report, self.confirmed, self.came, bool(self.shown))

    def is_open(self, move: str) -> bool:
        return self.state in MOVES[move][1] and self.ready(move)

    @rule(deed=st.sampled_from(DEEDS), actor=st.sampled_from(ACTORS))
    def anybody_does_something_else(self, deed: str, actor: str) -> None:
        getattr(self, deed)(actor)

    def writes_an_answer(self, actor: str) -> None:
        answer = Answer.objects.get(report=self.report, commitment__reference="2012-T1")
        sent = {"status": "planned", "narrative": f"Text {answer.version}.", "visibility": "public"}
        sent |= {"base_version": str(answer.version)}
        self.send(actor, f"{MEMBER}answers/2012-T1/", sent)
        is_saved = Answer.objects.get(pk=answer.pk).version > answer.version
        may = actor in WRITERS and self.state in ("draft", "returned")
        assert may or not is_saved, (actor, self.state)
        assert is_saved or not may or self.entered or actor != "focal_point"

    def asks_for_more_time(self, actor: str) -> None:
        asked = ExtensionRequest.objects.filter(granted=None).count()
        sent = {"wanted_until": "2026-12-01", "reason": "A law."}
        self.send(actor, f"{MEMBER}extension/", sent)
        may = actor == "focal_point" and not self.came
        now = ExtensionRequest.objects.filter(granted=None).count()
        assert now == max(asked, int(may)), (actor, self.came)

    def decides_on_the_day(self, actor: str) -> None:
        sent = {"decision": "extend", "due_on": "2026-12-02", "reason": "Agreed."}
        before = Extension.objects.count()
        got = self.send(actor, "/secretariat/rounds/2026/extensions/ALB/", sent)
        assert (actor in DECIDE) == (got == 302 and actor not in ("visitor", "disabled"))
        assert actor in DECIDE or Extension.objects.count() == before

    def enters_it_once_more(self, actor: str) -> None:
        sent = {"received_as": "letter", "received_on": OPENED.date().isoformat()}
        assert self.send(actor, f"{DESK}enter/", sent) in (302, 403, 404, 409)

    def comments(self, actor: str) -> None:
        before = Comment.objects.count()
        self.send(actor, f"{DESK}comments/", {"on": "2012-T1", "text": "Which year?"})
        assert Comment.objects.count() == before or actor in ("reviewer", "clerk")

    @rule(job=st.sampled_from([*JOBS]))
    def the_worker_does_what_is_due(self, job: str) -> None:
        JOBS[job]()

    @rule()
    def the_days_pass_in_which_the_member_may_look(self) -> None:
        sql = "UPDATE reporting_report SET accepted_at = accepted_at - interval '40 days'"
        if self.state == "accepted":
            with connection.cursor() as cursor:
                cursor.execute(sql)
            self.looked = True

    @property
    def waits(self) -> bool:
        """Was it entered, and has the member not confirmed it?"""
        return self.paper and not self.confirmed

    def who(self, move: str) -> set[str]:
        who = MOVES[move][0]
        if move in OF_CLERK and not self.entered:
            return who | {"clerk"}
        return who | {"clerk"} if move in ("submit", "recall") and self.waits else who

    def go(self, move: str) -> None:
        self.make(move, min(self.who(move)))

    def make(self, move: str, actor: str) -> None:
        who, target = self.who(move), MOVES[move][2]
        may = actor in who and self.is_open(move)
        got = self.post(move, actor)
        if may:
            assert got == 302, (move, actor, got)
            self.follow(move, target, actor)
        elif actor not in who:
            assert got in (302, 403, 404), (move, actor, got)
        else:  # who submits once more is led to the receipt of what was submitted
            assert got == 409 or move == "submit", (move, actor, got)

    def ready(self, move: str) -> bool:
        return {
            "recall": not self.started,
            "start-review": not self.started,
            "accept": self.started and not self.waits,
            "confirm": self.waits,
            "dispute": self.waits,
            "return": self.started,
            "agree": not self.agreed and not self.held,
            "object": not self.agreed and not self.looked,
            "publish": (self.agreed or self.looked) and not self.held,
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
            self.versions, self.came = self.versions + 1, True
        if move == "recall":
            self.came = self.was_shown  # what the public read once has come
        if move in ("submit", "return", "reopen", "dispute"):
            self.started = False
        if move == "start-review":
            self.started = True
        self.agreed = move == "agree" or (self.agreed and move == "publish")
        self.held = move == "object" or (self.held and move != "return")
        self.looked = self.looked and move != "accept"
        if move == "publish":
            self.shown, self.was_shown = self.versions, True
        if move == "withdraw":
            self.shown = 0

    def post(self, move: str, actor: str) -> int:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        sent = {"because": "Because.", "on": today, "key": str(uuid.uuid4())}
        sent |= {"wrong": "A figure."}
        sent |= {"entitled": "on", "no_personal_data": "on", **WORDS}
        return self.send(actor, f"{MEMBER if move in OF_MEMBER else DESK}{move}/", sent)

    def send(self, actor: str, path: str, sent: dict[str, str]) -> int:
        return self.cast[actor].post(path, sent).status_code

    @rule(actor=st.sampled_from(["focal_point", "editor", "reviewer"]))
    def somebody_answers_what_the_member_objects_to(self, actor: str) -> None:
        for thread in Comment.objects.open().objections().filter(report=self.report):
            for page, sent in (("", {"text": "So it stands."}), ("resolve/", {})):
                got = self.send(actor, f"{DESK}comments/{thread.pk}/{page}", sent)
                assert got == (302 if actor == "reviewer" else 403), (actor, page, got)
        self.held = self.held and actor != "reviewer"

    @rule(other=st.sampled_from(STATES), actor=st.sampled_from(["administrator", "editor"]))
    def the_admin_is_asked_for_another_state(self, other: str, actor: str) -> None:
        address = f"/admin/reporting/report/{self.report.pk}/"
        assert self.send(actor, f"{address}change/", {"state": other}) in (302, 403)
        assert self.send(actor, f"{address}delete/", {"post": "yes"}) in (302, 403)

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

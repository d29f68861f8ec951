"""Every move by every person in every state: what the table allows happens, nothing else does."""

import datetime as dt
import io
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from members.models import Event, Message, User
from reporting import actions
from reporting.models import (
    Answer,
    AnswerVersion,
    Comment,
    PublishedAnswer,
    PublishedReport,
    Receipt,
    Report,
    Version,
)
from reporting.workflow import MOVES, OPEN, WrongMoment, open_moves

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
DAY = OPENED.date()
STATES = ["draft", "submitted", "returned", "accepted", "published"]
PEOPLE = ["focal_point", "contributor", "outsider", "former", "reviewer", "editor", "administrator"]
PEOPLE += ["analyst", "visitor", "disabled"]

# Written by hand, not read from the table: who may ever make which move.
MAY = {
    "submit": {"focal_point"},
    "recall": {"focal_point"},
    "confirm": {"focal_point"},
    "dispute": {"focal_point"},
    "start_review": {"reviewer"},
    "send_back": {"reviewer"},
    "accept": {"reviewer"},
    "agree": {"focal_point"},
    "object": {"focal_point"},
    "publish": {"reviewer", "administrator"},
    "withdraw": {"reviewer", "administrator"},
    "reopen": {"focal_point"},
}
# And from which state, where the moment is otherwise right.
FROM = {
    "submit": {"draft", "returned"},
    "recall": {"submitted"},
    "confirm": set(),  # the member wrote this report itself
    "dispute": set(),
    "start_review": {"submitted"},
    "send_back": {"accepted"},
    "accept": set(),  # the review was not started in the state `submitted` of this table
    "agree": {"accepted"},
    "object": {"accepted"},
    "publish": set(),  # the member has not agreed yet
    "withdraw": {"published"},
    "reopen": {"published"},
}
DO: dict[str, Callable[[Report, User], object]] = {
    "submit": lambda r, by: actions.submit(r, by=by, key=uuid.uuid4(), at=OPENED),
    "recall": lambda r, by: actions.recall(r, by=by, at=OPENED),
    "confirm": lambda r, by: actions.confirm(r, by=by, at=OPENED),
    "dispute": lambda r, by: actions.dispute(r, by=by, because="Why?", at=OPENED),
    "start_review": lambda r, by: actions.start_review(r, by=by, at=OPENED),
    "send_back": lambda r, by: actions.send_back(r, by=by, because="Why?", at=OPENED),
    "accept": lambda r, by: actions.accept(r, by=by, at=OPENED),
    "agree": lambda r, by: actions.agree(r, by=by, at=OPENED),
    "object": lambda r, by: actions.object_to(r, {None: "Why?"}, by=by, at=OPENED),
    "publish": lambda r, by: actions.publish(r, by=by, on=DAY),
    "withdraw": lambda r, by: actions.withdraw(r, by=by, on=DAY, because="A mistake."),
    "reopen": lambda r, by: actions.reopen(r, by=by, at=OPENED),
}
KEPT = [Answer, AnswerVersion, Comment, Event, Message, PublishedAnswer, PublishedReport, Receipt]
KEPT += [Report, Version]


def everything() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in KEPT]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", DO)
def test_a_move_is_made_by_whom_and_when_the_table_says_and_changes_nothing_otherwise(
    move: str,
    state: str,
    bring: Callable[[str], Report],
    request: pytest.FixtureRequest,
) -> None:
    report = bring(state)
    if state == "draft":
        answer_all(report)
    for name in PEOPLE:
        person = request.getfixturevalue(name)
        before = everything()
        allowed = name in MAY[move] and state in FROM[move]
        offered = move in [m.name for m in open_moves(person, report, on=DAY)]
        assert offered == allowed, f"{name} {move} {state}"
        if allowed:
            save = transaction.savepoint()
            DO[move](report, person)
            report.refresh_from_db()
            assert report.state == MOVES[move].target
            transaction.savepoint_rollback(save)
            report.refresh_from_db()
            continue
        with pytest.raises(WrongMoment if name in MAY[move] else PermissionDenied):
            DO[move](report, person)
        assert everything() == before


def test_every_move_of_the_table_is_tried_here() -> None:
    assert set(DO) | {"start", "enter"} == set(MOVES)


def test_a_reviewer_accepts_or_returns_once_the_review_was_started(
    bring: Callable[[str], Report], reviewer: User, focal_point: User
) -> None:
    report = actions.start_review(bring("submitted"), by=reviewer, at=OPENED)
    assert report.reviewer == reviewer
    names = [m.name for m in open_moves(reviewer, report, on=DAY)]
    assert names == ["accept", "send_back"]
    with pytest.raises(WrongMoment):
        actions.recall(report, by=focal_point, at=OPENED)


def test_whoever_represents_the_member_never_reviews_or_publishes_its_report(
    bring: Callable[[str], Report], focal_point: User
) -> None:
    focal_point.roles.create(kind="reviewer", since=dt.date(2020, 1, 1))
    report = bring("submitted")
    both = User.objects.get(pk=focal_point.pk)
    assert [m.name for m in open_moves(both, report, on=DAY)] == ["recall"]
    with pytest.raises(PermissionDenied):
        actions.start_review(report, by=both, at=OPENED)


@pytest.mark.parametrize("source", STATES)
@pytest.mark.parametrize("target", STATES)
def test_the_database_refuses_a_move_that_is_not_in_the_table(
    source: str, target: str, bring: Callable[[str], Report]
) -> None:
    report = bring(source)
    legal = {(s, m.target) for m in MOVES.values() for s in m.sources} | {(source, source)}
    sql = "UPDATE reporting_report SET state = %s, first_submitted_at = now() WHERE id = %s"

    def directly() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [target, report.pk])

    if (source, target) in legal:
        directly()
        return
    with pytest.raises(DatabaseError):
        directly()
    report.refresh_from_db()
    assert report.state == source


@pytest.mark.parametrize("state", [s for s in STATES if s not in OPEN])
def test_the_database_keeps_the_answers_of_a_report_that_was_submitted(
    state: str, bring: Callable[[str], Report]
) -> None:
    report = bring(state)
    with pytest.raises(DatabaseError), transaction.atomic():
        answer_all(report, narrative="Changed behind the page.")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_publishedanswer SET row = '{}'",
        "UPDATE reporting_publishedreport SET version = 9",
        "DELETE FROM reporting_publishedanswer",
        "UPDATE reporting_version SET content = '{}'",
        "DELETE FROM reporting_version",
        "UPDATE members_event SET verb = 'x'",
        "DELETE FROM reporting_report",
    ],
)
def test_the_database_keeps_what_was_published_submitted_and_recorded(
    sql: str, bring: Callable[[str], Report]
) -> None:
    bring("published")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_page_about_the_workflow_is_fresh() -> None:
    call_command("draw_workflow", "--check", stdout=io.StringIO())

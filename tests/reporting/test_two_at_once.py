"""Two people, two clicks or two connections at the same moment: one is served, nothing is lost."""

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import OperationalError, connection, connections

from commitments.models import Commitment
from members.models import User
from reporting import actions, questions
from reporting.models import Answer, AnswerVersion, Cycle, Report, Version
from reporting.workflow import WrongMoment
from tests import cast

from .conftest import OPENED, SAID, answer_all

KEY = uuid.UUID(int=7)


def _at_once(*work: Callable[[], object]) -> list[object]:
    """What each piece of work returned or raised, all begun at the same moment."""
    gate = Barrier(len(work))

    def run(one: Callable[[], object]) -> object:
        gate.wait(timeout=20)
        return _alone(one)

    with ThreadPoolExecutor(len(work)) as pool:
        return [begun.result(40) for begun in [pool.submit(run, one) for one in work]]


def _scene() -> tuple[Report, Commitment, User, User]:
    """A draft in a database of its own, and two people who write in it."""
    member = cast.a_member("ALB")
    first = cast.person("focal_point", of=member)
    second = cast.person("contributor", of=member)
    cycle = Cycle.objects.get(code="2026")
    report = actions.start_report(cycle, member, by=first, at=OPENED)
    return report, Commitment.objects.get(reference="2012-T1"), first, second


def test_a_text_saved_while_the_report_is_submitted_is_not_acknowledged_and_lost(
    fresh_database: object,
) -> None:
    """The submission has read the answers and waits; a save that comes now must wait for it."""
    report, clause, first, second = _scene()
    answer_all(report)
    said = {**SAID, "narrative": "At the last moment."}
    with ThreadPoolExecutor(2) as pool, _held_up(report) as cursor:
        submitting = pool.submit(
            _alone, lambda: actions.submit(report, by=first, key=KEY, at=OPENED)
        )
        _until_waiting(cursor, 1)
        saving = pool.submit(
            _alone,
            lambda: actions.save_answer(
                report, clause, said=said, base_version=0, by=second, at=OPENED
            ),
        )
        _until_waiting(cursor, 2)
    version, saved = submitting.result(), saving.result()
    assert isinstance(version, Version)
    assert isinstance(saved, WrongMoment), "refused, so that the page gives the text back"
    assert not AnswerVersion.objects.exists()


@contextmanager
def _held_up(report: Report) -> Iterator[Any]:
    """Holds the report's chain of events, so that every move waits when all else is written."""
    chain = [f"report:{report.code}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", chain)
        try:
            yield cursor
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", chain)


def _alone(work: Callable[[], object]) -> object:
    """What the work returned or raised, on a connection of its own."""
    try:
        return work()
    except Exception as error:
        return error
    finally:
        connections.close_all()


def _until_waiting(cursor: Any, sessions: int) -> None:
    """Returns once so many sessions of this database wait for a lock."""
    for _attempt in range(200):
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        if cursor.fetchone()[0] >= sessions:
            return
        time.sleep(0.05)
    raise AssertionError(f"fewer than {sessions} wait")


def test_of_agreeing_and_objecting_at_once_one_is_served(fresh_database: object) -> None:
    report, _clause, first, _second = _scene()
    other, reviewer = (
        cast.person("focal_point", of=report.member, name="other"),
        cast.person("reviewer"),
    )
    answer_all(report)
    actions.submit(report, by=first, key=KEY, at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    results = _at_once(
        lambda: actions.agree(report, by=first, at=OPENED),
        lambda: actions.object_to(report, {None: "Sign it."}, by=other, at=OPENED),
    )
    assert sorted(type(result).__name__ for result in results) == ["Report", "WrongMoment"]
    report.refresh_from_db()
    assert bool(report.agreed_at) != bool(report.objected_at)


def test_of_two_editors_at_once_one_saves_and_the_other_is_shown_both(
    fresh_database: object,
) -> None:
    report, clause, first, second = _scene()

    def saving(by: User, text: str) -> Callable[[], object]:
        said = {**SAID, "narrative": text}
        return lambda: actions.save_answer(
            report, clause, said=said, base_version=0, by=by, at=OPENED
        )

    results = _at_once(saving(first, "One."), saving(second, "Two."))
    conflicts = [r for r in results if isinstance(r, actions.Conflict)]
    saved = [r for r in results if isinstance(r, Answer)]
    assert (len(saved), len(conflicts)) == (1, 1)
    texts = {conflicts[0].mine["narrative"], conflicts[0].theirs.narrative}
    assert texts == {"One.", "Two."}


def test_different_answers_never_conflict(fresh_database: object) -> None:
    report, _clause, first, second = _scene()
    clauses = [q.commitment for q in questions.questions(report)][:4]

    def saving(clause: Commitment, by: User) -> Callable[[], object]:
        return lambda: actions.save_answer(
            report, clause, said=SAID, base_version=0, by=by, at=OPENED
        )

    people = [first, second, first, second]
    results = _at_once(*(saving(c, by) for c, by in zip(clauses, people, strict=True)))
    assert [type(result) for result in results] == [Answer] * 4


def test_a_double_click_makes_one_version(fresh_database: object) -> None:
    report, _clause, first, _second = _scene()
    answer_all(report)
    submit = lambda: actions.submit(report, by=first, key=KEY, at=OPENED)  # noqa: E731
    one, two = _at_once(submit, submit)
    assert one == two
    assert Version.objects.count() == 1


def test_a_submission_whose_connection_dies_half_way_leaves_nothing(
    fresh_database: object,
) -> None:
    """The version and the state are written when the event waits for its chain; then it dies."""
    report, _clause, first, _second = _scene()
    answer_all(report)
    with ThreadPoolExecutor(1) as pool, _held_up(report) as cursor:
        submitting = pool.submit(
            _alone, lambda: actions.submit(report, by=first, key=KEY, at=OPENED)
        )
        _until_waiting(cursor, 1)
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        assert isinstance(submitting.result(20), OperationalError)
    report.refresh_from_db()
    assert report.state == "draft"
    assert not Version.objects.exists()
    assert actions.submit(report, by=first, key=KEY, at=OPENED).number == 1


def test_a_recall_and_the_start_of_a_review_at_once_leave_one_of_both(
    fresh_database: object,
) -> None:
    report, _clause, first, _second = _scene()
    reviewer = cast.person("reviewer")
    answer_all(report)
    actions.submit(report, by=first, key=KEY, at=OPENED)
    recalled, started = _at_once(
        lambda: actions.recall(report, by=first, at=OPENED),
        lambda: actions.start_review(report, by=reviewer, at=OPENED),
    )
    assert isinstance(recalled, WrongMoment) != isinstance(started, WrongMoment)
    report.refresh_from_db()
    assert (report.state == "draft") == (report.review_started_at is None)

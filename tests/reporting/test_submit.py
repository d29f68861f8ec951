"""Submitting: once, whole, by the focal point, and provable afterwards."""

import datetime as dt
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, connections

from commitments.models import Commitment
from members.models import Event, Member, Message, User
from reporting import actions
from reporting.models import Answer, Cycle, Report, Version
from reporting.workflow import WrongMoment
from tests import cast

from .conftest import OPENED, answer_all
from .test_write_an_answer import _at_once, _scene

KEY = uuid.UUID(int=7)


@pytest.mark.django_db
def test_a_report_with_a_blank_question_is_held_back_and_the_question_named(
    report: Report, focal_point: User, clause: Commitment
) -> None:
    answer_all(report)
    Answer.objects.filter(report=report, commitment=clause).update(status="")
    with pytest.raises(actions.NotReady) as refused:
        actions.submit(report, by=focal_point, key=KEY, at=OPENED)
    assert [q.reference for q in refused.value.blockers] == [clause.reference]
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_not_applicable_needs_a_reason(
    report: Report, focal_point: User, clause: Commitment
) -> None:
    answer_all(report)
    Answer.objects.filter(commitment=clause).update(status="not_applicable")
    with pytest.raises(actions.NotReady):
        actions.submit(report, by=focal_point, key=KEY, at=OPENED)
    Answer.objects.filter(commitment=clause).update(not_applicable_because="Worded for others.")
    actions.submit(report, by=focal_point, key=KEY, at=OPENED)


@pytest.mark.django_db
def test_the_version_holds_every_answer_and_its_hash(report: Report, focal_point: User) -> None:
    answer_all(report)
    version = actions.submit(report, by=focal_point, key=KEY, at=OPENED)
    content = json.loads(version.content)
    assert len(content["answers"]) == report.answers.count()
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    assert json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == (
        version.content
    )


@pytest.mark.django_db
def test_submitting_twice_with_one_key_makes_one_version_event_and_message(
    report: Report, focal_point: User
) -> None:
    answer_all(report)
    first = actions.submit(report, by=focal_point, key=KEY, at=OPENED)
    assert actions.submit(report, by=focal_point, key=KEY, at=OPENED) == first
    assert Version.objects.count() == 1
    assert Event.objects.filter(verb="submit").count() == 1
    assert Message.objects.filter(to=focal_point.email, about=report.code).count() == 1


@pytest.mark.django_db
def test_the_message_names_the_report_and_holds_none_of_its_text(
    report: Report, focal_point: User
) -> None:
    answer_all(report, narrative="Nobody reads this in a mail.")
    actions.submit(report, by=focal_point, key=KEY, at=OPENED)
    message = Message.objects.get()
    assert f"/reporting/{report.code}/" in message.body
    assert "Nobody reads this" not in message.subject + message.body


@pytest.mark.django_db
def test_with_another_key_a_second_submission_comes_at_the_wrong_moment(
    bring: Callable[[str], Report], focal_point: User
) -> None:
    with pytest.raises(WrongMoment):
        actions.submit(bring("submitted"), by=focal_point, key=KEY, at=OPENED)


@pytest.mark.django_db
def test_a_contributor_does_not_submit(report: Report, contributor: User) -> None:
    answer_all(report)
    with pytest.raises(PermissionDenied):
        actions.submit(report, by=contributor, key=KEY, at=OPENED)


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
    results: list[object] = []

    def submitting() -> None:
        try:
            results.append(actions.submit(report, by=first, key=KEY, at=OPENED))
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=submitting)
    chain = f"report:{report.code}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [chain])
        thread.start()
        _kill_who_waits(cursor)
        thread.join(timeout=10)
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [chain])
    assert isinstance(results[0], OperationalError)
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


def _kill_who_waits(cursor: Any) -> None:
    """Ends the connection that waits for an advisory lock, as soon as there is one."""
    for _attempt in range(200):
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks "
            "WHERE locktype = 'advisory' AND NOT granted"
        )
        if cursor.fetchone()[0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waited")


@pytest.mark.django_db
def test_a_recall_undoes_the_day_of_submission_and_a_return_does_not(
    bring: Callable[[str], Report], focal_point: User, reviewer: User
) -> None:
    report = bring("submitted")
    actions.recall(report, by=focal_point, at=OPENED)
    report.refresh_from_db()
    assert report.first_submitted_at is None
    later = OPENED + dt.timedelta(days=9)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=later)
    actions.start_review(report, by=reviewer, at=later)
    actions.send_back(report, by=reviewer, because="Which year?", at=later)
    again = later + dt.timedelta(days=300)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=again)
    report.refresh_from_db()
    assert report.first_submitted_at == later
    assert report.versions.count() == 3
    assert report.returned_because == ""


@pytest.mark.django_db
def test_a_return_needs_a_reason(bring: Callable[[str], Report], reviewer: User) -> None:
    report = actions.start_review(bring("submitted"), by=reviewer, at=OPENED)
    with pytest.raises(ValidationError):
        actions.send_back(report, by=reviewer, because="  ", at=OPENED)
    assert Report.objects.get().state == "submitted"


@pytest.mark.django_db
def test_a_report_starts_when_its_round_opens_and_only_once(
    cycle: Cycle, member: Member, focal_point: User
) -> None:
    early = dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC)
    with pytest.raises(WrongMoment):
        actions.start_report(cycle, member, by=focal_point, at=early)
    one = actions.start_report(cycle, member, by=focal_point, at=OPENED)
    assert actions.start_report(cycle, member, by=focal_point, at=OPENED) == one
    assert Event.objects.filter(verb="start").count() == 1


@pytest.mark.django_db
def test_nobody_starts_another_members_report(
    cycle: Cycle, member: Member, outsider: User, reviewer: User
) -> None:
    for person in (outsider, reviewer):
        with pytest.raises(PermissionDenied):
            actions.start_report(cycle, member, by=person, at=OPENED)


@pytest.mark.django_db
def test_a_member_that_reports_through_another_starts_no_report_of_its_own(
    cycle: Cycle, member: Member, other_member: Member, focal_point: User
) -> None:
    member.reports_through = other_member
    member.save()
    with pytest.raises(PermissionDenied):
        actions.start_report(cycle, member, by=focal_point, at=OPENED)

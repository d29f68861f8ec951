"""Submitting: once, whole, by the focal point, and provable afterwards."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.models import Commitment
from members.models import Event, Member, Message, User
from reporting import actions
from reporting.models import Answer, Cycle, Report, Version
from reporting.workflow import WrongMoment

from .conftest import OPENED, answer_all

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

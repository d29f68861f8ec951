"""A colleague is reminded of what is asked of it: when its day comes near, and when it is over."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from commitments.models import Commitment
from members.models import Message, User
from reporting import actions
from reporting.models import Answer, AssignmentReminder, Report

from .conftest import SAID, answer_all

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)
DAY = NOW.date() + dt.timedelta(days=10)


@pytest.fixture
def asked(report: Report, focal_point: User, contributor: User) -> Report:
    """Two questions that were asked of the contributor until ten days from now."""
    clauses = Commitment.objects.filter(reference__in=["2012-T1", "2012-T2"])
    actions.assign(report, clauses, to=contributor, due_on=DAY, by=focal_point, at=NOW)
    Message.objects.all().delete()
    return report


def on(days_after_due: int) -> dt.datetime:
    return NOW + dt.timedelta(days=10 + days_after_due)


def test_it_is_told_once_when_the_day_comes_near_and_once_when_it_is_over(
    asked: Report, contributor: User
) -> None:
    told = [actions.remind_of_dates(at=on(days)) for days in (-4, -3, -2, 0, 1, 2, 30)]
    assert told == [0, 1, 0, 0, 1, 0, 0]
    near, over = Message.objects.order_by("pk")
    assert near.to == over.to == contributor.email
    assert near.subject.endswith("2 questions asked of you are open")
    assert "Please answer by" in near.body and "were asked for by" in over.body
    assert "2012-T1" not in near.body + over.body


def test_a_planner_that_stood_still_tells_only_that_it_is_over(asked: Report) -> None:
    assert actions.remind_of_dates(at=on(5)) == 1
    assert {one.kind for one in AssignmentReminder.objects.all()} == {"over"}


def test_what_is_answered_taken_back_or_sent_is_not_told(asked: Report, focal_point: User) -> None:
    t1, t2 = Commitment.objects.filter(reference__in=["2012-T1", "2012-T2"]).order_by("reference")
    Answer.objects.filter(commitment=t1).update(**SAID)
    actions.take_back(asked, [t2], by=focal_point, at=NOW)
    Message.objects.all().delete()
    assert actions.remind_of_dates(at=on(1)) == 0
    assert not Message.objects.exists()


def test_what_a_colleague_proposed_whole_is_not_told(
    asked: Report, contributor: User, clause: Commitment
) -> None:
    facts = {"base_version": 0, "by": contributor, "at": NOW}
    actions.save_answer(asked, clause, said=SAID, **facts)
    actions.remind_of_dates(at=on(-2))
    assert Message.objects.get().subject.endswith("1 question asked of you is open")


def test_the_database_keeps_that_it_was_told(asked: Report) -> None:
    actions.remind_of_dates(at=on(-2))
    with pytest.raises(DatabaseError), transaction.atomic():
        AssignmentReminder.objects.all().delete()
    answer_all(asked)
    assert actions.remind_of_dates(at=on(2)) == 0

"""Publishing: what the public reads, from when, until when, and what it never reads."""

import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.models import Commitment
from members.models import Member, PublicVersion, User
from reporting import actions, summaries
from reporting.models import (
    Answer,
    Cycle,
    Extension,
    Printed,
    PublishedAnswer,
    PublishedReport,
    Receipt,
    Report,
    Summary,
)
from reporting.workflow import WrongMoment

from .conftest import OPENED, SAID, answer_all

pytestmark = pytest.mark.django_db
DAY = OPENED.date()


def row(reference: str = "2012-T1") -> dict[str, object]:
    return json.loads(PublishedAnswer.objects.shown().get(commitment=reference).row)


def test_the_rows_are_those_of_the_api(bring: Callable[[str], Report]) -> None:
    report = bring("published")
    published = json.loads(PublishedReport.objects.get().row)
    version = report.versions.get()
    assert published == {
        "id": "2026-ALB",
        "cycle": "2026",
        "member": "ALB",
        "version": 1,
        "submitted_at": "2026-02-01T09:00:00Z",
        "published_on": "2026-02-01",
        "timeliness": "on_time",
        "sha256": version.sha256,
        "synthetic": False,
    }


def test_a_row_says_why_it_has_no_words(bring: Callable[[str], Report]) -> None:
    bring("published")
    answer = row()
    assert answer.pop("member")["code"] == "ALB"
    assert answer == {
        "report": "2026-ALB",
        "cycle": "2026",
        "commitment": "2012-T1",
        "statement": "2012",
        "basis": "signature",
        "status": "implemented",
        "narrative": SAID["narrative"],
        "next_steps": SAID["next_steps"],
        "obstacles": "",
        "evidence": [],
        "withheld": False,
        "published_on": "2026-02-01",
        "synthetic": False,
        "missing": {"obstacles": "not_reported", "evidence": "not_reported"},
    }


@pytest.mark.parametrize("visibility", ["members", "secretariat"])
def test_an_answer_not_for_everyone_counts_as_answered_and_keeps_its_words(
    visibility: str, report: Report, clause: Commitment, bring: Callable[[str], Report]
) -> None:
    evidence = [{"title": "Confidential", "url": "https://example.org/"}]
    secret = {"narrative": "Confidential", "support_requested": "Confidential"}
    _published_with(bring, report, visibility=visibility, evidence=evidence, **secret)
    answer = row()
    assert answer["withheld"]
    assert answer["status"] == "implemented"
    assert answer["narrative"] is answer["next_steps"] is answer["obstacles"] is None
    for published in PublishedAnswer.objects.values_list("row", "words", "support_requested"):
        assert "confidential" not in str(published).lower()
        assert published[2] is False


def _published_with(bring: Callable[[str], Report], report: Report, **said: object) -> Report:
    """Publishes the report after its answers were changed to say this."""
    bring("returned")
    answer_all(report, **said)
    return _publish_again(report)


def _publish_again(report: Report, on: dt.date = DAY) -> Report:
    people = User.objects
    focal_point, reviewer = people.get(name="focal point"), people.get(name="reviewer")
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    actions.agree(report, by=focal_point, at=OPENED)
    actions.publish(report, by=reviewer, on=on)
    return report


def test_the_reason_why_a_clause_does_not_apply_is_published(
    report: Report, bring: Callable[[str], Report]
) -> None:
    why = {"status": "not_applicable", "not_applicable_because": "Worded for others."}
    _published_with(bring, report, **why, narrative="")
    assert row()["narrative"] == "Worded for others."


def test_the_published_text_can_be_searched_in_lower_case(bring: Callable[[str], Report]) -> None:
    bring("published")
    assert PublishedAnswer.objects.filter(words__contains="the law is in force").exists()


def test_the_member_has_ten_days_or_says_yes(
    bring: Callable[[str], Report], reviewer: User, focal_point: User
) -> None:
    report = bring("accepted")
    last = DAY + dt.timedelta(days=9)
    with pytest.raises(WrongMoment):
        actions.publish(report, by=reviewer, on=last)
    actions.publish(report, by=reviewer, on=DAY + dt.timedelta(days=10))


def test_nothing_is_published_before_its_acceptance_or_in_the_future(
    bring: Callable[[str], Report], reviewer: User, focal_point: User
) -> None:
    report = actions.agree(bring("accepted"), by=focal_point, at=OPENED)
    with pytest.raises(WrongMoment):
        actions.publish(report, by=reviewer, on=DAY - dt.timedelta(days=1))
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        actions.publish(report, by=reviewer, on=tomorrow)


def test_a_new_version_takes_the_place_of_the_published_one_on_its_day(
    bring: Callable[[str], Report], report: Report, focal_point: User
) -> None:
    bring("published")
    actions.reopen(report, by=focal_point, at=OPENED)
    assert PublishedReport.objects.shown().count() == 1, "the published one stays"
    answer_all(report, narrative="Another law.")
    later = DAY + dt.timedelta(days=5)
    _publish_again(report, on=later)
    assert row()["narrative"] == "Another law."
    assert PublishedReport.objects.shown().get().version == 2
    assert PublishedReport.objects.shown(DAY).get().version == 1
    assert PublishedAnswer.objects.shown(DAY).count() == report.answers.count()
    assert Receipt.objects.count() == 1, "that it came, and when, is as before"


def test_a_version_is_not_published_before_the_one_it_replaces(
    bring: Callable[[str], Report], report: Report, focal_point: User
) -> None:
    bring("accepted")
    reviewer = User.objects.get(name="reviewer")
    actions.publish(report, by=reviewer, on=DAY + dt.timedelta(days=20))
    actions.reopen(report, by=focal_point, at=OPENED)
    with pytest.raises(ValidationError):
        _publish_again(report, on=DAY)
    assert PublishedReport.objects.shown().get().version == 1


def test_a_withdrawal_ends_the_rows_with_a_public_note(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("published")
    later = DAY + dt.timedelta(days=3)
    actions.withdraw(report, by=reviewer, on=later, because="Sent by mistake.")
    assert not PublishedAnswer.objects.shown().exists()
    assert not PublishedReport.objects.shown().exists()
    ended = PublishedReport.objects.get()
    assert (ended.shown_until, ended.withdrawn_because) == (later, "Sent by mistake.")
    report.refresh_from_db()
    assert report.state == "accepted"


def test_a_withdrawal_recalls_every_report_on_paper_in_the_same_moment(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("published")
    of = Summary.objects.create(
        scope="cycle-2026", built_at=OPENED, public_version=1, shown_from=DAY, row="{}"
    )
    Printed.objects.create(summary=of, pdf=b"%PDF-", sha256="0" * 64)
    actions.withdraw(report, by=reviewer, on=DAY, because="Sent by mistake.")
    assert Printed.objects.get().recalled


def test_a_withdrawal_says_why(bring: Callable[[str], Report], reviewer: User) -> None:
    with pytest.raises(ValidationError):
        actions.withdraw(bring("published"), by=reviewer, on=DAY, because=" ")
    assert PublishedAnswer.objects.shown().exists()


def test_publication_moves_the_public_stamp_and_what_comes_before_does_not(
    bring: Callable[[str], Report], report: Report, reviewer: User
) -> None:
    def stamp() -> int:
        return PublicVersion.objects.values_list("number", flat=True).first() or 0

    before = stamp()
    bring("accepted")
    assert stamp() == before
    actions.publish(report, by=reviewer, on=DAY + dt.timedelta(days=10))
    assert stamp() > before


def test_a_voluntary_answer_is_marked_as_not_owed(
    bring: Callable[[str], Report], report: Report
) -> None:
    bring("published")
    owed = set(PublishedAnswer.objects.filter(owed=True).values_list("commitment", flat=True))
    assert "2012-T1" in owed
    assert not any(reference.startswith(("2022-1", "2022-2")) for reference in owed)
    for answer in PublishedAnswer.objects.all():
        said = json.loads(answer.row)
        assert (said["basis"] is not None) == answer.owed, answer
        assert ("basis" in said["missing"]) != answer.owed, answer
    assert row("2022-1a")["missing"]["basis"] == "not_expected"


def test_rows_counted_by_their_basis_give_the_figures_of_the_summary(
    bring: Callable[[str], Report], settings: Any
) -> None:
    settings.FIRST_CYCLE = 2026
    bring("published")
    summaries.build(["member-ALB"], now=OPENED)
    summary = json.loads(Summary.objects.shown().get(scope="member-ALB").row)
    rows = [json.loads(answer.row) for answer in PublishedAnswer.objects.all()]
    by_status = Counter(one["status"] for one in rows if one["basis"] not in (None, "endorsement"))
    figures = summary["rounds"]["2026"]["government"]
    for status in Answer.Status.values:
        assert figures[f"answers_{status}"]["numerator"] == by_status[status]


def test_the_first_publication_gives_the_receipt(bring: Callable[[str], Report]) -> None:
    bring("published")
    receipt = Receipt.objects.get()
    assert (receipt.received_on, receipt.timeliness) == (DAY, "on_time")


@pytest.mark.parametrize("person", ["focal_point", "editor", "analyst", "visitor"])
def test_only_reviewers_and_administrators_announce_and_extend(
    person: str, cycle: Cycle, member: Member, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        actions.announce_receipts(cycle, by=by, on=DAY)
    with pytest.raises(PermissionDenied):
        actions.tell_members(cycle, by=by, on=DAY)
    with pytest.raises(PermissionDenied):
        actions.decide_extension(cycle, member, due_on=None, reason="x", by=by, on=DAY)


def test_an_extension_ends_after_the_due_date_and_has_a_reason(
    cycle: Cycle, member: Member, reviewer: User
) -> None:
    for due_on, reason in ((cycle.due_on, "Why"), (dt.date(2026, 8, 1), " ")):
        with pytest.raises(ValidationError):
            actions.decide_extension(
                cycle, member, due_on=due_on, reason=reason, by=reviewer, on=DAY
            )
    assert not Extension.objects.exists()


def test_the_decision_that_makes_a_late_report_timely_is_published_with_it(
    report: Report, cycle: Cycle, member: Member, reviewer: User, focal_point: User
) -> None:
    """Else the public would read "on time" with a day after the round's, and no reason why."""
    later = {"due_on": dt.date(2026, 9, 1), "reason": "A new office.", "by": reviewer}
    decision = actions.decide_extension(cycle, member, on=DAY, **later)
    assert decision.published_on is None
    answer_all(report)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    actions.agree(report, by=focal_point, at=OPENED)
    actions.publish(report, by=reviewer, on=DAY)
    decision.refresh_from_db()
    assert decision.published_on == DAY


def test_a_decision_about_a_published_report_is_public_at_once(
    bring: Callable[[str], Report], cycle: Cycle, member: Member, reviewer: User
) -> None:
    bring("published")
    later = {"due_on": dt.date(2026, 9, 1), "reason": "A new office.", "by": reviewer}
    decision = actions.decide_extension(cycle, member, on=DAY, **later)
    assert decision.published_on == DAY


def test_the_decision_about_another_member_stays_unpublished(
    bring: Callable[[str], Report], cycle: Cycle, other_member: Member, reviewer: User
) -> None:
    actions.decide_extension(cycle, other_member, due_on=None, reason="Flood.", by=reviewer, on=DAY)
    bring("published")
    assert Extension.objects.get().published_on is None


def test_the_answers_of_the_draft_are_never_published(
    bring: Callable[[str], Report], report: Report, reviewer: User, focal_point: User
) -> None:
    bring("published")
    actions.reopen(report, by=focal_point, at=OPENED)
    Answer.objects.filter(report=report).update(narrative="Unfinished.")
    assert not PublishedAnswer.objects.filter(row__contains="Unfinished").exists()

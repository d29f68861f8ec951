"""Checking before submitting: what must be mended, what wants a word, what has changed."""

import html
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from members.models import User
from reporting import actions, checks
from reporting.models import Answer, Cycle, Report, Version
from reporting.questions import questions
from tests.cast import sign_in

from .conftest import EVIDENCE, OPENED, answer_all
from .test_comment_on_a_report import say, words

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
WHY = "why_2012-T1_no_evidence"
Bring = Callable[[str], Report]


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def send(writer: Client, **more: str) -> Any:
    sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on"}
    return writer.post(f"{HOME}submit/", sent | more)


def doubt(report: Report, **said: Any) -> None:
    """Gives every answer evidence, and that on 2012-T1 none."""
    answer_all(report, evidence=EVIDENCE)
    of_t1 = Answer.objects.filter(report=report, commitment__reference="2012-T1")
    of_t1.update(**{"evidence": [], **said})


def test_what_wants_a_word_is_asked_for_and_kept_with_the_submission(
    writer: Client, report: Report, reviewer: User
) -> None:
    doubt(report)
    page = words(writer.get(f"{HOME}check/"))
    assert "Wants a word: 1" in page
    assert "2012-T1: no evidence is given for “implemented”" in html.unescape(page)

    refused = send(writer)
    assert refused.status_code == 400 and "Say why, or change the answer." in words(refused)
    assert not Version.objects.exists()
    assert send(writer, **{WHY: "The law is printed only."}).status_code == 302
    kept = json.loads(Version.objects.get().content)["explained"]
    assert kept == [{"on": "2012-T1", "kind": "no_evidence", "because": "The law is printed only."}]
    desk = words(sign_in(Client(), reviewer).get("/secretariat/reports/2026-ALB/"))
    assert "The law is printed only." in desk


def test_an_explanation_is_not_typed_again_after_the_report_came_back(
    writer: Client, report: Report, focal_point: User
) -> None:
    """It stands in its field, for this warning on this clause alone, and may be changed."""
    doubt(report)
    send(writer, **{WHY: "The law is printed only."})
    actions.recall(report, by=focal_point, at=OPENED)
    Answer.objects.filter(report=report, commitment__reference="2012-T2").update(evidence=[])
    page = html.unescape(writer.get(f"{HOME}check/").content.decode())
    typed = dict(re.findall(r'<textarea name="(why_[^"]*)"[^>]*>\s*(.*?)</textarea>', page, re.S))
    assert typed[WHY] == "The law is printed only."
    assert set(typed.values()) == {"The law is printed only.", ""}
    assert send(writer).status_code == 400, "what stands in a field is sent by its page, not by us"


@pytest.mark.parametrize("bad", ["a\x00b", "x" * 2001, "d41d8cd98f00b204e9800998ecf8427e"])
def test_an_explanation_that_cannot_be_kept_is_refused_beside_it(
    bad: str, writer: Client, report: Report
) -> None:
    doubt(report)
    page = send(writer, **{WHY: bad})
    assert page.status_code == 400 and f'id="id_{WHY}_error"' in page.content.decode()
    assert not Version.objects.exists()


def test_the_action_asks_for_the_word_as_well(report: Report, focal_point: User) -> None:
    doubt(report)
    for explained in ({}, {"2012-T1:no_evidence": "  "}, {"2012-T2:no_evidence": "x"}):
        with pytest.raises(actions.Unexplained) as refused:
            key = uuid.uuid4()
            actions.submit(report, by=focal_point, key=key, at=OPENED, explained=explained)
        assert len(refused.value.wanting) == 1
    assert not Version.objects.exists()


def test_what_changed_while_the_page_was_open_is_asked_for_and_nothing_is_lost(
    writer: Client, report: Report
) -> None:
    doubt(report, narrative="")
    page = send(writer, **{WHY: "The law is printed only."})
    assert page.status_code == 400
    assert "The law is printed only." in page.content.decode()
    assert "the status is given without a text" in words(page)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ({"evidence": EVIDENCE}, []),
        ({"evidence": []}, ["no_evidence"]),
        ({"status": "planned", "narrative": ""}, ["no_words"]),
        ({"status": "nothing_to_report", "narrative": "", "evidence": []}, []),
        ({"status": "not_applicable", "narrative": "", "not_applicable_because": "Small."}, []),
    ],
)
def test_what_wants_a_word(said: dict[str, Any], kinds: list[str], report: Report) -> None:
    doubt(report, **said)
    found = [w.kind for w in checks.warnings(questions(report)) if w.reference == "2012-T1"]
    assert found == kinds


def test_a_status_behind_that_of_the_last_published_report_wants_a_word(
    bring: Bring, focal_point: User, reviewer: User
) -> None:
    before = bring("published")
    cycle = Cycle.objects.get(code="2028")
    later = OPENED.replace(year=2028)
    report = actions.start_report(cycle, before.member, by=focal_point, at=later)
    answer_all(report, evidence=EVIDENCE)
    assert checks.warnings(questions(report)) == []
    Answer.objects.filter(report=report, commitment__reference="2012-T1").update(status="planned")
    assert [w.key for w in checks.warnings(questions(report))] == ["2012-T1:went_back"]


def test_the_same_report_once_more_needs_a_reason_and_a_changed_one_does_not(
    writer: Client, bring: Bring, clause: Commitment, focal_point: User, reviewer: User
) -> None:
    report = bring("draft")
    answer_all(report, evidence=EVIDENCE)
    _sent(writer, 1)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.send_back(report, by=reviewer, because="Which year?", at=OPENED)
    assert "No answer has changed since the last submission" in words(writer.get(f"{HOME}check/"))
    assert send(writer).status_code == 400
    assert Version.objects.count() == 1
    assert send(writer, why_unchanged="The figure is right as it stands.").status_code == 302
    kept = json.loads(Version.objects.latest("number").content)["explained"]
    assert [one["kind"] for one in kept] == ["unchanged"]

    actions.recall(report, by=focal_point, at=OPENED)
    said = {"status": "planned", "narrative": "Otherwise."}
    actions.save_answer(report, clause, said=said, base_version=0, by=focal_point, at=OPENED)
    page = words(writer.get(f"{HOME}check/"))
    assert "1 changed since version 2" in page and "changed since version 2" in page
    assert "explained" not in json.loads(_sent(writer, 3).content)


def _sent(writer: Client, number: int) -> Version:
    assert send(writer)["Location"] == f"{HOME}submitted/{number}/"
    return Version.objects.get(number=number)


def test_a_comment_without_a_reply_or_a_change_wants_a_word(
    writer: Client, bring: Bring, reviewer: User, clause: Commitment, focal_point: User
) -> None:
    answer_all(bring("draft"), evidence=EVIDENCE)
    report = Report.objects.get()
    _sent(writer, 1)
    report.refresh_from_db()
    comment = say(report, reviewer, on=clause)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.send_back(report, by=reviewer, because="See there.", at=OPENED)
    report.refresh_from_db()
    kinds = [w.key for w in checks.warnings(questions(report))]
    assert kinds == ["2012-T1:unanswered_comment"]
    actions.reply(comment, text="In 2025.", by=focal_point, at=OPENED)
    assert checks.warnings(questions(report)) == []


def test_the_same_click_twice_is_one_submission_also_with_words(
    writer: Client, report: Report
) -> None:
    doubt(report)
    sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on", WHY: "So."}
    for _again in range(2):
        done = writer.post(f"{HOME}submit/", sent)
        assert done["Location"] == f"{HOME}submitted/1/"
    assert Version.objects.count() == 1

"""Checking before submitting: what must be mended, what wants a word, what has changed."""

import html
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from members.models import User
from reporting import actions, checks
from reporting.models import Answer, Cycle, Observation, PublishedAnswer, Report, Version
from reporting.questions import questions
from tests.cast import sign_in

from .conftest import EVIDENCE, OPENED, answer_all, answer_beyond_doubt
from .test_comment_on_a_report import say, words

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
WHY = "why_2012-T1_no_evidence"
MISSING = "2012-G1:figure_missing"
MOSTLY = "More than half of the owed answers say “nothing to report”"
WANTING = "2012-T1 : no evidence is given for “implemented”"
Bring = Callable[[str], Report]


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def send(writer: Client, **more: str) -> Any:
    sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on"}
    return writer.post(f"{HOME}submit/", sent | more)


def doubt(report: Report, **said: Any) -> None:
    """Gives every answer evidence, and that on 2012-T1 none."""
    answer_beyond_doubt(report)
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


def test_what_wants_a_word_stands_beside_what_blocks_and_for_a_contributor_too(
    writer: Client, report: Report, focal_point: User, contributor: User
) -> None:
    """The words are asked for where the report is submitted; a contributor sees its own alone."""
    doubt(report)
    Answer.objects.filter(report=report, commitment__reference="2012-T2").update(status="")
    page = html.unescape(words(writer.get(f"{HOME}check/")))
    assert "Must be mended before the report can be submitted: 1" in page
    assert "Wants a word: 1" in page and WANTING in page
    assert WHY not in writer.get(f"{HOME}check/").content.decode()
    refused = send(writer, **{WHY: "The law is printed only."})
    assert refused.status_code == 409
    assert "The law is printed only." in refused.content.decode(), "the text is not lost"

    other = sign_in(Client(), contributor)
    assert WANTING in html.unescape(words(other.get(f"{HOME}check/")))
    clause = Commitment.objects.get(reference="2012-T2")
    _show_only(clause, report, contributor, focal_point)
    assert "Wants a word" not in words(other.get(f"{HOME}check/"))


def _show_only(clause: Commitment, report: Report, to: User, by: User) -> None:
    actions.assign(report, [clause], to=to, due_on=None, by=by, at=OPENED)
    actions.restrict(report.member, person=to, by=by, at=OPENED)


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
    answer_beyond_doubt(report)
    assert checks.warnings(questions(report)) == []
    for status, kind in {
        "planned": "went_back",
        "nothing_to_report": "went_silent",
        "not_applicable": "went_silent",
    }.items():
        Answer.objects.filter(report=report, commitment__reference="2012-T1").update(status=status)
        assert [w.key for w in checks.warnings(questions(report))] == [f"2012-T1:{kind}"]


def test_a_year_of_which_nothing_is_told_wants_a_word(report: Report) -> None:
    """A number or the reason why there is none is enough; where the clause does not apply, that."""
    answer_beyond_doubt(report)
    assert checks.warnings(questions(report)) == []
    Observation.objects.filter(year=2024).update(state="", note="")  # taken back
    assert [w.key for w in checks.warnings(questions(report))] == [MISSING]
    Observation.objects.filter(year=2024).update(state="value", value=0, source="Register")
    assert checks.warnings(questions(report)) == []
    Observation.objects.all().delete()
    assert [w.key for w in checks.warnings(questions(report))] == [MISSING]
    measured = Answer.objects.filter(report=report, commitment__reference="2012-G1")
    measured.update(status="not_applicable", not_applicable_because="We have no such unit.")
    assert checks.warnings(questions(report)) == []


def test_a_report_that_mostly_has_nothing_to_report_wants_one_word_for_all_of_it(
    writer: Client, report: Report, focal_point: User, contributor: User, reviewer: User
) -> None:
    answer_beyond_doubt(report)
    owed = [q.commitment for q in questions(report) if q.is_owed]
    half = Answer.objects.filter(report=report, commitment__in=owed[: len(owed) // 2])
    half.update(status="nothing_to_report")
    assert checks.warnings(questions(report)) == []
    Answer.objects.filter(report=report).update(status="nothing_to_report")
    assert MOSTLY in words(writer.get(f"{HOME}check/")) and send(writer).status_code == 400

    other = sign_in(Client(), contributor)
    assert MOSTLY in words(other.get(f"{HOME}check/"))
    _show_only(owed[0], report, contributor, focal_point)
    assert MOSTLY not in words(other.get(f"{HOME}check/")), "what is not shown is not told of"

    assert send(writer, why_report_mostly_nothing="A law waits.").status_code == 302
    desk = words(sign_in(Client(), reviewer).get("/secretariat/reports/2026-ALB/"))
    assert f"{MOSTLY} A law waits." in desk
    actions.recall(report, by=focal_point, at=OPENED)
    assert ">\nA law waits.</textarea>" in writer.get(f"{HOME}check/").content.decode()


def test_the_same_report_once_more_needs_a_reason_and_a_changed_one_does_not(
    writer: Client, bring: Bring, clause: Commitment, focal_point: User, reviewer: User
) -> None:
    report = bring("draft")
    answer_beyond_doubt(report)
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
    answer_beyond_doubt(bring("draft"))
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


ALL = {
    "next_steps": "A review.",
    "obstacles": "No money.",
    "support_requested": "Two trainers.",
    "visibility": "members",
    "evidence": EVIDENCE,
}


def test_every_answer_is_shown_with_all_that_will_be_submitted(
    writer: Client, report: Report
) -> None:
    doubt(report, **ALL)
    small = {"status": "not_applicable", "not_applicable_because": "We have no coast."}
    Answer.objects.filter(report=report, commitment__reference="2012-T2").update(**small)
    page = writer.get(f"{HOME}check/")
    shown = words(page)
    for text in ("A review.", "No money.", "Two trainers.", "The law", "We have no coast."):
        assert text in shown, text
    assert "Who may read the words: members of the alliance" in shown
    assert EVIDENCE[0]["url"] in page.content.decode()


def _row(page: Any, reference: str) -> dict[str, Any]:
    rows = [row for section in page.context["sections"] for row in section["rows"]]
    return next(row for row in rows if row["q"].reference == reference)


def test_what_changed_since_the_last_submission_is_shown_and_folded_where_it_is_long(
    writer: Client, bring: Bring
) -> None:
    report = bring("returned")
    of_report = Answer.objects.filter(report=report)
    of_report.filter(commitment__reference="2012-T1").update(narrative="The law is not in force.")
    of_report.filter(commitment__reference="2012-T2").update(obstacles="Money. " * 100)
    page = writer.get(f"{HOME}check/")
    assert "<ins>not </ins>" in page.content.decode()
    assert [_row(page, f"2012-T{n}")["since"] for n in (1, 2)] == ["Changed since version 1"] * 2
    assert [_row(page, f"2012-T{n}")["is_short"] for n in (1, 2)] == [True, False]
    assert _row(page, "2012-S2a")["since"] == ""


def test_before_the_first_submission_it_is_compared_with_the_last_round(
    writer: Client, bring: Bring, focal_point: User
) -> None:
    before = bring("published")
    cycle, later = Cycle.objects.get(code="2028"), OPENED.replace(year=2028)
    report = actions.start_report(cycle, before.member, by=focal_point, at=later)
    answer_all(report)
    of_report = Answer.objects.filter(report=report, commitment__reference="2012-T1")
    of_report.update(status="planned")
    page = writer.get("/reporting/2028-ALB/check/")
    row = _row(page, "2012-T1")
    assert (row["since"], len(row["fields"])) == ("Changed since 2026", 1)
    assert "<del>implemented</del><ins>planned</ins>" in page.content.decode()
    assert _row(page, "2012-T2")["notes"] == ["as in 2026"]


def test_a_submitted_report_shows_what_it_changed_of_the_version_before(
    writer: Client, bring: Bring, focal_point: User
) -> None:
    report = bring("returned")
    answer_all(report, narrative="The law is not in force.")
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    page = writer.get(f"{HOME}check/")
    assert _row(page, "2012-T1")["since"] == "Changed since version 1"


def test_differences_cost_the_page_no_query_for_each_answer(writer: Client, bring: Bring) -> None:
    report = bring("returned")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert writer.get(f"{HOME}check/").status_code == 200
        return len(seen)

    writer.get(f"{HOME}check/")  # now and then the session is saved with it
    before = queries()
    answer_all(report, narrative="Otherwise.", **ALL)
    assert queries() == before


def test_the_member_reads_its_draft_as_the_public_would_and_nobody_else_does(
    client: Client,
    report: Report,
    focal_point: User,
    contributor: User,
    outsider: User,
    reviewer: User,
) -> None:
    answer_all(report, narrative="Only so far.", support_requested="Two trainers.")
    hidden = Answer.objects.filter(report=report, commitment__reference="2012-T2")
    hidden.update(narrative="For the secretariat.", visibility="secretariat")
    for writer in (sign_in(Client(), focal_point), sign_in(Client(), contributor)):
        assert "/reporting/2026-ALB/preview/" in writer.get(f"{HOME}check/").content.decode()
        shown = words(writer.get(f"{HOME}preview/"))
        assert "This is the draft as it stands now" in shown and "Only so far." in shown
        assert "Answered; the member keeps the text from the public." in shown
        assert "For the secretariat." not in shown and "Two trainers." not in shown
        assert "Agree to publication" not in shown and "Something is wrong" not in shown
    for other in (outsider, reviewer):
        assert sign_in(Client(), other).get(f"{HOME}preview/").status_code in (403, 404)
    assert "Only so far." not in client.get("/members/ALB/").content.decode()
    assert not Version.objects.exists()


def test_what_is_previewed_of_a_draft_is_what_is_published_of_it(
    client: Client, bring: Bring, focal_point: User
) -> None:
    draft = bring("draft")
    answer_all(draft, evidence=EVIDENCE)
    writer = sign_in(client, focal_point)
    before = [row for _c, _s, row, *_more in writer.get(f"{HOME}preview/").context["rows"]]
    draft.refresh_from_db()
    bring("published")
    published = [json.loads(row.row) for row in PublishedAnswer.objects.order_by("pk")]
    for row in (*before, *published):
        row.pop("published_on")
    of_clause = {row["commitment"]: row for row in published}
    assert before and {row["commitment"]: row for row in before} == of_clause

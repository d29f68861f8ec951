"""The member's pages: the task list, one question a page, two writers, an ended session."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment
from members.models import Member, User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Cycle, Report, Version
from reporting.questions import questions
from tests.cast import PASSWORD, prove, sign_in

from .conftest import OPENED, SAID, answer_all, answer_beyond_doubt

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
T1 = f"{HOME}answers/2012-T1/"
TYPED = {"status": "planned", "narrative": "A law is being written.", "visibility": "public"}
TYPED |= {"base_version": "0"}


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def words(response: Any) -> str:
    """The page's visible words."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


def test_a_writer_starts_the_report_of_the_round(
    writer: Client, cycle: Cycle, member: Member
) -> None:
    page = writer.get("/reporting/")
    assert "Start 2026-ALB" in words(page)
    assert writer.post(f"{HOME}start/").status_code == 302
    assert Report.objects.get().code == "2026-ALB"
    assert writer.post(f"{HOME}start/")["Location"] == HOME
    assert "Open 2026-ALB" in words(writer.get("/reporting/"))


@pytest.mark.parametrize("code", ["2026-BEL", "2026-ZZZ", "1999-ALB", "2026", "x"])
def test_nobody_starts_a_report_that_is_not_theirs_or_does_not_exist(
    code: str, writer: Client, cycle: Cycle
) -> None:
    assert writer.post(f"/reporting/{code}/start/").status_code == 404
    assert not Report.objects.exists()


def test_the_task_list_says_what_is_owed_why_and_how_far_it_is(
    writer: Client, report: Report
) -> None:
    Answer.objects.filter(report=report, commitment__reference="2012-T1").update(**SAID)
    page = words(writer.get(HOME))
    owed = len([q for q in questions(report) if q.is_owed])
    assert f"of {owed} answered" in page
    assert "Its name stands under the Declaration of Brussels, 2012. Since 5 December 2012" in page
    assert "2012-T1" in page


def test_what_may_be_answered_stands_apart_and_blocks_nothing(
    writer: Client, report: Report, focal_point: User
) -> None:
    may = [q for q in questions(report) if not q.is_owed]
    assert may, "the delegates' clauses of 2022"
    owed = [q.commitment.pk for q in questions(report) if q.is_owed]
    Answer.objects.filter(report=report, commitment__in=owed).update(**SAID)
    assert "May be answered" in words(writer.get(HOME))
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)


def test_a_question_shows_its_wording_and_keeps_what_is_saved(
    writer: Client, report: Report, clause: Commitment
) -> None:
    page = words(writer.get(T1))
    assert " ".join(clause.text.split()) in page.replace("&#x27;", "'")
    saved = writer.post(T1, TYPED)
    assert (saved.status_code, saved["Location"]) == (302, T1)
    again = writer.get(T1)
    assert "A law is being written." in again.content.decode()
    assert re.search(r"Saved \d\d:\d\d UTC, .* version 1, focal point", words(again))


def test_saving_may_lead_to_the_next_question(writer: Client, report: Report) -> None:
    asked = [q.reference for q in questions(report)]
    following = asked[asked.index("2012-T1") + 1]
    saved = writer.post(T1, {**TYPED, "next": "1"})
    assert saved["Location"] == f"{HOME}answers/{following}/"


def test_evidence_is_saved_as_titled_links(writer: Client, report: Report) -> None:
    link = {"evidence_title_0": "The decision", "evidence_url_0": "https://www.example.org/d"}
    writer.post(T1, {**TYPED, **link})
    answer = Answer.objects.get(commitment__reference="2012-T1")
    assert answer.evidence == [{"title": "The decision", "url": "https://www.example.org/d"}]


WRONG = [
    ("narrative", {"narrative": "x" * 5001}, "5000 are allowed"),
    ("narrative", {"narrative": "hash d41d8cd98f00b204e9800998ecf8427e"}, "looks like a hash"),
    ("narrative", {"narrative": "\u202eturned"}, "cannot be stored"),
    ("status", {"status": "done"}, "Select a valid choice"),
    ("evidence_url_0", {"evidence_title_0": "A", "evidence_url_0": "http://a.org"}, "https://"),
    ("evidence_title_1", {"evidence_url_1": "https://a.example.org"}, "Give the link a title"),
    ("not_applicable_because", {"status": "not_applicable"}, "Say why the clause does not apply"),
    ("visibility", {"visibility": "nobody"}, "Select a valid choice"),
]


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_a_mistake_is_named_beside_its_field_and_no_text_is_lost(
    field: str, typed: dict[str, str], message: str, writer: Client, report: Report
) -> None:
    sent = {**TYPED, "next_steps": "Keep this text.", **typed}
    page = writer.post(T1, sent)
    html = page.content.decode()
    assert page.status_code == 400
    assert "There is a problem" in html
    assert f'id="id_{field}_error"' in html
    assert message in words(page)
    assert "Keep this text." in html
    assert not AnswerVersion.objects.exists()


def test_a_save_without_its_version_is_refused_and_the_text_stays(
    writer: Client, report: Report
) -> None:
    for version in ("", "x", "-1", "99999999999"):
        page = writer.post(T1, {**TYPED, "base_version": version})
        assert page.status_code == 400
        assert "A law is being written." in page.content.decode()


def test_a_nul_character_is_refused(writer: Client, report: Report) -> None:
    assert writer.post(T1, {**TYPED, "narrative": "a\x00b"}).status_code == 400


def test_two_writers_are_shown_both_texts_and_either_choice_works_without_script(
    writer: Client, report: Report, clause: Commitment, contributor: User
) -> None:
    said = {**SAID, "narrative": "Theirs."}
    actions.save_answer(report, clause, said=said, base_version=0, by=contributor, at=OPENED)
    page = writer.post(T1, {**TYPED, "narrative": "Mine."})
    assert page.status_code == 409
    html = page.content.decode()
    assert "Mine." in html
    assert "Theirs." in html
    assert AnswerVersion.objects.count() == 1
    forms = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', html, re.S)
    mine, both = [f for f in forms if "base_version" in f]
    assert 'value="1"' in mine, "it will be saved over their version, knowingly"
    kept = {
        name: value.replace("&#x27;", "'")
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', mine)
        if name != "csrfmiddlewaretoken"
    }
    assert "Mine.\n\nTheirs." in both.replace("\r\n", "\n")
    assert writer.post(T1, kept).status_code == 302
    answer = Answer.objects.get(commitment=clause)
    assert (answer.version, answer.narrative, answer.status) == (2, "Mine.", "planned")


def test_a_text_typed_while_the_session_ended_comes_back_marked_as_not_saved(
    client: Client, report: Report, focal_point: User
) -> None:
    sent = client.post(T1, {**TYPED, "narrative": "Typed for an hour."})
    assert sent.status_code == 302
    assert "login" in sent["Location"]
    client.force_login(focal_point)  # keeps an anonymous session's contents, as signing in does
    prove(client, focal_point)
    page = client.get(T1)
    assert "Typed for an hour." in page.content.decode()
    assert "Not saved yet." in words(page)
    assert not AnswerVersion.objects.exists()
    client.post(T1, {**TYPED, "narrative": "Typed for an hour."})
    assert Answer.objects.get(commitment__reference="2012-T1").narrative == "Typed for an hour."
    assert "Your session had ended" not in words(client.get(T1))


def test_no_more_is_kept_before_sign_in_than_a_form_can_hold(
    client: Client, report: Report
) -> None:
    client.post(T1, {**TYPED, "narrative": "x" * 200_000})
    assert "typed_by_path" not in client.session


def test_the_check_page_names_every_blocker_with_a_link(writer: Client, report: Report) -> None:
    answer_beyond_doubt(report)
    Answer.objects.filter(report=report, commitment__reference="2012-T1").update(status="")
    html = writer.get(f"{HOME}check/").content.decode()
    assert "Must be mended before the report can be submitted: 1" in html
    assert f'href="{T1}"' in html
    sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on"}
    assert writer.post(f"{HOME}submit/", sent).status_code == 409
    assert not Version.objects.exists()


def test_submitting_needs_the_declaration_and_gives_a_receipt_once(
    writer: Client, report: Report
) -> None:
    answer_beyond_doubt(report)
    key = re.search(r'name="key" value="([^"]+)"', writer.get(f"{HOME}check/").content.decode())
    assert key
    refused = writer.post(f"{HOME}submit/", {"key": key[1]})
    assert refused.status_code == 400
    assert "There is a problem" in refused.content.decode()
    sent = {"key": key[1], "entitled": "on", "no_personal_data": "on"}
    for _again in range(2):
        done = writer.post(f"{HOME}submit/", sent)
        assert done["Location"] == f"{HOME}submitted/1/"
    receipt = words(writer.get(done["Location"]))
    assert Version.objects.get().sha256 in receipt
    assert "2026-ALB, version 1" in receipt


def test_a_submitted_report_can_be_recalled_and_its_answers_cannot_be_changed(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    report = bring("submitted")
    late = writer.post(T1, {**TYPED, "base_version": "0", "narrative": "Too late."})
    assert late.status_code == 409
    assert "Too late." in late.content.decode(), "the text is not lost"
    assert "This one is submitted." in words(late)
    assert "“Recall the report”: focal point" in words(late)
    assert "“Submit the report”" not in words(late)
    assert "cannot be changed" in words(writer.get(T1))
    assert writer.post(f"{HOME}recall/").status_code == 302
    report.refresh_from_db()
    assert report.state == "draft"
    assert writer.post(f"{HOME}recall/").status_code == 409


def test_the_reason_of_a_return_stands_on_the_task_list(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    bring("returned")
    page = words(writer.get(HOME))
    assert "Returned with a reason: Which year?" in page


def test_the_member_previews_exactly_what_is_published_and_agrees(
    writer: Client, bring: Callable[[str], Report], report: Report
) -> None:
    bring("returned")
    answer_all(report, visibility="secretariat", narrative="Kept from the public.")
    people = User.objects
    focal_point, reviewer = people.get(name="focal point"), people.get(name="reviewer")
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    page = writer.get(f"{HOME}preview/")
    assert "Kept from the public." not in page.content.decode()
    assert "the member keeps the text from the public" in words(page)
    assert writer.post(f"{HOME}agree/").status_code == 302
    report.refresh_from_db()
    assert report.agreed_at


def test_a_published_report_is_reopened(writer: Client, bring: Callable[[str], Report]) -> None:
    report = bring("published")
    assert "Write a new version" in words(writer.get(HOME))
    writer.post(f"{HOME}reopen/")
    report.refresh_from_db()
    assert report.state == "draft"


def test_no_change_is_signed_with_one_button(
    writer: Client, bring: Callable[[str], Report], member: Member, focal_point: User
) -> None:
    bring("published")
    days = {"opens_on": dt.date(2026, 6, 1), "due_on": dt.date(2028, 7, 1)}
    later, _ = Cycle.objects.get_or_create(
        code="2028", defaults={**days, "closes_on": dt.date(2028, 12, 31)}
    )
    at = dt.datetime(2028, 2, 1, tzinfo=dt.UTC)
    actions.start_report(later, member, by=focal_point, at=at)
    url = "/reporting/2028-ALB/answers/2012-T1/"
    page = writer.get(url)
    assert "Sign “no change since 2026”" in words(page)
    assert writer.post(f"{url}no-change/", {"base_version": "0"})["Location"] == url
    answer = Answer.objects.get(report__cycle=later, commitment__reference="2012-T1")
    assert (answer.no_change, answer.narrative) == (True, SAID["narrative"])
    assert writer.post(f"{url}no-change/", {}).status_code == 400


PAGES = ["", "check/", "preview/", "answers/2012-T1/"]
POSTS = ["submit/", "recall/", "agree/", "reopen/", "start/", "answers/2012-T1/no-change/"]


@pytest.mark.parametrize("page", PAGES + POSTS)
@pytest.mark.parametrize(
    ("person", "status"),
    [("outsider", 404), ("reviewer", 404), ("analyst", 403), ("visitor", 302), ("former", 403)],
)
def test_another_members_people_find_no_report_and_others_are_not_let_in(
    page: str,
    person: str,
    status: int,
    report: Report,
    client: Client,
    request: pytest.FixtureRequest,
) -> None:
    sign_in(client, request.getfixturevalue(person))
    before = list(Report.objects.values())
    method = client.post if page in POSTS else client.get
    # The secretariat comes in where it may enter a report: which pages, says routes.csv.
    shut = {403} if person == "reviewer" else set()
    assert method(HOME + page).status_code in {status, *shut}
    assert client.post(T1, TYPED).status_code == status
    assert list(Report.objects.values()) == before
    assert not AnswerVersion.objects.exists()


def test_a_contributor_is_offered_no_submission(
    client: Client, contributor: User, report: Report
) -> None:
    answer_all(report)
    sign_in(client, contributor)
    assert "Submit the report" not in words(client.get(f"{HOME}check/"))
    sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on"}
    assert client.post(f"{HOME}submit/", sent).status_code == 403


def test_whoever_comes_to_a_posted_address_by_a_link_is_led_to_the_report(
    writer: Client, report: Report
) -> None:
    assert writer.get(f"{HOME}recall/")["Location"] == HOME
    assert writer.put(f"{HOME}recall/").status_code == 405
    assert writer.put(T1).status_code == 405
    assert writer.post(HOME).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_all_questions_takes_no_query_per_question(
    page: str,
    writer: Client,
    report: Report,
    django_assert_max_num_queries: Any,
) -> None:
    answer_all(report)
    with django_assert_max_num_queries(22):
        assert writer.get(HOME + page).status_code == 200


def test_a_question_that_is_not_asked_does_not_exist(writer: Client, report: Report) -> None:
    for reference in ("2012-S3", "nothing", "2014-CSO-A1"):
        url = reverse("answer", args=[report.code, reference])
        assert writer.get(url).status_code == 404
        assert writer.post(url, TYPED).status_code == 404


def test_a_clause_that_the_register_judges_itself_says_so(writer: Client, report: Report) -> None:
    page = words(writer.get(f"{HOME}answers/2012-S2a/"))
    assert "The register judges this clause from its own dates." in page
    assert "How it is judged" not in words(writer.get(T1))


def test_what_was_typed_survives_a_real_sign_in(
    client: Client, report: Report, focal_point: User
) -> None:
    sent = client.post(T1, {**TYPED, "narrative": "Typed for an hour."})
    facts = {"login": focal_point.email, "password": PASSWORD}
    signed_in = client.post(sent["Location"], facts)
    assert signed_in["Location"] == T1
    assert "Typed for an hour." in client.get(T1).content.decode()


def test_what_one_person_typed_is_not_shown_to_another_member(
    client: Client, report: Report, outsider: User
) -> None:
    client.post(T1, {**TYPED, "narrative": "Typed for an hour."})
    client.force_login(outsider)
    assert client.get(T1).status_code == 404


def test_what_is_started_in_a_demonstration_is_marked_as_synthetic(
    writer: Client, cycle: Cycle, settings: Any
) -> None:
    settings.DEMO = True
    writer.post(f"{HOME}start/")
    assert Report.objects.get().synthetic


def test_what_was_typed_for_one_question_is_not_shown_at_another(
    client: Client, report: Report, focal_point: User
) -> None:
    client.post(T1, {**TYPED, "narrative": "Typed for an hour."})
    client.force_login(focal_point)
    other = client.get(f"{HOME}answers/2012-T2/").content.decode()
    assert "Typed for an hour." not in other

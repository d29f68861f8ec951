"""A reviewer comments on an answer, the member replies, a reviewer resolves it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from members.models import Event, User
from reporting import actions
from reporting.models import Answer, Comment, Report
from reporting.questions import questions
from reporting.workflow import WrongMoment
from tests.cast import sign_in

from .conftest import OPENED, SAID

pytestmark = pytest.mark.django_db
HOME, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
LATER = OPENED + dt.timedelta(days=1)
Bring = Callable[[str], Report]


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


def say(report: Report, by: User, text: str = "Which year?", **more: Any) -> Comment:
    said = {"internal": False, "on": None, **more}
    at, on = said.pop("at", OPENED), said.pop("on")
    return actions.comment(report, on, text=text, by=by, at=at, **said)


def test_a_comment_is_made_answered_and_resolved_on_the_pages(
    client: Client, bring: Bring, reviewer: User, focal_point: User
) -> None:
    bring("submitted")
    desk = sign_in(client, reviewer)
    told = desk.post(f"{DESK}comments/", {"on": "2012-T1", "text": "Which year?"})
    comment = Comment.objects.get()
    assert told["Location"] == f"{DESK}#c-{comment.pk}"
    assert (comment.commitment.reference, comment.version) == ("2012-T1", 1)

    writer = sign_in(Client(), focal_point)
    for page in (f"{HOME}comments/", f"{HOME}answers/2012-T1/"):
        assert "Which year?" in words(writer.get(page)), page
    assert writer.post(f"{HOME}comments/{comment.pk}/", {"text": "In 2025."}).status_code == 302
    assert "In 2025." in words(desk.get(DESK))

    assert desk.post(f"{DESK}comments/{comment.pk}/resolve/").status_code == 302
    assert "Resolved by reviewer" in words(writer.get(f"{HOME}comments/"))
    late = writer.post(f"{HOME}comments/{comment.pk}/", {"text": "And more."})
    assert late.status_code == 409 and Comment.objects.count() == 2
    told_of = list(Event.objects.filter(chain="report:2026-ALB").values_list("verb", flat=True))
    assert [verb for verb in told_of if verb in ("comment", "reply", "resolve")] == [
        *("comment", "reply", "resolve")
    ]
    assert "Which" not in str(list(Event.objects.values_list("detail", flat=True)))


def test_an_internal_comment_is_shown_to_the_secretariat_alone(
    client: Client, bring: Bring, reviewer: User, editor: User, focal_point: User, clause: Any
) -> None:
    report = bring("returned")
    secret = say(report, reviewer, "Not for them.", internal=True, on=clause)
    actions.reply(secret, text="Nor this.", by=reviewer, at=OPENED)
    for person in (reviewer, editor):
        assert "Not for them." in words(sign_in(client, person).get(DESK))
    writer = sign_in(client, focal_point)
    for page in ("", "comments/", "answers/2012-T1/", "check/", "preview/", "submitted/1/"):
        shown = words(writer.get(HOME + page))
        assert "Not for them." not in shown and "Nor this." not in shown, page
        assert "comment of a reviewer waits" not in shown, page
    assert writer.post(f"{HOME}comments/{secret.pk}/", {"text": "What?"}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.reply(secret, text="What?", by=focal_point, at=OPENED)
    assert all(question.work != "returned" for question in questions(report))


def test_who_represents_the_member_sees_no_internal_word_with_a_second_role_either(
    client: Client, bring: Bring, reviewer: User, focal_point: User
) -> None:
    report = bring("submitted")
    say(report, reviewer, "Not for them.", internal=True)
    focal_point.roles.create(kind="editor", since=dt.date(2020, 1, 1))
    both = User.objects.get(pk=focal_point.pk)
    assert "Not for them." not in words(sign_in(client, both).get(DESK))


def test_nobody_else_sees_or_answers_a_comment(
    client: Client, bring: Bring, reviewer: User, outsider: User, editor: User
) -> None:
    report = bring("submitted")
    comment = say(report, reviewer)
    assert sign_in(client, outsider).get(f"{HOME}comments/").status_code == 404
    assert client.post(f"{HOME}comments/{comment.pk}/", {"text": "x"}).status_code == 404
    for person in (outsider, editor):
        with pytest.raises(PermissionDenied):
            actions.reply(comment, text="x", by=person, at=OPENED)
        with pytest.raises(PermissionDenied):
            actions.resolve(comment, by=person, at=OPENED)
        with pytest.raises(PermissionDenied):
            say(report, person)
    assert Comment.objects.count() == 1


def test_a_returned_report_shows_question_by_question_what_waits_for_the_member(
    client: Client, bring: Bring, reviewer: User, focal_point: User, clause: Commitment
) -> None:
    report = bring("submitted")
    comment = say(report, reviewer, on=clause)
    say(report, reviewer, "Sign it as well.")
    actions.start_review(report, by=reviewer, at=OPENED)
    assert all(q.work != "returned" for q in questions(Report.objects.get()))
    actions.send_back(report, by=reviewer, because="See the comments.", at=OPENED)
    report.refresh_from_db()

    def returned() -> list[str]:
        return [q.reference for q in questions(report) if q.work == "returned"]

    assert returned() == ["2012-T1"]
    home = words(sign_in(client, focal_point).get(HOME))
    assert "2 comments of the reviewers wait" in home and "Returned with a comment" in home
    facts = {"base_version": 0, "by": focal_point}
    actions.save_answer(report, clause, said=SAID | {"narrative": "2025."}, at=LATER, **facts)
    assert returned() == []
    again = actions.reply(comment, text="Are you sure?", by=reviewer, at=LATER)
    assert again.by_member is False
    assert "One comment of a reviewer waits" in words(client.get(HOME))


def test_a_reply_of_the_member_ends_its_waiting_and_a_resolution_too(
    bring: Bring, reviewer: User, contributor: User, clause: Commitment
) -> None:
    report = bring("returned")
    first, second = say(report, reviewer, on=clause), say(report, reviewer, "And who?", on=clause)
    assert Comment.objects.waiting_for_the_member().count() == 2
    actions.reply(first, text="In 2025.", by=contributor, at=LATER)
    actions.resolve(second, by=reviewer, at=LATER)
    assert not Comment.objects.waiting_for_the_member().exists()


def test_the_same_click_twice_makes_one_comment_one_reply_and_one_resolution(
    bring: Bring, reviewer: User, focal_point: User
) -> None:
    report = bring("submitted")
    first = say(report, reviewer)
    assert say(report, reviewer) == first
    one = actions.reply(first, text="In 2025.", by=focal_point, at=OPENED)
    assert actions.reply(first, text="In 2025.", by=focal_point, at=OPENED) == one
    actions.resolve(first, by=reviewer, at=OPENED)
    actions.resolve(first, by=reviewer, at=LATER)
    assert Event.objects.filter(verb__in=["comment", "reply", "resolve"]).count() == 3
    assert Comment.objects.get(pk=first.pk).resolved_at == OPENED


def test_nothing_is_said_on_a_draft_or_on_a_clause_that_is_not_asked(
    report: Report, bring: Bring, reviewer: User
) -> None:
    with pytest.raises(WrongMoment):
        say(report, reviewer)
    bring("submitted")
    of_others = Commitment.objects.exclude(pk__in=report.answers.values("commitment")).first()
    with pytest.raises(ValidationError):
        say(report, reviewer, on=of_others)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"on": "2012-T1", "text": "  "}, "Comment: This field is required."),
        ({"on": "", "text": "x" * 2001}, "Comment: Ensure this value has at most 2000"),
        ({"on": "2012-T1", "text": "a\x00b"}, "Comment: Null characters"),
        ({"on": "no such", "text": "x"}, "on: "),
        ({"on": "2012", "text": "x"}, "Not Found"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused_by_field(
    sent: dict[str, str], names: str, client: Client, bring: Bring, reviewer: User
) -> None:
    bring("submitted")
    page = sign_in(client, reviewer).post(f"{DESK}comments/", sent)
    assert page.status_code == (404 if names == "Not Found" else 400)
    assert names == "Not Found" or names in words(page)
    assert not Comment.objects.exists()


def test_an_empty_reply_is_refused_beside_its_field(
    client: Client, bring: Bring, reviewer: User, focal_point: User
) -> None:
    comment = say(bring("submitted"), reviewer)
    page = sign_in(client, focal_point).post(f"{HOME}comments/{comment.pk}/", {"text": ""})
    assert page.status_code == 400
    assert "Reply: This field is required." in words(page)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_comment SET text = 'Other.'",
        "UPDATE reporting_comment SET internal = NOT internal",
        "DELETE FROM reporting_comment",
        "UPDATE reporting_comment SET resolved_at = now()",
        "INSERT INTO reporting_comment (report_id, commitment_id, reply_to_id, text, internal, "
        "by_member, version, written_by_id, written_at) SELECT report_id, commitment_id, id, 'x', "
        "NOT internal, FALSE, 1, written_by_id, now() FROM reporting_comment",
        "INSERT INTO reporting_comment (report_id, text, internal, by_member, version, "
        "written_by_id, written_at) SELECT report_id, 'x', TRUE, TRUE, 1, written_by_id, now() "
        "FROM reporting_comment",
    ],
)
def test_the_database_keeps_what_was_said_and_to_whom(
    sql: str, bring: Bring, reviewer: User
) -> None:
    say(bring("submitted"), reviewer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_comments_cost_the_pages_a_fixed_number_of_queries(
    client: Client, bring: Bring, reviewer: User
) -> None:
    report = bring("submitted")
    desk = sign_in(client, reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(DESK).status_code == 200
        return len(seen)

    say(report, reviewer)
    desk.get(DESK)  # now and then the session is saved with it
    before = queries()
    for answer in Answer.objects.filter(report=report).select_related("commitment")[:5]:
        actions.reply(say(report, reviewer, on=answer.commitment), text="x", by=reviewer, at=OPENED)
    assert queries() == before

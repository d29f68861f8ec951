"""A member says what is wrong with what the public would read: it is not published meanwhile."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment
from members.models import Event, Message, User
from reporting import actions
from reporting.models import Comment, PublishedReport, Report
from reporting.workflow import WrongMoment, open_moves
from tests.cast import person, sign_in

from .conftest import OPENED
from .test_comment_on_a_report import words

pytestmark = pytest.mark.django_db
HOME, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
LATER = OPENED + dt.timedelta(days=9)
OVER = OPENED + dt.timedelta(days=10)
Bring = Callable[[str], Report]


@pytest.fixture
def accepted(bring: Bring) -> Report:
    """Accepted today, so that the pages find its window open."""
    report = bring("accepted")
    Report.objects.filter(pk=report.pk).update(accepted_at=timezone.now())
    report.refresh_from_db()
    return report


def test_what_is_wrong_is_said_answered_and_looked_at_anew_on_the_pages(
    client: Client, accepted: Report, focal_point: User, reviewer: User
) -> None:
    writer, desk = sign_in(client, focal_point), sign_in(Client(), reviewer)
    assert "Something is wrong in 2012-T1" in words(writer.get(f"{HOME}preview/"))
    sent = {"wrong": "Sign it otherwise.", "wrong_2012-T1": "It was in May.", "wrong_2012-T2": " "}
    assert writer.post(f"{HOME}object/", sent)["Location"] == f"{HOME}preview/"

    shown = words(writer.get(f"{HOME}preview/"))
    assert "It is not published before the secretariat has answered" in shown
    assert "It was in May." in shown and "Agree to publication" not in shown
    assert "You said on" in words(writer.get(HOME))
    assert "1 Accepted, the member objects" in words(desk.get("/secretariat/"))
    assert "Accepted, the member objects" in words(desk.get("/secretariat/reviews/?queue=objected"))
    page = desk.get(DESK)
    assert "The member says since" in words(page) and "It was in May." in words(page)
    assert [move["name"] for move in page.context["moves"]] == ["send_back"]

    for said in Comment.objects.all():
        assert desk.post(f"{DESK}comments/{said.pk}/resolve/").status_code == 409
        assert desk.post(f"{DESK}comments/{said.pk}/", {"text": "So it stands."}).status_code == 302
        assert desk.post(f"{DESK}comments/{said.pk}/resolve/").status_code == 302
    accepted.refresh_from_db()
    assert accepted.objected_at is None
    assert "Agree to publication" in words(writer.get(f"{HOME}preview/"))
    assert "Resolved by reviewer" in words(writer.get(f"{HOME}comments/"))


def test_the_days_begin_anew_with_the_last_answer_and_the_member_hears_of_it(
    bring: Bring, focal_point: User, reviewer: User, clause: Commitment
) -> None:
    report = bring("accepted")
    wrong = {None: "Sign it.", clause: "In May."}
    actions.object_to(report, wrong, by=focal_point, at=LATER)
    long_after = OPENED + dt.timedelta(days=30)
    with pytest.raises(WrongMoment):
        actions.publish(report, by=reviewer, on=long_after.date())
    assert not Report.objects.publishable(long_after).exists()
    assert not Report.objects.previewed(LATER).exists()
    first, second = Comment.objects.all()
    for thread in (first, second):
        report.refresh_from_db()
        assert report.objected_at == LATER
        actions.reply(thread, text="So it stands.", by=reviewer, at=long_after)
        actions.resolve(thread, by=reviewer, at=long_after)
    report.refresh_from_db()
    assert (report.objected_at, report.accepted_at) == (None, long_after)
    assert Message.objects.latest("pk").to == focal_point.email
    assert Message.objects.latest("pk").subject.endswith("what you said to be wrong was answered")
    with pytest.raises(WrongMoment):
        actions.publish(report, by=reviewer, on=(long_after + dt.timedelta(days=9)).date())
    actions.publish(report, by=reviewer, on=(long_after + dt.timedelta(days=10)).date())


def test_it_is_answered_only_once_the_secretariat_had_the_last_word(
    accepted: Report, focal_point: User, reviewer: User
) -> None:
    actions.object_to(accepted, {None: "Sign it."}, by=focal_point, at=timezone.now())
    said = Comment.objects.get()
    actions.reply(said, text="Why?", by=reviewer, at=OPENED)
    actions.reply(said, text="It is the law.", by=focal_point, at=OPENED)
    with pytest.raises(WrongMoment):
        actions.resolve(said, by=reviewer, at=OPENED)


def test_a_return_lets_the_member_mend_it_and_what_was_said_stays_at_its_question(
    client: Client, accepted: Report, focal_point: User, reviewer: User, clause: Commitment
) -> None:
    actions.object_to(accepted, {clause: "It was in May."}, by=focal_point, at=timezone.now())
    actions.send_back(accepted, by=reviewer, because="As you said.", at=OPENED)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.objected_at) == ("returned", None)
    assert not Comment.objects.waiting_for_the_member().exists()
    writer = sign_in(client, focal_point)
    assert "It was in May." in words(writer.get(f"{HOME}answers/2012-T1/"))
    actions.resolve(Comment.objects.get(), by=reviewer, at=OPENED)  # no longer holds anything


def test_an_old_objection_neither_holds_a_new_version_nor_keeps_it_from_being_objected_to(
    accepted: Report, bring: Bring, focal_point: User, reviewer: User
) -> None:
    actions.object_to(accepted, {None: "Sign it."}, by=focal_point, at=timezone.now())
    actions.send_back(accepted, by=reviewer, because="As you said.", at=OPENED)
    accepted.refresh_from_db()
    again = bring("accepted")
    assert "agree" in [m.name for m in open_moves(focal_point, again, on=OPENED.date())]
    actions.object_to(again, {None: "Sign it."}, by=focal_point, at=OPENED)
    new = Comment.objects.get(version=2)
    actions.reply(new, text="It is signed.", by=reviewer, at=OPENED)
    actions.resolve(new, by=reviewer, at=OPENED)
    again.refresh_from_db()
    assert again.objected_at is None and Comment.objects.open().count() == 1


def test_the_same_click_twice_objects_once(
    accepted: Report, focal_point: User, clause: Commitment, reviewer: User
) -> None:
    now = timezone.now()
    for _again in range(2):
        actions.object_to(accepted, {clause: "It was in May."}, by=focal_point, at=now)
    assert Comment.objects.count() == 1
    assert Event.objects.get(verb="object").detail["on"] == ["2012-T1"]
    [mail] = Message.objects.filter(to=reviewer.email)
    assert mail.subject.endswith("the member says that something is wrong")
    assert "May" not in mail.body and DESK in mail.body


def test_every_reviewer_hears_of_it_where_the_one_who_had_it_may_no_more(
    accepted: Report, focal_point: User, reviewer: User
) -> None:
    other = person("reviewer", name="other")
    reviewer.is_active = False
    reviewer.save()
    actions.object_to(accepted, {None: "Sign it."}, by=focal_point, at=timezone.now())
    told = Message.objects.filter(subject__endswith="something is wrong")
    assert [one.to for one in told] == [other.email]


def test_only_the_focal_point_objects(
    accepted: Report, contributor: User, outsider: User, reviewer: User
) -> None:
    for somebody in (contributor, outsider, reviewer):
        with pytest.raises(PermissionDenied):
            actions.object_to(accepted, {None: "No."}, by=somebody, at=timezone.now())
    assert not Comment.objects.exists()


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "published"])
def test_only_an_accepted_report_is_objected_to(
    state: str, bring: Bring, focal_point: User
) -> None:
    with pytest.raises(WrongMoment):
        actions.object_to(bring(state), {None: "No."}, by=focal_point, at=OPENED)


def test_not_after_the_window_nor_after_agreeing_and_no_text_is_lost(
    client: Client, bring: Bring, focal_point: User
) -> None:
    report = bring("accepted")
    with pytest.raises(WrongMoment):
        actions.object_to(report, {None: "No."}, by=focal_point, at=OVER)
    late = sign_in(client, focal_point).post(f"{HOME}object/", {"wrong_2012-T1": "It was in May."})
    assert late.status_code == 409 and "It was in May." in words(late)
    actions.agree(report, by=focal_point, at=OPENED)
    with pytest.raises(WrongMoment):
        actions.object_to(report, {None: "No."}, by=focal_point, at=OPENED)
    assert not Comment.objects.exists()


def test_nobody_agrees_to_what_is_objected_to(accepted: Report, focal_point: User) -> None:
    actions.object_to(accepted, {None: "Sign it."}, by=focal_point, at=timezone.now())
    with pytest.raises(WrongMoment):
        actions.agree(accepted, by=focal_point, at=timezone.now())


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"wrong": "  "}, "wrong"),
        ({"wrong_2012-T1": "x" * 2001}, "wrong_2012-T1"),
        ({"wrong_2012-T1": "a\x00b"}, "wrong_2012-T1"),
        ({"wrong": "d41d8cd98f00b204e9800998ecf8427e"}, "wrong"),
        ({"wrong_of-others": "x"}, "wrong"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    sent: dict[str, str], field: str, client: Client, accepted: Report, focal_point: User
) -> None:
    page = sign_in(client, focal_point).post(f"{HOME}object/", sent)
    assert page.status_code == 400 and list(page.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in page.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 5001, "d41d8cd98f00b204e9800998ecf8427e"])
def test_the_action_refuses_it_as_well_and_keeps_nothing_of_the_rest(
    text: str, accepted: Report, focal_point: User, clause: Commitment
) -> None:
    wrong: list[dict[Any, str]] = [{None: "Sign it.", clause: text}, {}]
    for one in wrong:
        with pytest.raises(ValidationError):
            actions.object_to(accepted, one, by=focal_point, at=timezone.now())
    assert not Comment.objects.exists() and not Event.objects.filter(verb="object").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_report SET state = 'published'",
        "UPDATE reporting_report SET state = 'returned'",
        "UPDATE reporting_report SET agreed_at = now()",
        "UPDATE reporting_comment SET text = 'Nothing.'",
        "DELETE FROM reporting_comment",
    ],
)
def test_the_database_holds_the_report_back(
    sql: str, accepted: Report, focal_point: User, reviewer: User
) -> None:
    actions.object_to(accepted, {None: "Sign it."}, by=focal_point, at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not PublishedReport.objects.exists()


def test_no_draft_is_held_back_by_sql(report: Report) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_report SET objected_at = now()")

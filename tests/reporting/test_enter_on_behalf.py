"""The secretariat enters a report that came on paper, and the member confirms it or objects."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from members.models import Event, Member, Message, Role, User
from reporting import acknowledgements, actions, rules
from reporting.actions.publication import timeliness_of
from reporting.forms.reviewers import ReviewerForm
from reporting.models import AnswerVersion, Cycle, Receipt, Report
from reporting.workflow import WrongMoment
from tests.cast import sign_in

from .conftest import OPENED, answer_all, answer_beyond_doubt

pytestmark = pytest.mark.django_db
HOME, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
CAME = dt.date(2026, 6, 30)
LATE = dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC)  # when it is entered: the due day is over
FACTS: dict[str, Any] = {"received_as": "letter", "received_on": CAME}


@pytest.fixture
def entered(cycle: Cycle, member: Member, editor: User) -> Report:
    return actions.enter(cycle, member, **FACTS, by=editor, at=LATE)


def send(report: Report, by: User, at: dt.datetime = LATE) -> Report:
    if report.state in ("draft", "returned"):
        answer_all(report)
    actions.submit(report, by=by, key=uuid.uuid4(), at=at)
    report.refresh_from_db()
    return report


def test_it_is_entered_on_the_forms_of_the_writers_and_submitted(
    client: Client, cycle: Cycle, member: Member, editor: User
) -> None:
    sign_in(client, editor)
    assert b"Day of receipt" in client.get(f"{DESK}enter/").content
    sent = {"received_as": "letter", "received_on": "2026-06-30"}
    assert client.post(f"{DESK}enter/", sent).headers["Location"] == HOME
    report = Report.objects.get(cycle=cycle, member=member)
    assert "by letter" in client.get(HOME).content.decode()
    said = {"status": "planned", "narrative": "Later.", "visibility": "public", "base_version": 0}
    assert client.post(f"{HOME}answers/2012-T1/", said).status_code == 302
    assert AnswerVersion.objects.get(answer__report=report).origin == "desk"
    answer_beyond_doubt(report)
    declared = {"entitled": "on", "no_personal_data": "on", "key": str(uuid.uuid4())}
    assert b"and nothing more" in client.get(f"{HOME}check/").content
    page = client.post(f"{HOME}submit/", declared, follow=True).content.decode()
    assert "by letter" in page and str(editor) in page
    text = client.get(f"{HOME}submitted/1/acknowledgement.txt").content.decode()
    assert "by letter, 2026-06-30" in text and str(editor) in text
    [version] = report.versions.all()
    assert acknowledgements.read(text.encode()) is not None
    received = json.loads(version.content)["received"]
    assert received == {**FACTS, "received_on": "2026-06-30"}
    assert str(editor) not in version.content, "a name that could never be removed"


def test_what_came_in_time_is_not_called_overdue_while_it_is_entered(
    client: Client, entered: Report, editor: User
) -> None:
    assert dt.datetime.now(dt.UTC) > LATE, "its due day is long over"
    page = sign_in(client, editor).get(HOME).content.decode()
    assert "by letter" in page and "overdue" not in page
    Report.objects.update(received_on=dt.date(2026, 7, 20))
    assert "overdue" in client.get(HOME).content.decode()


def test_the_day_of_receipt_decides_whether_it_came_in_time(
    entered: Report, editor: User, focal_point: User, reviewer: User
) -> None:
    report = send(entered, editor)
    assert report.first_submitted_at and report.first_submitted_at.date() == CAME
    assert timeliness_of(report.cycle, report.member, report, LATE) == "on_time"
    actions.confirm(report, by=focal_point, at=LATE)
    actions.start_review(report, by=reviewer, at=LATE)
    actions.accept(report, by=reviewer, at=LATE)
    actions.agree(report, by=focal_point, at=LATE)
    actions.publish(report, by=reviewer, on=LATE.date())
    receipt = Receipt.objects.get(member="ALB")
    assert (receipt.received_on, receipt.timeliness) == (CAME, "on_time")


def test_the_member_recalls_it_and_then_its_own_submission_counts(
    entered: Report, editor: User, focal_point: User
) -> None:
    report = actions.recall(send(entered, editor), by=focal_point, at=LATE)
    assert not report.was_entered and report.entered_by == editor
    report = send(report, focal_point, LATE)
    assert report.first_submitted_at == LATE
    assert "received" not in json.loads(report.versions.latest("number").content)


def test_who_entered_it_takes_no_part_in_its_review(
    entered: Report, editor: User, focal_point: User, client: Client
) -> None:
    for kind in (Role.Kind.REVIEWER, Role.Kind.ADMINISTRATOR):
        editor.roles.create(kind=kind, since=dt.date(2020, 1, 1))
    clerk = User.objects.get(pk=editor.pk)
    report = actions.confirm(send(entered, clerk), by=focal_point, at=LATE)
    assert not rules.can_review(clerk, report) and not rules.can_publish(clerk, report)
    with pytest.raises(PermissionDenied):
        actions.start_review(report, by=clerk, at=LATE)
    assert sign_in(client, clerk).post(f"{DESK}start-review/").status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(reviewer=clerk)


def test_it_is_not_accepted_before_the_member_confirmed_it(
    entered: Report, editor: User, reviewer: User, focal_point: User
) -> None:
    report = actions.start_review(send(entered, editor), by=reviewer, at=LATE)
    with pytest.raises(WrongMoment):
        actions.accept(report, by=reviewer, at=LATE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state="accepted")
    actions.confirm(report, by=focal_point, at=LATE)
    assert actions.accept(report, by=reviewer, at=LATE).state == "accepted"


def test_the_focal_point_is_told_and_confirms_on_a_page(
    entered: Report, editor: User, focal_point: User, client: Client
) -> None:
    report = send(entered, editor)
    letter = Message.objects.get(to=focal_point.email)
    assert letter.subject.endswith("entered, please confirm")
    assert f"{HOME}confirm/" in letter.body and "by letter on 30 June 2026" in letter.body
    sign_in(client, focal_point)
    assert f'href="{HOME}confirm/"' in client.get(HOME).content.decode()
    assert b"The law is in force." in client.get(f"{HOME}confirm/").content
    assert client.post(f"{HOME}confirm/").headers["Location"] == HOME
    report.refresh_from_db()
    assert report.confirmed_at and not rules.enters(editor, report)
    assert Event.objects.filter(verb="confirm", actor=focal_point, about="2026-ALB").exists()
    assert client.post(f"{HOME}confirm/").status_code == 409
    assert sign_in(client, editor).get(HOME).status_code == 404


def test_the_focal_point_says_what_is_wrong_and_it_is_corrected(
    entered: Report, editor: User, focal_point: User, client: Client
) -> None:
    report = send(entered, editor)
    sign_in(client, focal_point)
    assert client.post(f"{HOME}dispute/", {"because": " "}).status_code == 400
    assert client.post(f"{HOME}dispute/", {"because": "2012-T1 is planned."}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.returned_because) == ("returned", "2012-T1 is planned.")
    letter = Message.objects.get(to=editor.email)
    assert "entered wrongly" in letter.subject and "2012-T1" not in letter.body
    assert b"2012-T1 is planned." in sign_in(client, editor).get(HOME).content
    answer_all(report, narrative="Otherwise.")
    report = send(report, editor)
    assert report.is_unconfirmed and report.first_submitted_at.date() == CAME


def test_where_there_is_no_focal_point_it_waits_and_the_desk_says_so(
    entered: Report, editor: User, reviewer: User, client: Client
) -> None:
    send(entered, editor)
    assert not Message.objects.exists()
    page = sign_in(client, reviewer).get(DESK).content.decode()
    assert "no focal point" in page and "by letter" in page
    rows = client.get("/secretariat/reviews/?queue=unconfirmed").content.decode()
    assert "2026-ALB" in rows


def test_a_begun_report_is_not_entered_over(report: Report, editor: User, client: Client) -> None:
    with pytest.raises(WrongMoment):
        actions.enter(report.cycle, report.member, **FACTS, by=editor, at=LATE)
    sign_in(client, editor)
    assert b"cannot be done" in client.get(f"{DESK}enter/").content
    assert client.get(HOME).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received_as", "online"),
        ("received_on", dt.date(2026, 7, 21)),
        ("received_on", dt.date(2025, 12, 31)),
    ],
)
def test_how_and_when_it_came_must_be_possible(
    field: str, value: Any, cycle: Cycle, member: Member, editor: User
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.enter(cycle, member, **{**FACTS, field: value}, by=editor, at=LATE)
    assert list(refused.value.message_dict) == [field]
    assert not Report.objects.exists()


def test_nobody_else_of_the_secretariat_writes_in_it(
    entered: Report, administrator: User, outsider: User, client: Client
) -> None:
    for somebody in (administrator, outsider):
        assert sign_in(client, somebody).get(HOME).status_code == 404
        said = {"status": "planned"}
        clause = entered.answers.first().commitment
        with pytest.raises(PermissionDenied):
            actions.save_answer(entered, clause, said=said, base_version=0, by=somebody, at=OPENED)


def test_a_colleague_goes_on_where_another_began_and_neither_reviews_it(
    entered: Report, editor: User, administrator: User, reviewer: User, client: Client
) -> None:
    sign_in(client, administrator)
    assert f'href="{DESK}enter/"' in client.get(DESK).content.decode()
    page = client.get(f"{DESK}enter/").content.decode()
    assert "Go on entering it" in page and str(editor) in page and "by letter" in page
    for _again in range(2):
        assert client.post(f"{DESK}enter/", {"go_on": "1"}).headers["Location"] == HOME
    assert client.get(HOME).status_code == 200
    event = Event.objects.get(verb="go_on_entering")
    assert (event.actor, event.detail["before"]) == (administrator, editor.pk)
    assert sign_in(client, editor).get(HOME).status_code == 404
    report = send(Report.objects.get(pk=entered.pk), administrator)
    assert f"Entered by: {administrator}" in acknowledgements.as_text(report.versions.get(), "A")
    for clerk in (editor, administrator):
        clerk.roles.create(kind=Role.Kind.REVIEWER, since=dt.date(2020, 1, 1))
        clerk = User.objects.get(pk=clerk.pk)
        assert not rules.can_review(clerk, report) and not rules.can_publish(clerk, report)
        assert clerk not in ReviewerForm(report).fields["to"].queryset
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(reviewer=clerk)
    assert rules.can_review(reviewer, report)


def test_nobody_goes_on_with_a_report_that_is_not_being_entered(
    entered: Report, editor: User, administrator: User, reviewer: User, focal_point: User,
    client: Client,
) -> None:  # fmt: skip
    outside = {"by": focal_point, "at": LATE}
    with pytest.raises(PermissionDenied):
        actions.go_on_entering(entered, **outside)
    report = send(entered, editor)
    assert sign_in(client, administrator).post(f"{DESK}enter/", {"go_on": "1"}).status_code == 409
    actions.start_review(report, by=reviewer, at=LATE)
    actions.send_back(report, by=reviewer, because="Which year?", at=LATE)
    with pytest.raises(PermissionDenied):
        actions.go_on_entering(report, by=reviewer, at=LATE)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=LATE)
    actions.recall(report, **outside)
    with pytest.raises(WrongMoment):  # it is the member's own from then on
        actions.go_on_entering(report, by=administrator, at=LATE)


def test_who_represents_the_member_does_not_enter_its_report(
    cycle: Cycle, member: Member, focal_point: User
) -> None:
    focal_point.roles.create(kind=Role.Kind.EDITOR, since=dt.date(2020, 1, 1))
    both = User.objects.get(pk=focal_point.pk)
    with pytest.raises(PermissionDenied):
        actions.enter(cycle, member, **FACTS, by=both, at=LATE)

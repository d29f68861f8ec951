"""A member asks for a later date or to be excused; the secretariat decides, also for all."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.dateformat import format as date_format

from members.models import Event, Member, Message, User
from reporting import actions
from reporting.models import Cycle, Extension, ExtensionRequest, Report
from reporting.rounds import expected_members
from reporting.workflow import WrongMoment
from tests.cast import sign_in

from .conftest import OPENED
from .test_comment_on_a_report import words

pytestmark = pytest.mark.django_db
PAGE, QUEUE = "/reporting/2026-ALB/extension/", "/secretariat/extensions/"
LATER = dt.date(2026, 9, 1)
ON = OPENED.date()


def ask(cycle: Cycle, member: Member, by: User, **more: Any) -> ExtensionRequest:
    facts = {"wanted_until": LATER, "reason": "A new law.", "at": OPENED, **more}
    return actions.ask_extension(cycle, member, by=by, **facts)


@pytest.fixture
def asked(cycle: Cycle, member: Member, focal_point: User) -> ExtensionRequest:
    return ask(cycle, member, focal_point)


def test_a_member_asks_and_reads_what_was_decided(
    client: Client, cycle: Cycle, member: Member, focal_point: User, reviewer: User, editor: User
) -> None:
    writer = sign_in(client, focal_point)
    assert "Ask for more time 2026-ALB" in words(writer.get("/reporting/"))
    sent = {"wanted_until": "2026-09-01", "reason": "A new law."}
    assert writer.post(PAGE, sent)["Location"] == PAGE
    assert "Waits for the secretariat." in words(writer.get(PAGE))
    desk = sign_in(Client(), reviewer)
    assert "A new law." in words(desk.get(QUEUE))
    assert "Requests about due dates" in words(desk.get("/secretariat/"))
    for person, told in ((reviewer, True), (editor, False)):
        today = sign_in(Client(), person).get("/secretariat/").content.decode()
        assert "A new law." in today
        for link in ("/secretariat/rounds/2026/extensions/ALB/", "/secretariat/errata/"):
            assert (link in today) == told, "no link to what would be refused"
    assert "The member asks for 1 September 2026." in words(
        desk.get("/secretariat/rounds/2026/extensions/ALB/")
    )
    facts = {"due_on": LATER, "reason": "Agreed.", "by": reviewer, "on": ON}
    actions.decide_extension(cycle, member, **facts)
    page = words(writer.get(PAGE))
    assert "Granted." in page and "Agreed." in page and "For you it is 1 September 2026." in page
    assert "No request waits." in words(desk.get(QUEUE))
    assert cycle.due_on == dt.date(2026, 7, 1)


def test_who_has_submitted_is_told_that_no_other_day_is_needed(
    client: Client, bring: Callable[[str], Report], member: Member, focal_point: User
) -> None:
    report, writer = bring("submitted"), sign_in(client, focal_point)
    assert "Ask for more time" not in words(writer.get("/reporting/"))
    assert "Ask for an extension" not in words(writer.get("/reporting/2026-ALB/"))
    page = writer.get(PAGE)
    assert "The report is submitted already: no other day is needed. Open 2026-ALB" in words(page)
    assert 'name="reason"' not in page.content.decode()
    late = writer.post(PAGE, {"reason": "A new law."})
    assert late.status_code == 409 and "A new law." in late.content.decode(), "to be copied"
    assert not ExtensionRequest.objects.exists()
    actions.recall(report, by=focal_point, at=OPENED)
    assert "Ask for an extension" in words(writer.get("/reporting/2026-ALB/"))
    assert ask(report.cycle, member, focal_point).pk, "one that was taken back has not come"


def test_a_request_is_declined_with_a_reason_that_stands_on_the_page_and_not_in_the_mail(
    client: Client, asked: ExtensionRequest, focal_point: User, administrator: User
) -> None:
    desk = sign_in(Client(), administrator)
    assert desk.post(f"{QUEUE}{asked.pk}/", {"because": " "}).status_code == 400
    for _again in range(2):
        done = desk.post(f"{QUEUE}{asked.pk}/", {"because": "The round is short."})
        assert done["Location"] == QUEUE
    page = words(sign_in(client, focal_point).get(PAGE))
    assert "Declined." in page and "The round is short." in page
    mail = Message.objects.get(subject__contains="declined")
    assert "The round is short." not in mail.body
    assert Event.objects.filter(verb="refuse_extension").count() == 1
    assert not Extension.objects.exists()


def test_a_decision_answers_the_request_whichever_way_it_is_made(
    asked: ExtensionRequest, reviewer: User
) -> None:
    actions.decide_extension(
        asked.cycle, asked.member, due_on=None, reason="Excused.", by=reviewer, on=ON
    )
    asked.refresh_from_db()
    assert (asked.granted, asked.answer, asked.decided_by) == (True, "Excused.", reviewer)
    with pytest.raises(WrongMoment):
        actions.refuse_extension(asked, because="No.", by=reviewer, on=ON)


def test_a_request_stands_beside_the_date_that_holds(
    client: Client, cycle: Cycle, member: Member, focal_point: User, reviewer: User
) -> None:
    later = cycle.due_on + dt.timedelta(days=30)
    facts = {"reason": "Asked for.", "by": reviewer, "on": cycle.opens_on}
    actions.decide_extension(cycle, member, due_on=later, **facts)
    ask(cycle, member, focal_point, wanted_until=later + dt.timedelta(days=30))
    page = sign_in(client, reviewer).get(QUEUE).content.decode()
    assert f"due {date_format(later, 'j F Y')}" in page
    assert f"due {date_format(cycle.due_on, 'j F Y')}" not in page


def test_the_mail_on_another_day_names_both_and_leads_to_the_reason(
    client: Client, cycle: Cycle, member: Member, focal_point: User, reviewer: User
) -> None:
    facts = {"by": reviewer, "on": ON}
    actions.decide_extension(cycle, member, due_on=LATER, reason="A new law.", **facts)
    later = dt.date(2026, 10, 1)
    actions.decide_extension(cycle, member, due_on=later, reason="An election.", **facts)
    mail = Message.objects.order_by("pk").last()
    assert "now due on 1 October 2026; it was due on 1 September 2026." in mail.body
    actions.decide_extension(cycle, member, due_on=None, reason="An election.", **facts)
    actions.decide_extension(cycle, member, due_on=later, reason="An election.", **facts)
    again = Message.objects.order_by("pk").last()
    assert "now due on 1 October 2026; you had been excused." in again.body
    assert f"{PAGE}\n" in mail.body and "An election." not in mail.body
    assert "An election." in words(sign_in(client, focal_point).get(PAGE))
    actions.take_back_extension(cycle, member, reason="Not needed.", **facts)
    assert "Not needed." in words(client.get(PAGE))


def test_one_request_waits_at_a_time_and_the_same_click_twice_is_one(
    asked: ExtensionRequest, cycle: Cycle, member: Member, focal_point: User, reviewer: User
) -> None:
    assert ask(cycle, member, focal_point) == asked
    with pytest.raises(WrongMoment):
        ask(cycle, member, focal_point, wanted_until=None)
    actions.refuse_extension(asked, because="No.", by=reviewer, on=ON)
    assert ask(cycle, member, focal_point, wanted_until=None) != asked


@pytest.mark.parametrize("who", ["contributor", "outsider", "former", "reviewer", "administrator"])
def test_nobody_but_a_focal_point_of_the_member_asks(
    who: str, cycle: Cycle, member: Member, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        ask(cycle, member, request.getfixturevalue(who))
    assert not ExtensionRequest.objects.exists()


@pytest.mark.parametrize("who", ["editor", "focal_point", "outsider"])
def test_nobody_else_declines(
    who: str, asked: ExtensionRequest, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        actions.refuse_extension(asked, because="No.", by=request.getfixturevalue(who), on=ON)


def test_whoever_represents_the_member_does_not_decide_with_another_role(
    asked: ExtensionRequest, focal_point: User
) -> None:
    focal_point.roles.create(kind="administrator", since=dt.date(2020, 1, 1))
    both = User.objects.get(pk=focal_point.pk)
    with pytest.raises(PermissionDenied):
        actions.refuse_extension(asked, because="No.", by=both, on=ON)


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"wanted_until": "2026-07-01", "reason": "x"}, "after the round&#x27;s own due date"),
        ({"wanted_until": "2027-01-01", "reason": "x"}, "the round is still open"),
        ({"wanted_until": "soon", "reason": "x"}, "Enter a valid date."),
        ({"wanted_until": "", "reason": ""}, "This field is required."),
    ],
)
def test_a_request_that_cannot_be_kept_is_refused_by_field(
    sent: dict[str, str], names: str, client: Client, cycle: Cycle, focal_point: User
) -> None:
    page = sign_in(client, focal_point).post(PAGE, sent)
    assert page.status_code == 400 and names in page.content.decode()
    assert not ExtensionRequest.objects.exists()


def test_nothing_is_asked_before_the_round_or_after_its_receipts(
    cycle: Cycle, member: Member, focal_point: User
) -> None:
    early = dt.datetime(2025, 12, 31, tzinfo=dt.UTC)
    with pytest.raises(WrongMoment):
        ask(cycle, member, focal_point, at=early)
    Cycle.objects.filter(pk=cycle.pk).update(receipts_announced_on=dt.date(2027, 2, 1))
    with pytest.raises(WrongMoment):
        ask(cycle, member, focal_point)
    assert ask.__name__ and not ExtensionRequest.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reporting_extensionrequest SET reason = 'Other.'",
        "UPDATE reporting_extensionrequest SET granted = TRUE",
        "UPDATE reporting_extensionrequest SET granted = TRUE, answer = 'So.', "
        "decided_by_id = asked_by_id, decided_on = '2026-02-02'",
        "DELETE FROM reporting_extensionrequest",
        "INSERT INTO reporting_extensionrequest (cycle_id, member_id, reason, asked_by_id, "
        "asked_at, answer, synthetic) SELECT cycle_id, member_id, 'x', asked_by_id, asked_at, '', "
        "FALSE FROM reporting_extensionrequest",
    ],
)
def test_the_database_keeps_what_was_asked_and_decided(sql: str, asked: ExtensionRequest) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_decided_request_is_not_decided_again(asked: ExtensionRequest, reviewer: User) -> None:
    actions.refuse_extension(asked, because="No.", by=reviewer, on=ON)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtensionRequest.objects.filter(pk=asked.pk).update(granted=True)


def test_the_date_of_a_round_is_moved_for_all_and_later_decisions_stay(
    client: Client, cycle: Cycle, member: Member, other_member: Member, administrator: User
) -> None:
    facts = {"reason": "A fire.", "by": administrator, "on": ON}
    actions.decide_extension(cycle, member, due_on=None, **facts)
    actions.decide_extension(cycle, other_member, due_on=dt.date(2026, 12, 1), **facts)
    desk = sign_in(client, administrator)
    page = "/secretariat/rounds/2026/extensions/"
    sent = {"due_on": "2026-09-01", "reason": "A fire."}
    assert desk.post(page, sent).status_code == 400, "it asks whether one is sure"
    assert desk.post(page, sent | {"sure": "on"})["Location"] == "/secretariat/rounds/2026/"
    moved = Extension.objects.filter(cycle=cycle, due_on=LATER)
    assert moved.count() == expected_members(cycle).count() - 2
    assert Extension.objects.get(member=member).due_on is None
    assert Extension.objects.get(member=other_member).due_on == dt.date(2026, 12, 1)
    assert Cycle.objects.get(code="2026").due_on == dt.date(2026, 7, 1)
    assert actions.extend_round(cycle, due_on=LATER, **facts) == []


def test_the_date_of_a_round_is_not_moved_back_or_by_an_editor(
    cycle: Cycle, administrator: User, editor: User
) -> None:
    facts = {"reason": "A fire.", "on": ON}
    with pytest.raises(ValidationError):
        actions.extend_round(cycle, due_on=cycle.due_on, by=administrator, **facts)
    with pytest.raises(PermissionDenied):
        actions.extend_round(cycle, due_on=LATER, by=editor, **facts)
    assert not Extension.objects.exists()


def test_the_round_is_counted_by_the_dates_decided_and_by_its_own(
    client: Client, bring: Callable[[str], Report], cycle: Cycle, member: Member, reviewer: User
) -> None:
    bring("submitted")
    late = dt.datetime(2026, 7, 20, tzinfo=dt.UTC)
    Report.objects.update(first_submitted_at=late)
    facts = {"due_on": LATER, "reason": "Agreed.", "by": reviewer, "on": ON}
    actions.decide_extension(cycle, member, **facts)
    page = words(sign_in(client, reviewer).get("/secretariat/rounds/2026/"))
    assert "late 0 1" in page and "on time 1 0" in page

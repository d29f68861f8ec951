"""A member finds a mistake in what the public will read, and gets its report back."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from members.models import Event, User
from reporting import actions
from reporting.models import PublishedReport, Report
from reporting.workflow import WrongMoment, open_moves
from tests.cast import sign_in

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
DAY = OPENED.date()
DESK = "/secretariat/reports/2026-ALB/"


def test_an_accepted_report_is_returned_corrected_and_agreed_to_anew(
    bring: Callable[[str], Report], focal_point: User, reviewer: User
) -> None:
    report = bring("accepted")
    actions.agree(report, by=focal_point, at=OPENED)

    actions.send_back(report, by=reviewer, because="As you asked.", at=OPENED)

    report.refresh_from_db()
    assert (report.state, report.accepted_at, report.agreed_at) == ("returned", None, None)
    assert Event.objects.filter(about=report.code, verb="send_back").exists()
    with pytest.raises(WrongMoment):
        actions.publish(report, by=reviewer, on=DAY)
    answer_all(report, narrative="The law is in force since May.")
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    with pytest.raises(WrongMoment):  # the word given for the version before does not count
        actions.publish(report, by=reviewer, on=DAY)
    actions.agree(report, by=focal_point, at=OPENED)
    published = actions.publish(report, by=reviewer, on=DAY)
    assert published.version == 2


def test_a_withdrawn_report_is_returned_too_and_its_first_submission_still_decides(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("published")
    came = report.first_submitted_at
    actions.withdraw(report, by=reviewer, on=DAY, because="Two figures were wrong.")
    actions.send_back(report, by=reviewer, because="Two figures are wrong.", at=OPENED)
    report.refresh_from_db()
    assert report.state == "returned"
    assert report.first_submitted_at == came
    assert not PublishedReport.objects.shown().exists()


def test_a_published_report_is_not_returned_behind_the_readers_back(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    with pytest.raises(WrongMoment):
        actions.send_back(bring("published"), by=reviewer, because="Why not.", at=OPENED)


def test_the_member_reads_how_and_the_reviewer_has_the_button(
    client: Client, bring: Callable[[str], Report], focal_point: User, reviewer: User
) -> None:
    bring("accepted")
    preview = sign_in(client, focal_point).get("/reporting/2026-ALB/preview/").content.decode()
    assert "a reviewer returns the report to you" in preview
    desk = sign_in(client, reviewer)
    assert "Return with a reason" in desk.get(DESK).content.decode()
    assert desk.post(f"{DESK}return/", {"because": "As you asked."}).status_code == 302
    returned = sign_in(client, focal_point).get("/reporting/2026-ALB/").content.decode()
    assert "As you asked." in returned


def test_an_administrator_publishes_but_does_not_return(
    bring: Callable[[str], Report], administrator: User
) -> None:
    report = bring("accepted")
    later = DAY + dt.timedelta(days=20)
    assert [m.name for m in open_moves(administrator, report, on=later)] == ["publish"]

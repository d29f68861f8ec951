"""The head of a report's home: where it stands, and what waits for whoever reads it."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.models import User
from reporting import actions
from reporting.models import Cycle, Report, Version
from tests.cast import sign_in

from .conftest import OPENED, answer_all, answer_beyond_doubt

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        ("submitted", "Submitted 1 February 2026, in time"),
        ("returned", "Returned First submitted 1 February 2026, in time."),
        ("accepted", "Accepted 1 February 2026 First submitted 1 February 2026, in time."),
        ("published", "Published 1 February 2026 First submitted 1 February 2026, in time."),
    ],
)
def test_a_report_that_was_submitted_is_never_called_overdue(
    state: str, stands: str, writer: Client, bring: Callable[[str], Report], cycle: Cycle
) -> None:
    bring(state)
    page = words(writer.get(HOME))
    assert stands in page
    assert "overdue" not in page
    assert "left" not in page


def test_a_report_that_came_late_says_by_how_many_days(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    report = bring("submitted")
    came = dt.datetime(2026, 7, 3, 13, tzinfo=dt.UTC)
    Report.objects.filter(pk=report.pk).update(first_submitted_at=came)
    assert "Submitted 3 July 2026, 2 days late" in words(writer.get(HOME))
    came = dt.datetime(2026, 7, 2, 11, tzinfo=dt.UTC)
    Report.objects.filter(pk=report.pk).update(first_submitted_at=came)
    assert "Submitted 2 July 2026, in time" in words(writer.get(HOME)), "1 July, somewhere"


def test_a_report_under_review_says_so(
    writer: Client, bring: Callable[[str], Report], reviewer: User
) -> None:
    actions.start_review(bring("submitted"), by=reviewer, at=OPENED)
    assert "Under review 1 February 2026" in words(writer.get(HOME))


def test_a_draft_that_was_never_submitted_counts_days(writer: Client, report: Report) -> None:
    now = dt.datetime.now(dt.UTC)
    for days, told in ((-9, "9 days left"), (3, "3 days overdue"), (2, "2 days overdue")):
        due = (now - dt.timedelta(days=days, hours=12)).date()  # a day ends at noon of the next
        Cycle.objects.filter(pk=report.cycle.pk).update(due_on=due)
        assert told in words(writer.get(HOME))
    assert "2 days overdue." in words(writer.get(f"{HOME}brief/"))


def test_while_a_new_version_is_written_the_public_one_is_named(
    writer: Client, bring: Callable[[str], Report], focal_point: User, reviewer: User
) -> None:
    report = bring("published")
    said = "Version 1 is public since 1 February 2026, and stays so until a new version"
    assert said not in words(writer.get(HOME))
    actions.reopen(report, by=focal_point, at=OPENED)
    for path in (HOME, f"{HOME}brief/"):
        page = writer.get(path)
        assert said in words(page) and '<a href="/members/ALB/">Version 1' in page.content.decode()
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    assert said in words(writer.get(HOME))


def test_a_finished_draft_leads_to_the_check_of_the_answers(writer: Client, report: Report) -> None:
    answer_all(report)
    page = words(writer.get(HOME))
    assert "Next for you Check the answers and submit" in page
    assert "Submit the report" not in page
    html = writer.get(HOME).content.decode()
    assert f'<a class="button" href="{HOME}check/">Check answers</a>' in html


def test_a_returned_report_asks_for_an_answer_to_the_reason(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    bring("returned")
    assert "Next for you Answer the reason, then submit again" in words(writer.get(HOME))


def test_an_accepted_report_waits_for_the_members_word_and_says_when_it_has_it(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    report = bring("accepted")
    page = words(writer.get(HOME))
    assert "Next for you Look at what the public will read, and agree" in page
    assert "It may be published at any time now." in page, "the ten days are long over"
    now = dt.datetime.now(dt.UTC)
    Report.objects.filter(pk=report.pk).update(accepted_at=now)
    for where in (HOME, f"{HOME}preview/"):
        assert "or as soon as you agree" in words(writer.get(where))
    writer.post(f"{HOME}agree/")
    page = words(writer.get(HOME))
    assert "it is recorded. The report may be published now." in page
    assert "Nothing waits for you." in page


def test_a_withdrawal_stands_on_the_home_with_its_public_note(
    writer: Client, bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("published")
    actions.withdraw(report, by=reviewer, on=dt.date(2026, 3, 2), because="A wrong figure.")
    page = words(writer.get(HOME))
    assert "Withdrawn from publication on 2 March 2026. The public note says:" in page
    assert "A wrong figure." in page


def test_a_second_tab_that_submits_is_led_to_the_receipt_of_the_first(
    writer: Client, report: Report
) -> None:
    answer_beyond_doubt(report)
    for _tab in range(2):
        sent = {"key": str(uuid.uuid4()), "entitled": "on", "no_personal_data": "on"}
        done = writer.post(f"{HOME}submit/", sent)
        assert done["Location"] == f"{HOME}submitted/1/"
    assert "The report was submitted already." in words(writer.get(done["Location"]))
    assert Version.objects.count() == 1


def test_a_missing_declaration_is_asked_for_once_and_in_our_words(
    writer: Client, report: Report
) -> None:
    answer_all(report)
    page = words(writer.post(f"{HOME}submit/", {"key": str(uuid.uuid4())}))
    assert "these answers are right. Tick to declare this." in page
    assert "This field is required" not in page


def test_whoever_wrote_in_two_places_is_not_called_two_people(
    writer: Client, report: Report
) -> None:
    url = f"{HOME}answers/2012-T1/"
    typed = {"status": "planned", "visibility": "public", "base_version": "0"}
    writer.post(url, {**typed, "narrative": "Here."})
    page = words(writer.post(url, {**typed, "narrative": "There."}))
    assert "You changed this answer in another place" in page
    assert "Two people" not in page
    assert "heirs" not in page


def test_the_sign_in_page_says_that_the_typed_text_is_kept(client: Client, report: Report) -> None:
    typed = {"status": "planned", "visibility": "public", "base_version": "0", "narrative": "Mine."}
    sent = client.post(f"{HOME}answers/2012-T1/", typed)
    assert "The text that you typed is kept." in words(client.get(sent["Location"]))
    assert "is kept" not in words(Client().get(sent["Location"]))

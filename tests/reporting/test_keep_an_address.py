"""What was quoted once is never something else: an address keeps to its thing, or says why not."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from members.models import User
from reporting import actions, summaries
from reporting.models import Erratum, PublishedReport, Report, Summary

from .conftest import OPENED, answer_all
from .test_publish_errata import publish as publish_erratum

pytestmark = pytest.mark.django_db
DAY = OPENED.date()
WITHDRAWN, AGAIN = DAY + dt.timedelta(days=3), DAY + dt.timedelta(days=5)
HERE = "/api/v1/reports/2026-ALB/"
WHY = "Two figures were mixed up."


@pytest.fixture
def withdrawn(bring: Callable[[str], Report], reviewer: User) -> Report:
    return actions.withdraw(bring("published"), by=reviewer, on=WITHDRAWN, because=WHY)


def publish_again(report: Report, by: User, focal_point: User) -> None:
    actions.agree(report, by=focal_point, at=OPENED)
    actions.publish(report, by=by, on=AGAIN, because="The note was wrong.")


def test_a_withdrawn_report_says_why_wherever_it_stood(client: Client, withdrawn: Report) -> None:
    gone = client.get(HERE)
    assert gone.status_code == 410
    assert gone.json()["detail"] == f"Withdrawn on {WITHDRAWN}. {WHY}"
    assert WHY in strip_tags(client.get("/members/ALB/").content.decode())
    assert WHY in client.get("/feeds/published.atom").content.decode()


@pytest.mark.parametrize("form", ["ndjson", "json", "csv"])
def test_files_leave_a_withdrawn_report_out_and_give_it_for_a_day_it_was_shown(
    client: Client, withdrawn: Report, form: str
) -> None:
    for name in ("reports", "progress"):
        now = client.get(f"/api/v1/exports/{name}.{form}?member=ALB")
        then = client.get(f"/api/v1/exports/{name}.{form}?member=ALB&as_of={DAY}")
        assert b"2026-ALB" not in now.getvalue()
        assert b"2026-ALB" in then.getvalue()


def test_its_address_tells_what_was_shown_on_a_day_and_from_when_it_is_gone(
    client: Client, withdrawn: Report
) -> None:
    told = {
        DAY - dt.timedelta(days=1): 404,
        DAY: 200,
        WITHDRAWN - dt.timedelta(days=1): 200,
        WITHDRAWN: 410,
        WITHDRAWN + dt.timedelta(days=400): 410,
    }
    for day, status in told.items():
        assert client.get(f"{HERE}?as_of={day}").status_code == status, day


def test_published_again_the_address_leads_to_the_same_report_and_the_gap_stays(
    client: Client, withdrawn: Report, reviewer: User, focal_point: User
) -> None:
    publish_again(withdrawn, reviewer, focal_point)
    row = client.get(HERE).json()
    assert (row["id"], row["cycle"], row["member"]) == ("2026-ALB", "2026", "ALB")
    assert (row["version"], row["published_on"]) == (1, AGAIN.isoformat())
    assert client.get(f"{HERE}?as_of={WITHDRAWN}").status_code == 410
    assert client.get(f"{HERE}?as_of={DAY}").json()["published_on"] == DAY.isoformat()


def test_a_newer_version_stands_at_the_same_address_and_has_another_number(
    client: Client, withdrawn: Report, reviewer: User, focal_point: User
) -> None:
    publish_again(withdrawn, reviewer, focal_point)
    report = actions.reopen(withdrawn, by=focal_point, at=OPENED)
    answer_all(report)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    publish_again(report, reviewer, focal_point)
    assert client.get(HERE).json()["version"] == 2
    assert client.get(f"{HERE}?as_of={DAY}").json()["version"] == 1


def test_the_database_refuses_to_make_a_published_report_another_or_none(
    bring: Callable[[str], Report],
) -> None:
    bring("published")
    shown = PublishedReport.objects.all()
    for change in (
        lambda: shown.update(member="BEL"),
        lambda: shown.update(cycle="2028"),
        lambda: shown.update(version=9),
        lambda: shown.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert shown.values_list("cycle", "member", "version").get() == ("2026", "ALB", 1)


def test_a_report_that_was_published_cannot_be_deleted_to_begin_anew(
    bring: Callable[[str], Report],
) -> None:
    report = bring("published")
    with pytest.raises(Exception), transaction.atomic():  # noqa: B017 whichever guard is first
        report.delete()
    assert Report.objects.filter(pk=report.pk).exists()


def test_the_number_of_an_erratum_is_given_once(client: Client, reviewer: User) -> None:
    first, second = publish_erratum(reviewer), publish_erratum(reviewer)
    assert (first.number, second.number) == (1, 2)
    for change in (
        lambda: Erratum.objects.filter(number=2).delete(),
        lambda: Erratum.objects.filter(number=2).update(number=3),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    mistaken = client.get("/api/v1/errata/1/").json()
    third = publish_erratum(reviewer, corrects=first, what="The entry itself was wrong.")
    assert third.number == 3
    assert client.get("/api/v1/errata/1/").json() == mistaken
    assert client.get("/api/v1/errata/3/").json()["corrects"] == 1


def test_a_summary_built_anew_stands_at_its_scope_and_the_older_at_its_day(
    client: Client, bring: Callable[[str], Report]
) -> None:
    summaries.build(now=timezone.now())
    before = set(Summary.objects.shown().values_list("scope", flat=True))
    bring("published")
    summaries.build(now=timezone.now())
    assert set(Summary.objects.shown().values_list("scope", flat=True)) == before
    for scope in ("cycle-2026", "statement-2012", "commitment-2012-G1", "member-ALB"):
        assert client.get(f"/api/v1/summaries/{scope}/").json()["scope"] == scope

"""The mails of the moves: what happened, the next step, and the page where it is made."""

import datetime as dt
from collections.abc import Callable

import pytest

from members.models import Message, User
from reporting import actions
from reporting.models import Cycle, Report

from .conftest import OPENED

pytestmark = pytest.mark.django_db
TODAY = dt.datetime.now(dt.UTC)


def newest() -> str:
    message = Message.objects.latest("pk")
    return f"{message.subject}\n{' '.join(message.body.split())}"


def test_a_return_says_who_can_do_what_until_when(bring: Callable[[str], Report]) -> None:
    report = bring("submitted")
    closes = TODAY.date() + dt.timedelta(days=30)
    Cycle.objects.filter(pk=report.cycle.pk).update(closes_on=closes)
    reviewer = User.objects.get(name="reviewer")
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.send_back(report, by=reviewer, because="Which year?", at=OPENED)
    mail = newest()
    assert "Focal points and contributors can change the answers now" in mail
    assert "a focal point submits them again" in mail
    assert f"before the round closes on {closes.day} {closes:%B %Y}" in mail
    assert "/reporting/2026-ALB/" in mail
    assert "Which year?" not in mail


def test_an_acceptance_asks_to_look_and_agree_and_says_from_when_it_is_published(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("submitted")
    actions.start_review(report, by=reviewer, at=TODAY)
    actions.accept(report, by=reviewer, at=TODAY)
    ends = TODAY.date() + dt.timedelta(days=10)
    mail = newest()
    assert "Look at what the public will read and agree." in mail
    assert f"It may be published from {ends.day} {ends:%B %Y}" in mail
    assert "/reporting/2026-ALB/preview/" in mail


def test_an_acceptance_of_long_ago_promises_no_day_that_is_over(
    bring: Callable[[str], Report],
) -> None:
    bring("accepted")
    assert "It may be published at any time now." in newest()


def test_a_publication_leads_to_the_public_page(bring: Callable[[str], Report]) -> None:
    bring("published")
    mail = newest()
    assert "Everyone can read it now" in mail
    assert mail.rstrip().endswith("/members/ALB/")


def test_a_withdrawal_brings_the_public_note(
    bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("published")
    actions.withdraw(report, by=reviewer, on=dt.date(2026, 3, 2), because="A {wrong} figure.")
    assert "The public note says: A {wrong} figure." in newest()

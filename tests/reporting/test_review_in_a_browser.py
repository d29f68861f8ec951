"""A reviewer returns a report in a browser, its member mends it, and everyone reads it."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from members.models import User
from reporting import actions
from reporting.models import Report

from .conftest import OPENED, answer_beyond_doubt
from .test_read_in_a_browser import browser
from .test_write_in_a_browser import REVIEW, T1, faultless, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
REPORT = "/reporting/2026-ALB/"


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def test_returned_mended_accepted_agreed_and_published(
    use: Callable[..., Page], report: Report, reviewer: User, focal_point: User
) -> None:
    answer_beyond_doubt(report)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    return_it(use(reviewer, REVIEW))
    mend_and_submit(use(focal_point, T1))

    page = use(reviewer, REVIEW)
    press(page, "Start review")
    assert "since 2025" in page.inner_text("main")
    press(page, "Accept")
    assert page.get_by_role("button", name="Publish").count() == 0, "the member has not agreed"
    page = use(focal_point, f"{REPORT}preview/")
    press(page, "Agree to publication")

    page = use(reviewer, REVIEW)
    page.get_by_label("Public from").fill(f"{timezone.now():%Y-%m-%d}")
    press(page, "Publish")
    faultless(page)
    report.refresh_from_db()
    assert (report.state, report.versions.count()) == ("published", 2)
    assert "since 2025" in Client().get("/commitments/2012-T1/").content.decode()


def return_it(page: Page) -> None:
    press(page, "Start review")
    press(page, "Return with a reason")
    faultless(page)
    assert page.title().startswith("Error:"), "a reason is missing"
    page.locator("form[action$='/return/']").get_by_role("textbox").fill("Which year?")
    press(page, "Return with a reason")
    assert "Which year?" in page.inner_text("main")


def mend_and_submit(page: Page) -> None:
    page.get_by_label("What has been done").fill("The law is in force since 2025.")
    press(page, "Save")
    page.goto(page.url.split("/answers/")[0] + "/check/")
    for declared in page.locator("#declare input[type=checkbox]").all():
        declared.check()
    press(page, "Submit the report")
    assert page.get_by_role("heading", level=1).inner_text() == "The report is submitted"

"""A visitor reads in Arabic, from right to left, by Tab and Enter alone."""

import pytest
from django.test import Client
from playwright.sync_api import Browser

from .public import publish
from .test_read_in_a_browser import SITE, answered_by, browser
from .test_report_by_keyboard import go_to, leave

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_from_the_front_page_over_the_search_to_a_member_and_a_clause(
    browser: Browser, client: Client
) -> None:
    publish("ALB")
    client.cookies["django_language"] = "ar"
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/*", answered_by(client))
    page.goto(SITE + "/")
    go_to(page, "q")
    page.keyboard.type("ألبانيا")
    leave(page)
    go_to(page, "/members/ALB/")
    leave(page)
    assert page.locator("h1").inner_text() == "ألبانيا"
    go_to(page, "/commitments/2012-G1/")
    leave(page)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("blockquote").get_attribute("lang") == "en"
    assert "Of 2012-G1." in page.inner_text("main")
    page.close()

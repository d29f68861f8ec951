"""Somebody signs "no change" in a browser: in mid-text, and types on after signing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from members.models import User
from reporting.models import Report

from .conftest import SAID
from .test_read_in_a_browser import browser
from .test_sign_no_change import T1, later, stands
from .test_write_in_a_browser import faultless, use

__all__ = ["browser", "later", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WROTE = "What has been done"


def sign(page: Page) -> None:
    page.get_by_role("button", name="Sign “no change since 2026”").click()


def test_what_was_typed_just_before_signing_is_saved_and_shown_first(
    use: Callable[..., Page], later: Report, focal_point: User
) -> None:
    page = use(focal_point, T1)
    page.get_by_label(WROTE).fill("abc ")
    sign(page)
    expect(page.locator("#goes")).to_contain_text("abc")
    expect(page.locator("#comes")).to_contain_text(SAID["narrative"])
    assert stands() == ("abc", 1, False)
    faultless(page)
    page.get_by_role("link", name="Keep my text").click()
    expect(page.get_by_label(WROTE)).to_have_value("abc")
    sign(page)
    page.get_by_role("button", name="Sign and replace").click()
    expect(page.get_by_text("Signed: no change since 2026, by focal point")).to_be_visible()
    assert stands() == (SAID["narrative"], 2, True)


def test_other_words_under_a_signature_take_it_away_on_the_page_too(
    use: Callable[..., Page], later: Report, focal_point: User
) -> None:
    page = use(focal_point, T1)
    sign(page)
    told = page.get_by_text("Signed: no change since 2026")
    expect(told).to_be_visible()
    page.get_by_label(WROTE).fill("Something new.")
    page.get_by_label("Next steps").focus()
    expect(page.locator("#saved")).to_contain_text("version 2")
    expect(told).to_be_hidden()
    sign(page)
    expect(page.locator("#goes")).to_contain_text("Something new.")

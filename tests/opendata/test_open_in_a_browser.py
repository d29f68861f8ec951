"""The description for search engines stands in the page, and the browser's policy lets it stand."""

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests import axe
from tests.reporting.test_read_in_a_browser import SITE, answered_by, browser

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HEARD = (
    "addEventListener('securitypolicyviolation', e => (window.broken ||= []).push(e.blockedURI))"
)
TRY = "document.head.append(Object.assign(document.createElement('script'), {text: 'var a = 1'}))"


@pytest.mark.parametrize("address", ["/data/", "/data/dictionary/"])
def test_no_rule_of_the_policy_is_broken(browser: Browser, client: Client, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.add_init_script(HEARD)
    page.route("**/*", answered_by(client))
    page.goto(SITE + address)
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe.finds_nothing(page)
    if address == "/data/":
        told = "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').text)['@type']"
        assert page.evaluate(told) == "Dataset"
    page.evaluate(TRY)  # a script that would run is noticed, so silence above means something
    page.wait_for_timeout(200)
    assert page.evaluate("window.broken") == ["inline"]
    page.close()

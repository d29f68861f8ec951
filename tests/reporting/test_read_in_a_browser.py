"""A visitor reads the public pages in a browser: nothing overflows, axe finds no fault."""

import mimetypes
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from .public import PAGES, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SITE = "http://localhost"
SHOWN = ["/", "/statements/2014-GOV/", "/commitments/2012-G1/", "/members/ALB/", "/matrix/"]
SHOWN += ["/members/", "/cycles/2024/", "/about/", "/design/", "/members/?kind=state"]
WITH_ANSWERS = ["/commitments/2012-G1/", "/members/ALB/", "/matrix/"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()
        # While the browser's event loop runs Django keeps connections of their own for it; left
        # open, they would hold the test database when the run ends.
        connections.close_all()


def answered_by(client: Client) -> Callable[[Route], None]:
    """Answers the browser from the application itself, inside the transaction of the test.

    The browser's calls run in a context of their own, which would open another connection; the
    context of the test, copied for each request, holds the one with the test's rows.
    """
    here = copy_context()
    return lambda route: answer(route, lambda address: here.copy().run(client.get, address))


def answer(route: Route, get: Callable[[str], HttpResponse]) -> None:
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        body, kind = Path(found).read_bytes(), mimetypes.guess_type(parts.path)[0]
        return route.fulfill(body=body, content_type=kind)
    response = get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    headers = dict(response.items())
    return route.fulfill(status=response.status_code, body=response.content, headers=headers)


@pytest.fixture
def open_page(browser: Browser, client: Client) -> Iterator[object]:
    pages: list[Page] = []

    def opened(address: str, scheme: str = "light") -> Page:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
        page.route("**/*", answered_by(client))
        page.goto(SITE + address)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()


def test_no_page_is_wider_than_the_screen(open_page: object) -> None:
    publish("ALB")
    for address in [a for a in PAGES if a != "/design/"]:
        page = open_page(address)  # type: ignore[operator]
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            root = "document.documentElement"
            too_wide = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
            assert too_wide <= 0, f"{address} at {width}"
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", SHOWN)
def test_axe_finds_no_fault(open_page: object, address: str, scheme: str) -> None:
    publish("ALB")
    page = open_page(address, scheme=scheme)  # type: ignore[operator]
    assert "Implemented" in page.content() or address not in WITH_ANSWERS
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_skip_link_leads_to_the_content(open_page: object) -> None:
    page = open_page("/")  # type: ignore[operator]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_visitor_finds_a_clause_with_the_keyboard_and_without_scripts(
    browser: Browser, client: Client
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", answered_by(client))
    page.goto(SITE + "/")
    page.get_by_label("Search members, clauses and published reports").fill("hash")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="2014-GOV-A3").click()
    assert page.get_by_role("heading", level=1).inner_text()
    assert "hash sets" in page.locator("blockquote").inner_text()
    context.close()

"""A visitor reads the public pages in a browser: nothing overflows, axe finds no fault."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, sync_playwright

from reporting.summaries.building import build
from tests import axe

from .public import PAGES, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SITE = "http://localhost"
SHOWN = ["/", "/statements/2014-GOV/", "/commitments/2012-G1/", "/members/ALB/", "/matrix/"]
SHOWN += ["/members/", "/cycles/2024/", "/about/", "/design/", "/members/?kind=state"]
SHOWN += ["/statements/", "/commitments/", "/compare/?first=ALB&second=BEL", "/cycles/", "/api/"]
SHOWN += ["/search/?q=police", "/summaries/", "/data/errata/", "/verify/", "/data/bulk/"]
SHOWN += [
    "/reports/2024-ALB/",
    "/cycles/2014/",
    "/summaries/cycle-2024/",
    "/statements/2022-TF/",
    "/members/GB-EAW/",
]
BUILT = ["/cycles/2024/", "/summaries/cycle-2024/"]  # half of these pages is a built summary
HEIGHT = "document.documentElement.scrollHeight"
FOLDED = 15_000  # of 77,000 px
LIGHT = 150_000  # bytes, with all that it loads and without any packing
SHIFTS = """window.shifted = 0;
new PerformanceObserver((found) => {
  for (const one of found.getEntries()) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
WITH_ANSWERS = ["/reports/2024-ALB/", "/commitments/2012-G1/", "/members/ALB/", "/matrix/"]


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


def test_every_page_fits_stands_still_is_quiet_and_asks_no_other_host(
    browser: Browser, client: Client
) -> None:
    publish("ALB")
    page, said, asked = browser.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(SHIFTS)
    page.route("**/*", answered_by(client))
    for address in [a for a in PAGES if a != "/design/"]:
        page.set_viewport_size({"width": 320, "height": 900})  # 1280 px at 400%
        page.goto(SITE + address)
        assert page.evaluate("window.shifted") == 0, address
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            root = "document.documentElement"
            too_wide = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
            assert too_wide <= 0, f"{address} at {width}"
    page.close()
    assert said == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(SITE).netloc}


def test_the_front_page_is_light(browser: Browser, client: Client) -> None:
    page, sizes = browser.new_page(), []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.route("**/*", answered_by(client))
    page.goto(SITE + "/", wait_until="networkidle")
    page.close()
    assert len(sizes) > 3
    assert sum(sizes) < LIGHT


def test_a_long_page_is_folded_on_a_phone_and_whole_elsewhere(
    browser: Browser, client: Client
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 780})
    page.route("**/*", answered_by(client))
    page.goto(SITE + "/data/dictionary/")
    codes = page.locator("#list-missing")
    assert not codes.is_visible()
    folded = page.evaluate(HEIGHT)
    page.goto(SITE + "/data/dictionary/#list-missing")
    assert codes.is_visible()
    page.goto(SITE + "/data/dictionary/?")
    page.emulate_media(media="print")
    assert codes.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert codes.is_visible()
    assert page.locator(".folds > summary").first.is_hidden()
    page.close()
    assert folded < FOLDED


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_no_fault_in_either_direction_and_scheme(
    open_page: object, client: Client, language: str
) -> None:
    """Each page is loaded once. In the dark only colours differ, which are those of each language;
    the page about the API is in English alone."""
    publish("ALB")
    build(["cycle-2024"], now=timezone.now())
    client.cookies["django_language"] = language
    page = open_page("/")  # type: ignore[operator]
    schemes = {"light": axe.ALL} | ({"dark": axe.COLOURS} if language == "en" else {})
    for address in SHOWN if language == "en" else [one for one in SHOWN if one != "/api/"]:
        page.goto(SITE + address)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(".s-implemented").count() or address not in WITH_ANSWERS
        assert page.locator("#files").count() or address not in BUILT
        for scheme, options in schemes.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # else colours fade
            axe.finds_nothing(page, options)


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


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_number_of_a_clause_is_cut_on_any_screen_or_on_paper(
    browser: Browser, client: Client, language: str
) -> None:
    """Groups of those bound by signature and by endorsement, over three rounds."""
    for code, cycle in product(("ALB", "DEU", "INTERPOL"), ("2022", "2024", "2026")):
        publish(code, cycle)
    client.cookies["django_language"] = language
    page = browser.new_page()
    page.route("**/*", answered_by(client))
    cut = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
    for media, widths in {"screen": (1440, 768, 641, 360, 320), "print": (680,)}.items():
        page.emulate_media(media=media)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{SITE}/commitments/2014-GOV-A1/")
            assert page.locator(".tally [scope=rowgroup]").count() > 1
            assert page.evaluate(f"{cut}.length") == 0, f"{media} at {width}"
    page.close()


def test_a_member_prints_on_two_pages_with_address_and_day(
    browser: Browser, client: Client
) -> None:
    publish("ALB", "2022")
    publish("ALB", "2024")
    page = browser.new_page()
    page.route("**/*", answered_by(client))
    page.goto(SITE + "/members/ALB/")
    assert not page.locator(".paper-only").is_visible()
    page.emulate_media(media="print")
    stamp = f"/members/ALB/, {timezone.now():%-d %B %Y}"
    assert page.locator(".paper-only").inner_text().endswith(stamp)
    assert page.get_by_text("2022-M6").first.is_visible()
    assert not page.get_by_text("These obligations as JSON").is_visible()
    on_paper = page.pdf(format="A4")
    page.close()
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", on_paper)) <= 2

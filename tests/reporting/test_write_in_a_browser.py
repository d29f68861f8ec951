"""Writers and reviewers use their pages in a browser: nothing overflows, axe finds no fault."""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.actions.erasure import ask_erasure
from reporting.models import Answer, Report
from tests import axe
from tests.cast import sign_in

from .conftest import OPENED, SAID
from .test_read_in_a_browser import SITE, answer, browser

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

T1 = "/reporting/2026-ALB/answers/2012-T1/"
FIGURES = "/reporting/2026-ALB/indicators/"
WRITING = ["/reporting/", "/reporting/2026-ALB/", T1, "/reporting/2026-ALB/check/"]
WRITING += ["/reporting/2026-ALB/language/", "/accounts/still-here/"]
WRITING += [FIGURES, f"{FIGURES}icse_identified_victims/2025/"]
READING = ["/reporting/2026-ALB/versions/", "/reporting/2026-ALB/extension/"]
READING += ["/reporting/2026-ALB/preview/", "/reporting/2026-ALB/submitted/1/"]
REVIEW = "/secretariat/reports/2026-ALB/"
DESK = ["/secretariat/", "/secretariat/reviews/", REVIEW]
DESK += [f"{REVIEW}versions/", "/secretariat/extensions/"]
DESK += ["/secretariat/reports/2026-BEL/enter/"]
DESK += ["/secretariat/rounds/2026/", "/secretariat/rounds/2026/extensions/ALB/"]


def answered_by(client: Client) -> Callable[[Route], None]:
    """Answers the browser from the application, forms included, inside the test's transaction."""
    here = copy_context()

    def reply(route: Route) -> None:
        request = route.request

        def ask(address: str) -> HttpResponse:
            kind = request.headers.get("content-type", "text/plain")
            sent = {"data": request.post_data_buffer or b"", "content_type": kind}
            sent["headers"] = {n: v for n, v in request.headers.items() if n.startswith("hx-")}
            said = here.copy().run(client.generic, request.method, address, **sent)
            # The browser itself would follow to the real network, where this site is not.
            return said if said.status_code != 302 else ask_again(said["Location"])

        def ask_again(address: str) -> HttpResponse:
            return here.copy().run(client.get, address, follow=True)

        answer(route, ask)

    return reply


@pytest.fixture
def use(browser: Browser, client: Client) -> Iterator[Callable[..., Page]]:
    """Opens an address as a person, without scripts unless asked for."""
    contexts: list[Any] = []

    def opened(who: User, address: str, **options: Any) -> Page:
        sign_in(client, who)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answered_by(client))
        page.goto(SITE + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def faultless(page: Page) -> None:
    axe.finds_nothing(page)
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, width


@pytest.mark.parametrize(
    ("address", "scheme"), [*((address, "light") for address in WRITING), (T1, "dark")]
)
def test_a_writers_page_has_no_fault(
    address: str, scheme: str, use: Callable[..., Page], report: Report, focal_point: User
) -> None:
    Answer.objects.filter(report=report, commitment__reference__startswith="2012-G").update(**SAID)
    page = use(focal_point, address, color_scheme=scheme)
    assert page.get_by_role("heading", level=1).inner_text()
    faultless(page)


@pytest.mark.parametrize("address", READING)
def test_what_comes_after_submission_has_no_fault(
    address: str, use: Callable[..., Page], bring: Callable[[str], Report], focal_point: User
) -> None:
    bring("accepted")
    faultless(use(focal_point, address))


def test_the_page_on_which_a_member_confirms_has_no_fault(
    use: Callable[..., Page],
    bring: Callable[[str], Report],
    focal_point: User,
    editor: User,
    reviewer: User,
) -> None:
    came = {"received_as": "letter", "received_on": OPENED.date(), "entered_by": editor}
    Report.objects.filter(pk=bring("submitted").pk).update(**came)
    faultless(use(focal_point, "/reporting/2026-ALB/confirm/"))
    Report.objects.update(state="draft")
    faultless(use(reviewer, f"{REVIEW}enter/"))


@pytest.mark.parametrize(
    ("address", "state"), [*((address, "submitted") for address in DESK), (REVIEW, "published")]
)
def test_a_page_of_the_desk_has_no_fault(
    address: str,
    state: str,
    use: Callable[..., Page],
    bring: Callable[[str], Report],
    reviewer: User,
) -> None:
    bring(state)
    faultless(use(reviewer, address))


def test_the_pages_of_an_administrator_have_no_fault(
    use: Callable[..., Page], bring: Callable[[str], Report], administrator: User
) -> None:
    bring("submitted")
    clause = Commitment.objects.filter(duty="collective").order_by("reference")[0]
    asked = ask_erasure("The law", "It names a person.", by=administrator, at=timezone.now())
    page = use(administrator, "/accounts/tokens/")
    page.get_by_label("Name").fill("A script")
    page.get_by_role("button", name="Make the token").click()
    assert "This is your token." in page.inner_text("main")
    faultless(page)
    for address in (
        *("erasures/", f"erasures/{asked.pk}/", "collective/"),
        f"collective/2026/{clause.reference}/",
        *("members/ALB/merge/", "members/ALB/merge/?into=BEL"),
    ):
        page.goto(f"{SITE}/secretariat/{address}")
        faultless(page)
    page.goto(f"{SITE}/secretariat/erasures/")
    page.get_by_role("button", name="Ask for the erasure").click()
    assert page.title().startswith("Error:")
    faultless(page)


def test_comments_have_no_fault_on_either_side(
    use: Callable[..., Page], bring: Callable[[str], Report], reviewer: User, focal_point: User
) -> None:
    report = bring("returned")
    clause = report.answers.select_related("commitment")[0].commitment
    for internal in (False, True):
        said = {"text": "Which year?", "internal": internal, "by": reviewer, "at": OPENED}
        actions.comment(report, clause, **said)
    page = use(focal_point, "/reporting/2026-ALB/comments/", java_script_enabled=False)
    page.get_by_text("Reply to reviewer").click()
    page.get_by_label("Reply", exact=True).fill("In 2025.")
    page.get_by_role("button", name="Send the reply").click()
    assert page.get_by_text("In 2025.").is_visible()
    faultless(use(focal_point, "/reporting/2026-ALB/comments/"))
    faultless(use(reviewer, REVIEW))


def test_a_mistake_is_found_from_the_summary_by_keyboard(
    use: Callable[..., Page], report: Report, focal_point: User
) -> None:
    page = use(focal_point, T1)
    reason = page.get_by_label("Why it does not apply")
    assert reason.is_hidden()
    page.get_by_label("Not applicable", exact=True).check()
    assert reason.is_visible()
    page.get_by_label("Next steps").fill("This stays.")
    page.get_by_role("button", name="Save", exact=True).click()
    faultless(page)
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="Why it does not apply: Say why").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_not_applicable_because"
    assert page.get_by_label("Next steps").input_value() == "This stays."
    reason.fill("There is no coast.")
    page.get_by_label("Planned", exact=True).check()
    assert reason.is_visible(), "words that are there are seen under any status"


def test_the_page_of_two_versions_has_no_fault(
    use: Callable[..., Page],
    report: Report,
    clause: Commitment,
    focal_point: User,
    contributor: User,
) -> None:
    page = use(focal_point, T1)
    actions.save_answer(report, clause, said=SAID, base_version=0, by=contributor, at=OPENED)
    page.get_by_label("What has been done").fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_role("button", name="Keep mine").is_visible()
    faultless(page)

"""A focal point reports by keyboard alone, narrow and wide: from sign-in to the receipt."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from members.models import User
from reporting.models import Answer, Report
from tests import axe
from tests.cast import PASSWORD

from .conftest import answer_beyond_doubt
from .test_read_in_a_browser import browser
from .test_write_in_a_browser import T1, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HOME = "/reporting/2026-ALB/"
MOST_STOPS = 250  # more than any of these pages has
# What has the focus, as its reader knows it: the address of a link, the name of a field or the
# words of a button; nothing of what cannot be seen.
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body || !box.width || !box.height) return "";
  if (at.matches("a")) return at.getAttribute("href");
  if (at.matches("button")) return at.textContent.trim();
  return at.type === "radio" ? at.name : (at.id || at.name);
}"""


def go_to(page: Page, wanted: str) -> None:
    """Presses Tab until the focus is there; fails when it never comes."""
    seen = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
        if seen[-1] == wanted:
            return
    pytest.fail(f"{wanted} cannot be reached by keyboard on {page.url}: {seen[:60]}")


def leave(page: Page) -> None:
    """Presses Enter, which leads to another page, and looks for faults there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state()
    axe.finds_nothing(page)


@pytest.fixture
def almost_done(report: Report, settings: Settings) -> Report:
    """One answer is missing. An app or a passkey is at hand, not on the keyboard: none is asked."""
    settings.SECOND_FACTOR = False
    answer_beyond_doubt(report)
    blank = {"status": "", "narrative": "", "next_steps": "", "evidence": []}
    Answer.objects.filter(commitment__reference="2012-T1").update(**blank)
    return report


@pytest.mark.parametrize("width", [360, 1440])
def test_the_whole_way_by_keyboard(
    width: int, use: Callable[..., Page], almost_done: Report, focal_point: User
) -> None:
    page = use(AnonymousUser(), f"/accounts/login/?next={HOME}")
    page.set_viewport_size({"width": width, "height": 740})
    go_to(page, "id_login")
    page.keyboard.type(focal_point.email)
    go_to(page, "id_password")
    page.keyboard.type(PASSWORD)
    leave(page)  # the task list
    go_to(page, T1)
    leave(page)
    write_an_answer(page)
    go_to(page, HOME)
    leave(page)
    go_to(page, f"{HOME}check/")
    leave(page)
    for declared in ("id_entitled", "id_no_personal_data"):
        go_to(page, declared)
        page.keyboard.press("Space")
    go_to(page, "Submit the report")
    leave(page)
    assert "The report is submitted" in page.locator("h1").inner_text()
    almost_done.refresh_from_db()
    assert almost_done.state == "submitted"


def write_an_answer(page: Page) -> None:
    go_to(page, "status")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    go_to(page, "id_narrative")
    page.keyboard.type("A decree is being prepared.")
    go_to(page, "Save")
    leave(page)
    assert Answer.objects.get(commitment__reference="2012-T1").narrative

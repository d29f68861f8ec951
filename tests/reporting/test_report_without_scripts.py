"""A focal point reports without scripts, on a phone and a desk: from sign-in to the receipt."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import Page

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, Report
from tests.cast import PASSWORD

from .conftest import OPENED, SAID
from .test_read_in_a_browser import browser
from .test_report_by_keyboard import almost_done
from .test_write_in_a_browser import T1, use

__all__ = ["almost_done", "browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HOME = "/reporting/2026-ALB/"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def follow(page: Page, address: str) -> None:
    """Clicks the first link to it that can be seen."""
    page.locator(f'a[href="{address}"]').locator("visible=true").first.click()
    page.wait_for_load_state()
    assert page.evaluate(WIDE) <= 0, address


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    assert page.evaluate(WIDE) <= 0, name


@pytest.mark.parametrize("width", [360, 1440])
def test_the_whole_way_with_two_writers_and_no_scripts(
    width: int,
    use: Callable[..., Page],
    almost_done: Report,
    focal_point: User,
    contributor: User,
) -> None:
    page = use(AnonymousUser(), f"/accounts/login/?next={HOME}", java_script_enabled=False)
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("#id_login").fill(focal_point.email)
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")
    follow(page, T1)
    settle_two_texts(page, almost_done, contributor)
    follow(page, HOME)
    follow(page, f"{HOME}check/")
    page.locator("#id_entitled").check()
    page.locator("#id_no_personal_data").check()
    press(page, "Submit the report")
    assert "The report is submitted" in page.locator("h1").inner_text()
    assert page.locator(f'a[href="{HOME}submitted/1/acknowledgement.txt"]').is_visible()
    almost_done.refresh_from_db()
    assert almost_done.state == "submitted"


def settle_two_texts(page: Page, report: Report, other: User) -> None:
    """Saves an answer that a colleague saved meanwhile: sees both, and saves one of both."""
    clause, theirs = Commitment.objects.get(reference="2012-T1"), {**SAID, "narrative": "Theirs."}
    actions.save_answer(report, clause, said=theirs, base_version=0, by=other, at=OPENED)
    page.get_by_label("Planned", exact=True).check()
    page.get_by_label("What has been done").fill("Mine.")
    press(page, "Save")
    assert page.get_by_role("heading", level=1).inner_text() == "Two people changed this answer"
    both = page.get_by_label("What has been done")
    assert both.input_value() == "Mine.\n\nTheirs."
    both.fill("Ours.")
    press(page, "Save as version 2")
    kept = Answer.objects.get(commitment=clause)
    assert (kept.narrative, kept.status, kept.version) == ("Ours.", "planned", 2)

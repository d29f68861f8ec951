"""An editor enters a text in a browser, publishes it, and corrects a word of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from commitments.models import Draft, Statement
from members.models import User
from tests.commitments.drafting import FACTS, SAID

from .test_read_in_a_browser import browser
from .test_write_in_a_browser import faultless, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def enter(page: Page) -> None:
    """Types the facts and the text, divides it, and looks at one part."""
    faultless(page)
    page.get_by_role("link", name="Enter a statement").click()
    for name in ("code", "title", "place", "adopted_on", "act_as_printed", "source", "text"):
        page.locator(f"[name={name}]").fill(FACTS[name])
    faultless(page)
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Divide the text").click()
    faultless(page)
    page.get_by_role("link", name=re.compile("^Look at it.*: 5$")).click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Short title:").press("Enter")
    page.keyboard.type("Teach")
    faultless(page)
    page.get_by_role("button", name="Save and go to the next part").click()
    assert page.get_by_role("heading", name="Part 6").is_visible()


def publish(page: Page) -> None:
    """Confirms the names, looks at what would follow, and publishes."""
    draft = Draft.objects.get()
    for number, facts in SAID.items():
        draft.parts.filter(number=number).update(**facts)
    page.get_by_role("link", name="Names under it").click()
    page.get_by_label("Names as printed").fill("Republic of Albania\nBelgium\nNowhereland")
    page.get_by_role("button", name="Add these names").click()
    faultless(page)
    for code in ("ALB", "BEL"):
        page.locator(f"[type=radio][value={code}]").check()
    page.get_by_label("Take it out").last.check()
    page.get_by_role("button", name="Save whom they mean").click()
    page.get_by_role("link", name="Preview and publication").click()
    page.get_by_role("button", name="Show what it would do").click()
    faultless(page)
    page.get_by_role("button", name="Publish the statement").click()
    assert Statement.objects.filter(code="2026-TST").exists()


def correct(page: Page) -> None:
    """Puts in a word that was left out, after a look at the difference."""
    page.get_by_role("link", name=re.compile("^Correct it.*2026-TST$")).click()
    faultless(page)
    page.get_by_role("link", name=re.compile("^Correct it.*: 5$")).click()
    page.get_by_label("Its words").fill("teach all children and those who care for them;")
    page.get_by_label("Why").fill("A word was left out.")
    page.get_by_role("button", name="Show the difference").click()
    faultless(page)
    page.get_by_role("button", name="Publish this version").click()


def test_an_editor_enters_a_text_publishes_it_and_corrects_a_word(
    use: Callable[..., Page], editor: User
) -> None:
    page = use(editor, "/secretariat/statements/")
    enter(page)
    publish(page)
    correct(page)
    faultless(use(editor, "/commitments/2026-TST-1/"))
    faultless(use(editor, "/statements/2026-TST/"))

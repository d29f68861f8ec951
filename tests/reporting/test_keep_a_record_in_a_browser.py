"""An editor keeps a member's record in a browser: a mistake, a change, a conflict, its end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from members.models import Member, Name, User

from .test_read_in_a_browser import browser
from .test_write_in_a_browser import faultless, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

RECORD = "/secretariat/members/ALB/"
PAGES = ["/secretariat/members/", RECORD, f"{RECORD}names/", f"{RECORD}signatures/"]
PAGES += [f"{RECORD}history/", "/secretariat/names/?q=Korea", "/secretariat/import/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_records_has_no_fault(
    address: str, use: Callable[..., Page], editor: User, member: Member
) -> None:
    page = use(editor, address)
    for deed in page.locator("details.deed > summary").all():
        deed.click()
    faultless(page)


def test_an_editor_mends_a_mistake_and_settles_a_conflict(
    use: Callable[..., Page], editor: User, member: Member
) -> None:
    page = use(editor, f"{RECORD}names/")
    deed = page.locator("details#rename")
    deed.locator("summary").click()
    deed.get_by_label("Name", exact=True).fill("My name")
    deed.get_by_role("button", name="Save").click()
    faultless(page)
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="Source:").press("Enter")
    assert page.evaluate("document.activeElement.id") == "rename-source"

    Name.objects.create(member=member, text="Their name", source="their letter")
    page.locator("#rename-source").fill("my letter")
    page.locator("details#rename").get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Two people changed this record"
    assert page.get_by_text("Their name").is_visible()
    faultless(page)
    page.get_by_role("button", name="Save mine as well").click()
    texts = set(Name.objects.filter(source__endswith="letter").values_list("text", flat=True))
    assert texts == {"My name", "Their name"}

"""The pages of a member's record in a browser; tests/members/test_come_in_with_a_browser edits."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from members.models import Member, User

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

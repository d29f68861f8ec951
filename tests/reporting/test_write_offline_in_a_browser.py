"""A focal point goes offline and comes back in a browser, without scripts, on a phone too."""

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, Report

from .conftest import OPENED, SAID
from .test_write_in_a_browser import browser, faultless, use
from .workbooks import closed, find

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
OFFLINE = "/reporting/2026-ALB/offline/"


@pytest.mark.parametrize("width", [360, 1440])
def test_a_workbook_goes_out_comes_back_and_is_saved(
    width: int, use: Callable[..., Page], report: Report, focal_point: User, contributor: User
) -> None:
    page = use(focal_point, "/reporting/2026-ALB/")
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("link", name="Work offline").click()
    faultless(page)
    page.set_viewport_size({"width": width, "height": 900})
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the workbook").click()
    with open(download.value.path(), "rb") as file:
        book = load_workbook(io.BytesIO(file.read()))
    clause = Commitment.objects.get(reference="2012-T2")
    actions.save_answer(report, clause, said=SAID, base_version=0, by=contributor, at=OPENED)
    find(book, "2012-T1", "status").value = "Implemented"
    find(book, "2012-T2", "narrative").value = "Written on the train."
    find(book, "2012-G1", "status").value = "Soon"
    sent = {"name": "2026-ALB.xlsx", "mimeType": "application/zip", "buffer": closed(book)}
    page.get_by_label("The filled-in workbook").set_input_files(sent)  # type: ignore[arg-type]
    page.get_by_role("button", name="See what would change").click()
    faultless(page)
    page.set_viewport_size({"width": width, "height": 900})
    assert "Sheet 2012, cell" in page.get_by_role("region", name="To mend").inner_text()
    page.get_by_label("Take both").check()
    page.get_by_role("button", name="Save what is chosen").press("Enter")
    assert "2 answers were saved." in page.get_by_role("status").first.inner_text()
    saved = dict(Answer.objects.values_list("commitment__reference", "narrative"))
    assert saved["2012-T2"] == f"Written on the train.\n\n{SAID['narrative']}"
    assert saved["2012-G1"] == ""


def test_the_page_for_paper_has_no_fault(
    use: Callable[..., Page], report: Report, focal_point: User
) -> None:
    page = use(focal_point, f"{OFFLINE}paper/")
    faultless(page)
    page.emulate_media(media="print")
    assert page.get_by_text("Draft, not published").is_visible()
    assert not page.locator(".mast").is_visible()

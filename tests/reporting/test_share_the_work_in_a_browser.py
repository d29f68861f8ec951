"""Colleagues share a report in a browser: without scripts, at every width, without a fault."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, Report
from tests.cast import sign_in

from .conftest import OPENED, SAID
from .test_read_in_a_browser import browser
from .test_write_in_a_browser import SITE, T1, faultless, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOME = "/reporting/2026-ALB/"
PEOPLE = f"{HOME}people/"
PAGES = [HOME, PEOPLE, f"{PEOPLE}hand-over/", f"{HOME}brief/", f"{T1}proposal/", f"{T1}versions/"]


@pytest.fixture
def proposed(report: Report, clause: Commitment, focal_point: User, contributor: User) -> Report:
    """The report with an answer, a proposal beside it, and a question more that is asked."""
    facts: dict[str, Any] = {"by": focal_point, "at": OPENED}
    asked = Commitment.objects.filter(reference__in=["2012-T1", "2012-T2"])
    actions.assign(report, asked, to=contributor, due_on=None, **facts)
    actions.save_answer(report, clause, said=SAID, base_version=0, **facts)
    said = {**SAID, "narrative": "A law is being written."}
    actions.save_answer(report, clause, said=said, base_version=0, by=contributor, at=OPENED)
    return report


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_those_who_share_a_report_has_no_fault(
    address: str, use: Callable[..., Page], proposed: Report, focal_point: User
) -> None:
    page = use(focal_point, address)
    assert page.get_by_role("heading", level=1).inner_text()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    faultless(page)


@pytest.mark.parametrize("address", ["/reporting/", T1])
def test_what_a_colleague_sees_has_no_fault(
    address: str, use: Callable[..., Page], proposed: Report, contributor: User
) -> None:
    faultless(use(contributor, address))


@pytest.mark.parametrize("address", ["/secretariat/guidance/", "/secretariat/guidance/2012-T1/"])
def test_the_pages_of_guidance_have_no_fault(
    address: str, use: Callable[..., Page], clause: Commitment, editor: User
) -> None:
    facts: dict[str, Any] = {"base_number": 1, "by": editor, "at": OPENED}
    actions.write_guidance(clause, "Name the law.", **facts)
    faultless(use(editor, address))


def test_a_question_goes_to_a_colleague_and_comes_back_without_scripts(
    use: Callable[..., Page], client: Any, report: Report, focal_point: User, contributor: User
) -> None:
    page = use(focal_point, PEOPLE, java_script_enabled=False)
    page.get_by_label("Whom do you ask?").select_option(label=str(contributor))
    page.locator("summary").first.click()
    page.locator("#ask-2012-T1").check()
    page.get_by_role("button", name="Ask", exact=True).click()
    assert "1 question is asked." in page.locator("main").inner_text()
    sign_in(client, contributor)
    page.goto(f"{SITE}/reporting/")
    page.get_by_role("link", name="2012-T1").click()
    page.get_by_label("Planned", exact=True).check()
    page.get_by_label("What has been done").fill("Proposed without scripts.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert Answer.objects.get(commitment__reference="2012-T1").version == 0
    sign_in(client, focal_point)
    page.goto(SITE + T1)
    page.get_by_role("link", name="Compare and take over").click()
    page.get_by_role("button", name="Take it over").click()
    assert page.get_by_label("What has been done").input_value() == "Proposed without scripts."
    assert Answer.objects.get(commitment__reference="2012-T1").version == 1

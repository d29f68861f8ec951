"""Somebody writes in a browser and never presses Save: pauses, leaving, no network, two at once."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, Report
from tests.cast import sign_in

from .conftest import OPENED, SAID
from .test_read_in_a_browser import browser
from .test_write_in_a_browser import T1, faultless, use

__all__ = ["browser", "use"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SAVED = "#saved"


@pytest.fixture
def page(use: Callable[..., Page], report: Report, focal_point: User) -> Page:
    """The page of an answer; what the browser complains of ends up in `page.heard`."""
    opened = use(focal_point, T1)
    opened.heard = []  # type: ignore[attr-defined]
    opened.on("console", lambda message: opened.heard.append(message.text))  # type: ignore[attr-defined]
    opened.on("pageerror", lambda error: opened.heard.append(str(error)))  # type: ignore[attr-defined]
    return opened


def write(page: Page, text: str) -> None:
    page.get_by_label("What has been done").fill(text)


def leave_field(page: Page) -> None:
    page.get_by_label("Next steps").focus()


def kept() -> tuple[str, int]:
    answer = Answer.objects.get(commitment__reference="2012-T1")
    return answer.narrative, answer.version


def test_a_pause_saves_and_no_policy_is_broken(page: Page) -> None:
    page.clock.install()
    write(page, "First.")
    expect(page.get_by_text("Not saved yet: what you typed since.")).to_be_visible()
    page.clock.run_for(2100)
    expect(page.locator(SAVED)).to_contain_text("version 1, focal point")
    expect(page.get_by_text("Not saved yet: what you typed since.")).to_be_hidden()
    write(page, "First. Second.")
    leave_field(page)
    expect(page.locator(SAVED)).to_contain_text("version 2")
    assert kept() == ("First. Second.", 2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(SAVED)).to_contain_text("version 2")
    assert kept() == ("First. Second.", 2), "the button meets its own saves, not a conflict"
    assert page.heard == []  # type: ignore[attr-defined]
    faultless(page)


def test_going_on_by_a_link_saves_first_and_back_shows_what_was_saved(page: Page) -> None:
    write(page, "Typed just before leaving.")
    page.get_by_role("navigation", name="Questions").get_by_role("link").last.click()
    page.wait_for_url(lambda address: T1 not in address)
    assert kept() == ("Typed just before leaving.", 1)
    page.go_back()
    expect(page.get_by_label("What has been done")).to_have_value("Typed just before leaving.")
    write(page, "And more.")
    leave_field(page)
    expect(page.locator(SAVED)).to_contain_text("version 2")


def test_without_a_network_the_text_stays_and_is_sent_again(page: Page) -> None:
    page.route("**/answers/**", lambda route: route.abort("internetdisconnected"))
    write(page, "Written in a train.")
    leave_field(page)
    expect(page.locator(SAVED)).to_contain_text("Not saved: there is no connection.")
    page.unroute("**/answers/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_contain_text("version 1")
    assert kept() == ("Written in a train.", 1)


def test_who_leaves_with_words_that_cannot_be_saved_is_asked_first(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    write(page, "hash d41d8cd98f00b204e9800998ecf8427e")
    away = page.get_by_role("navigation", name="Questions").get_by_role("link").last
    away.click()
    expect(page.locator(SAVED)).to_contain_text("looks like a hash")
    away.click(no_wait_after=True)
    expect(page.get_by_label("What has been done")).to_have_value(
        "hash d41d8cd98f00b204e9800998ecf8427e"
    )
    assert asked == ["beforeunload"]


def test_two_browsers_on_one_answer_stop_and_lead_to_both_texts(
    page: Page, report: Report, clause: Commitment, contributor: User
) -> None:
    said = {**SAID, "narrative": "Theirs."}
    actions.save_answer(report, clause, said=said, base_version=0, by=contributor, at=OPENED)
    write(page, "Mine.")
    leave_field(page)
    expect(page.locator(SAVED)).to_contain_text("Not saved: contributor saved version 1")
    write(page, "Mine, longer.")
    leave_field(page)
    page.get_by_role("button", name="See both texts and choose").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two people changed this answer")
    assert page.get_by_label("What has been done").input_value() == "Mine, longer.\n\nTheirs."
    assert kept() == ("Theirs.", 1)


def test_a_session_that_ends_in_mid_text_is_taken_up_again_in_place(
    page: Page, client: Client, focal_point: User
) -> None:
    client.logout()
    write(page, "Typed while nobody was signed in.")
    leave_field(page)
    expect(page.locator(SAVED)).to_contain_text("Not saved: your session has ended.")
    faultless(page)
    sign_in(client, focal_point)  # as in the other window
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(SAVED)).to_contain_text("version 1")
    assert kept() == ("Typed while nobody was signed in.", 1)


def test_ten_minutes_before_the_session_ends_the_writer_is_warned(
    page: Page, client: Client
) -> None:
    expect(page.get_by_text("You are signed in until")).to_be_visible()
    warning = page.get_by_text("In less than ten minutes your session ends.")
    expect(warning).to_have_count(0)
    session = client.session
    session["began"] = (timezone.now() - dt.timedelta(hours=11, minutes=55)).isoformat()
    session.save()
    write(page, "Typed late.")
    leave_field(page)
    expect(warning).to_be_visible()
    faultless(page)


def test_links_and_preview_come_without_leaving_the_page_and_enter_saves(page: Page) -> None:
    page.get_by_label("Title of link 1").fill("Decision")
    page.locator("#id_evidence_url_0").fill("https://www.example.org/decision")
    write(page, "A **bold** plan.")
    page.get_by_role("button", name="Add another link").press("Enter")
    expect(page.get_by_label("Title of link 2")).to_be_visible()
    expect(page.get_by_label("What has been done")).to_have_value("A **bold** plan.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("bold")
    faultless(page)
    page.get_by_role("button", name="Remove Link 1").click()
    expect(page.get_by_label("Title of link 2")).to_have_count(0)
    expect(page.get_by_label("Title of link 1")).to_have_value("")
    expect(page.locator(SAVED)).to_contain_text("version")
    expect(page.get_by_text("Not saved yet: what you typed since.")).to_be_hidden()
    assert not Answer.objects.get(commitment__reference="2012-T1").evidence
    page.get_by_label("Title of link 1").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(SAVED)).to_contain_text("version")
    assert kept()[0] == "A **bold** plan."
    assert page.heard == []  # type: ignore[attr-defined]


def test_what_remains_of_the_longest_text_is_told_politely(page: Page) -> None:
    line = page.locator("#id_narrative + p")
    expect(line).to_have_text("At most 5,000 characters.")
    expect(line).to_have_attribute("aria-live", "polite")
    write(page, "a" * 4990)
    expect(line).to_have_text("Characters left: 10.")
    write(page, "a" * 5002)
    expect(line).to_have_text("Too long by 2 characters.")
    write(page, "")
    expect(line).to_have_text("At most 5,000 characters.")
    assert page.heard == []  # type: ignore[attr-defined]

"""Whoever is invited sets up a second factor in a browser, signs in with it and begins to work."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from members import actions
from members.models import Member, Message, Name, Role, User
from tests import axe
from tests.cast import PASSWORD, sign_in
from tests.members.test_second_factor import code
from tests.reporting.test_read_in_a_browser import SITE, browser
from tests.reporting.test_write_in_a_browser import answered_by

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SECOND = "/accounts/second-factor/"
REFUSED = "server responded with a status of 4"  # the browser tells of a form that is refused


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def client() -> Client:
    """A passkey is bound to the name of the host, so the application is asked by the browser's."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def tell(browser: Browser, client: Client) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """A page, and what its console says; a device that holds passkeys stands beside it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.route("**/*", answered_by(client))
    device = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    wire = context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield lambda: (page, said)
    context.close()


def looks_well(page: Page, said: list[str]) -> None:
    """Axe finds no fault, nothing is wider than a telephone, and the policy stopped nothing."""
    axe.finds_nothing(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, width
    assert [words for words in said if REFUSED not in words] == []


def test_from_the_invitation_over_the_app_and_a_sign_in_to_a_settled_conflict(
    tell: Callable[..., tuple[Page, list[str]]], administrator: User, member: Member, settings
) -> None:
    page, said = tell()
    new = "invited@cast.example"
    actions.invite(new, Role.Kind.EDITOR, None, by=administrator, at=timezone.now())
    secret = takes_up(page, said, Message.objects.get().body.split(settings.SITE_URL)[1].split()[0])
    page.goto(f"{SITE}/accounts/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Your account").wait_for(state="detached")
    enter(page, new)
    looks_well(page, said)
    page.get_by_label("code").fill(code(secret, 2))
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Second step").wait_for(state="detached")
    assert page.goto(f"{SITE}/secretariat/").status == 200
    page.goto(f"{SITE}/secretariat/members/ALB/names/")
    settles_a_conflict(page, said, member)


def takes_up(page: Page, said: list[str], link: str) -> str:
    """The secret of the app that whoever was invited sets up, having followed the link."""
    page.goto(SITE + link)
    page.get_by_label("Your name").fill("invited")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button").last.click()
    page.get_by_role("heading", name="Second factor").wait_for()
    assert "You need a second factor before you can write." in page.inner_text("main")
    looks_well(page, said)
    page.goto(f"{SITE}{SECOND}totp/activate/")
    looks_well(page, said)
    secret = page.locator("main code").inner_text()
    page.get_by_label("code").fill(code(secret, 1))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert len(page.locator("main code").all_inner_texts()) == 10
    looks_well(page, said)
    return secret


def settles_a_conflict(page: Page, said: list[str], member: Member) -> None:
    """A mistake is mended beside its field; a colleague was quicker; both names are kept."""
    deed = page.locator("details#rename")
    deed.locator("summary").click()
    deed.get_by_label("Name", exact=True).fill("My name")
    deed.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Source:").press("Enter")
    looks_well(page, said)
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.id") == "rename-source"

    Name.objects.create(member=member, text="Their name", source="their letter")
    page.locator("#rename-source").fill("my letter")
    page.locator("details#rename").get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Two people changed this record").wait_for()
    assert page.get_by_text("Their name").is_visible()
    looks_well(page, said)
    page.get_by_role("button", name="Save mine as well").click()
    page.get_by_role("heading", name="Two people changed this record").wait_for(state="detached")
    texts = set(Name.objects.filter(source__endswith="letter").values_list("text", flat=True))
    assert texts == {"My name", "Their name"}


def enter(page: Page, email: str) -> None:
    page.goto(f"{SITE}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Second step").wait_for()
    # A stand-in for the network cannot change the browser's address as a redirect does.
    page.goto(f"{SITE}{SECOND}authenticate/")


def test_a_passkey_is_added_and_opens_the_next_session(
    tell: Callable[..., tuple[Page, list[str]]], client: Client, reviewer: User
) -> None:
    page, said = tell()
    sign_in(client, reviewer)
    page.goto(f"{SITE}{SECOND}passkeys/add/")
    looks_well(page, said)
    page.get_by_label("Name").fill("The office's laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(f"{SITE}{SECOND}")
    assert "The office's laptop" in page.inner_text("main")
    looks_well(page, said)
    client.logout()
    enter(page, reviewer.email)
    looks_well(page, said)
    assert client.get("/secretariat/").status_code == 302
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Second step").wait_for(state="detached")
    assert client.get("/secretariat/").status_code == 200
    page.goto(f"{SITE}{SECOND}passkeys/reauthenticate/?next=/accounts/")
    looks_well(page, said)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()

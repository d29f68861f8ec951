"""A reader chooses the language of the pages, among those whose catalogue is complete."""

import pytest
from django.test import Client

from members import emails
from members.models import Message, Role, User
from tests.cast import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

ENGLISH_AND_ARABIC = [("en", "English"), ("ar", "Arabic")]


def test_with_one_complete_language_there_is_no_switch(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC[:1]  # type: ignore[attr-defined]
    assert "/language/" not in client.get("/about/").content.decode()


def test_the_choice_turns_the_page_and_leads_back(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    html = client.get("/about/").content.decode()
    assert 'href="/language/?to=ar&amp;next=/about/" lang="ar" hreflang="ar" dir="rtl"' in html
    assert 'name="csrfmiddlewaretoken"' not in html
    chosen = client.post("/language/", {"language": "ar", "next": "/about/"})
    assert chosen.url == "/about/"  # type: ignore[attr-defined]
    assert '<html lang="ar" dir="rtl">' in client.get("/about/").content.decode()


def test_without_a_choice_the_browser_decides(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    asked = {"Accept-Language": "fr;q=0.9, ar;q=0.8"}
    answer = client.get("/about/", headers=asked)
    assert (answer["Content-Language"], answer.status_code) == ("ar", 200)
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    assert 'class="unreviewed"' in answer.content.decode()
    assert 'class="unreviewed"' not in client.get("/about/").content.decode()


@pytest.mark.parametrize("path", ["/api/v1/members/", "/feeds/published.atom", "/calendar.ics"])
def test_what_programs_read_is_english(client: Client, settings: object, path: str) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    in_arabic = client.get(path, headers={"Accept-Language": "ar"})
    assert in_arabic.content == client.get(path).content
    assert "Accept-Language" not in in_arabic.get("Vary", "")


def test_a_person_finds_its_language_in_another_browser(
    client: Client, focal_point: User, settings: object
) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    sign_in(client, focal_point).post("/language/", {"language": "ar", "next": "/about/"})
    assert User.objects.get(pk=focal_point.pk).language == "ar"
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": focal_point.email, "password": PASSWORD})
    assert elsewhere.cookies["django_language"].value == "ar"
    emails.tell_role_ended(Role.objects.get(user=focal_point))
    assert Message.objects.latest("pk").language == "ar"


def test_the_account_turns_the_pages_too(
    client: Client, focal_point: User, settings: object
) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    told = {"name": "focal point", "language": "ar", "time_zone": "UTC"}
    answer = sign_in(client, focal_point).post("/accounts/", told, follow=True)
    assert '<html lang="ar" dir="rtl">' in answer.content.decode()


def test_a_language_that_is_not_offered_is_refused(client: Client) -> None:
    answer = client.post("/language/", {"language": "tlh", "next": "/about/"})
    assert answer.status_code == 400
    assert "<title>Error: " in answer.content.decode()
    assert not answer.cookies.get("django_language")


def test_the_choice_leads_to_no_other_site(client: Client) -> None:
    chosen = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert "example.org" not in chosen.url  # type: ignore[attr-defined]

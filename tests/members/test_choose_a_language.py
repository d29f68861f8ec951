"""A reader chooses the language of the pages, among those whose catalogue is complete."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ENGLISH_AND_ARABIC = [("en", "English"), ("ar", "Arabic")]


def test_with_one_complete_language_there_is_no_switch(client: Client) -> None:
    assert "/language/" not in client.get("/about/").content.decode()


def test_the_choice_turns_the_page_and_leads_back(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    html = client.get("/about/").content.decode()
    assert 'href="/language/?to=ar&amp;next=/about/" lang="ar" hreflang="ar" dir="rtl"' in html
    assert 'name="csrfmiddlewaretoken"' not in html
    chosen = client.post("/language/", {"language": "ar", "next": "/about/"})
    assert chosen.url == "/about/"  # type: ignore[attr-defined]
    assert '<html lang="ar" dir="rtl">' in client.get("/about/").content.decode()


def test_a_language_that_is_not_offered_is_refused(client: Client) -> None:
    answer = client.post("/language/", {"language": "tlh", "next": "/about/"})
    assert answer.status_code == 400
    assert "<title>Error: " in answer.content.decode()
    assert not answer.cookies.get("django_language")


def test_the_choice_leads_to_no_other_site(client: Client) -> None:
    chosen = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert "example.org" not in chosen.url  # type: ignore[attr-defined]

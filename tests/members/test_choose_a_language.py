"""A reader chooses the language of the pages, among those whose catalogue is complete."""

import re
from html import unescape

import pytest
from django.test import Client

from members import emails
from members.models import Message, Role, User
from tests.cast import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

ENGLISH_AND_ARABIC = [("en", "English"), ("ar", "Arabic")]


def test_with_one_complete_language_there_is_no_switch(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC[:1]  # type: ignore[attr-defined]
    html = client.get("/about/").content.decode()
    assert "nav-tongues" not in html and "hreflang" not in html


def test_one_click_turns_the_page_and_those_after_it(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
    html = client.get("/search/?q=data").content.decode()
    found = re.search(r'href="([^"]*)" rel="alternate" lang="ar" hreflang="ar" dir="rtl"', html)
    assert found and unescape(found[1]) == "/search/?q=data&lang=ar"
    assert 'name="csrfmiddlewaretoken"' not in html
    for path in (unescape(found[1]), "/about/"):
        assert '<html lang="ar" dir="rtl">' in client.get(path).content.decode(), path
    back = client.get("/about/?lang=en")
    assert '<html lang="en" dir="ltr">' in back.content.decode()
    assert '<html lang="en" dir="ltr">' in client.get("/about/").content.decode()


def test_who_is_signed_in_chooses_by_a_button_and_its_mails_follow(
    client: Client, focal_point: User
) -> None:
    html = sign_in(client, focal_point).get("/search/?q=data").content.decode()
    button = r'<button class="nav-tongues" name="language" value="fr" lang="fr" dir="ltr">français<'
    assert re.search(button, html) and 'name="csrfmiddlewaretoken"' in html
    assert '<input type="hidden" name="next" value="/search/?q=data">' in html
    chosen = client.post("/language/", {"language": "fr", "next": "/search/?q=data"})
    assert chosen.url == "/search/?q=data"  # type: ignore[attr-defined]
    assert '<html lang="fr"' in client.get(chosen.url).content.decode()  # type: ignore[attr-defined]
    assert User.objects.get(pk=focal_point.pk).language == "fr"


def test_an_address_in_arabic_can_be_shared(client: Client) -> None:
    """Whoever opens it reads Arabic, and goes on in it; search engines find one page a language."""
    asked = {"Accept-Language": "fr"}
    answer = client.get("/members/ALB/?lang=ar", headers=asked | {"Sec-Fetch-Site": "cross-site"})
    html = answer.content.decode()
    assert '<html lang="ar" dir="rtl">' in html and answer["Content-Language"] == "ar"
    assert '<link rel="canonical" href="http://localhost:8000/members/ALB/?lang=ar">' in html
    for code, address in (("en", ""), ("fr", "?lang=fr"), ("ar", "?lang=ar"), ("x-default", "")):
        place = f"http://localhost:8000/members/ALB/{address}"
        assert f'<link rel="alternate" hreflang="{code}" href="{place}">' in html
    assert '<html lang="ar" dir="rtl">' in client.get("/about/", headers=asked).content.decode()


def test_a_shared_address_does_not_change_what_a_reader_chose(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    shared = client.get("/about/?lang=ar", headers={"Sec-Fetch-Site": "cross-site"})
    assert '<html lang="ar" dir="rtl">' in shared.content.decode() and not shared.cookies
    assert '<html lang="fr" dir="ltr">' in client.get("/about/").content.decode()


def test_caches_keep_no_answer_that_sets_a_cookie_and_mix_no_languages(client: Client) -> None:
    first = client.get("/statements/?lang=ar")
    assert first.cookies["django_language"].value == "ar"
    assert first["Cache-Control"] == "private, no-store"
    second = client.get("/statements/?lang=ar")
    assert not second.cookies and second["Cache-Control"].startswith("public")
    assert second["ETag"] == first["ETag"]
    tags = {Client().get(f"/statements/?lang={code}")["ETag"] for code in ("en", "fr", "ar")}
    assert len(tags) == 3
    held = {"If-None-Match": second["ETag"]}
    assert client.get("/statements/?lang=ar", headers=held).status_code == 304
    assert client.get("/statements/?lang=fr", headers=held).status_code == 200
    assert {"Accept-Language", "Cookie"} <= set(second["Vary"].split(", "))


@pytest.mark.parametrize("query", ["lang=tlh", "lang=", "lang=ar&lang=fr", "LANG=ar"])
def test_an_address_that_asks_for_no_language_of_ours_is_refused(
    client: Client, query: str
) -> None:
    answer = client.get(f"/about/?{query}")
    assert answer.status_code == 400 and not answer.cookies


def test_programs_are_not_asked_for_a_language(client: Client) -> None:
    assert client.get("/api/v1/members/?lang=ar").status_code == 400


def test_a_moved_address_keeps_the_language(client: Client) -> None:
    answer = client.get("/about?lang=ar")
    assert (answer.status_code, answer["Location"]) == (301, "/about/?lang=ar")


def test_a_form_at_an_address_with_a_language_is_still_sent(client: Client) -> None:
    answer = client.post("/language/?lang=ar", {"language": "fr", "next": "/about/"})
    assert answer.status_code == 302 and answer.cookies["django_language"].value == "fr"


def test_the_sitemap_has_each_page_in_each_language(client: Client) -> None:
    xml = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://localhost:8000/members/ALB/?lang=ar</loc>" in xml
    arabic = 'hreflang="ar" href="http://localhost:8000/members/ALB/?lang=ar"/>'
    assert xml.count(arabic) == 3 and xml.count("<loc>http://localhost:8000/members/ALB/") == 3


def test_the_mails_of_a_demonstration_person_follow_the_choice(
    client: Client, focal_point: User, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    User.objects.filter(pk=focal_point.pk).update(is_demonstration=True)
    sign_in(client, focal_point).post("/language/", {"language": "ar", "next": "/"})
    emails.tell_role_ended(Role.objects.get(user=focal_point))
    assert Message.objects.latest("pk").language == "ar"
    page = client.get("/accounts/").content.decode()
    assert "آخر مرة" in page and 'name="name"' not in page


def test_the_choice_on_the_page_of_languages_leads_back(client: Client, settings: object) -> None:
    settings.LANGUAGES = ENGLISH_AND_ARABIC  # type: ignore[attr-defined]
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

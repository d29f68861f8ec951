"""A browser, or a cache on the way, keeps public pages and asks whether they are still the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import User
from reporting.views.public import fresh
from tests.cast import sign_in

from .public import publish

pytestmark = pytest.mark.django_db

KEPT = ["/", "/statements/2012/", "/commitments/2012-T1/", "/members/ALB/", "/matrix/"]
KEPT += ["/members/", "/compare/?first=ALB&second=BEL", "/cycles/2024/", "/search/?q=law"]


@pytest.mark.parametrize("address", KEPT)
def test_a_page_is_sent_again_only_when_something_was_published(
    client: Client, address: str
) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))
    assert not first.cookies
    assert b"csrfmiddlewaretoken" not in first.content
    held = {"If-None-Match": first["ETag"]}
    with CaptureQueriesContext(connection) as asked:
        again = client.get(address, headers=held)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert {"Cookie", "Accept-Language"} <= set(again["Vary"].split(", "))
    assert len(asked) == 1
    publish("ALB")
    after = client.get(address, headers=held)
    assert after.status_code == 200
    assert after["ETag"] != first["ETag"]


def test_who_is_signed_in_gets_a_page_that_nobody_keeps(client: Client, focal_point: User) -> None:
    held = client.get("/members/")["ETag"]
    sign_in(client, focal_point)
    mine = client.get("/members/", headers={"If-None-Match": held})
    assert mine.status_code == 200
    assert mine["Cache-Control"] == "private, no-store"
    assert "ETag" not in mine
    client.logout()
    assert client.get("/members/", headers={"If-None-Match": held}).status_code == 304


def test_who_has_a_message_waiting_reads_it(client: Client) -> None:
    held = client.get("/members/")["ETag"]
    client.cookies["messages"] = "of another page"
    answer = client.get("/members/", headers={"If-None-Match": held})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_each_language_is_another_page(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    english = client.get("/members/")["ETag"]
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "fr"
    assert client.get("/members/", headers={"If-None-Match": english}).status_code == 200


def test_an_error_is_not_kept(client: Client) -> None:
    for address in ("/members/?kind=state", "/members/ZZZ/"):
        answer = client.get(address)
        assert answer.status_code in (400, 404)
        assert "ETag" not in answer


@pytest.fixture
def keeping(settings: Any) -> Iterator[None]:
    """The site as it runs: each web process keeps the pages that it made."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    settings.CACHES = configured.CACHES | {"pages": memory}
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.mark.parametrize("address", KEPT)
def test_the_next_visitor_gets_the_very_page_until_something_is_published(
    client: Client, keeping: None, address: str
) -> None:
    first = client.get(address)
    with CaptureQueriesContext(connection) as asked:
        again = Client().get(address)
    assert len(asked) == 1
    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    publish("ALB")
    after = Client().get(address)
    assert after["ETag"] != first["ETag"]
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).content == after.content
    assert len(asked) == 1


def test_a_kept_page_is_of_one_language_and_one_question(client: Client, keeping: None) -> None:
    pages = {client.get("/members/").content, client.get("/members/?kind=government").content}
    pages |= {client.get("/members/", headers={"Accept-Language": t}).content for t in ("fr", "ar")}
    assert len(pages) == 4


def test_a_page_of_somebody_signed_in_is_kept_for_nobody(
    client: Client, keeping: None, focal_point: User
) -> None:
    sign_in(client, focal_point)
    mine = client.get("/members/")
    assert focal_point.name in mine.content.decode()
    assert focal_point.name not in Client().get("/members/").content.decode()
    assert focal_point.name in client.get("/members/").content.decode()


def test_errors_and_endless_questions_fill_no_memory(
    client: Client, keeping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "LARGEST", 10)
    for address in ("/members/?kind=state", "/members/ZZZ/", "/members/"):
        client.get(address)
    assert not caches["pages"]._cache  # type: ignore[attr-defined]

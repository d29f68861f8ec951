"""A browser, or a cache on the way, keeps public pages and asks whether they are still the same."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import User
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

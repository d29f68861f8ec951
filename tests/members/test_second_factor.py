"""A person sets up an authenticator app and needs it from then on."""

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from members.models import User
from tests.cast import PASSWORD, sign_in

SECOND = "/accounts/second-factor/"
pytestmark = pytest.mark.django_db


def code(secret: str, which: int = 0) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[which]))


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(
    client: Client, focal_point: User
) -> None:
    cache.clear()
    sign_in(client, focal_point)
    page = client.get(f"{SECOND}totp/activate/")
    picture = client.get(f"{SECOND}totp/code.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<path" in picture.content
    secret = page.context["form"].secret
    assert client.post(f"{SECOND}totp/activate/", {"code": "000000"}).status_code == 200
    codes = client.post(f"{SECOND}totp/activate/", {"code": code(secret)}, follow=True)
    assert "Recovery codes" in codes.content.decode()
    client.logout()
    cache.clear()  # a code works once; the next sign-in comes later
    answer = client.post(
        "/accounts/login/", {"login": focal_point.email, "password": PASSWORD}, follow=True
    )
    assert answer.request["PATH_INFO"] == f"{SECOND}authenticate/"
    assert client.get("/accounts/").status_code == 302
    client.post(f"{SECOND}authenticate/", {"code": code(secret)})
    assert client.get("/accounts/").status_code == 200


def test_the_picture_is_there_only_while_an_app_is_set_up(
    client: Client, focal_point: User
) -> None:
    assert sign_in(client, focal_point).get(f"{SECOND}totp/code.svg").status_code == 404

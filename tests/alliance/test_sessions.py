"""Someone stays signed in, or is no longer."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members.models import User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db


def is_signed_in(client: Client) -> bool:
    client.get("/healthz")
    return "_auth_user_id" in client.session


def began(client: Client, ago: dt.timedelta) -> None:
    session = client.session
    session["began"] = (timezone.now() - ago).isoformat()
    session.save()


def test_a_session_ends_twelve_hours_after_sign_in(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    assert is_signed_in(client)
    began(client, dt.timedelta(hours=11, minutes=59))
    assert is_signed_in(client)
    began(client, dt.timedelta(hours=12, minutes=1))
    assert not is_signed_in(client)


def test_being_busy_does_not_make_it_longer(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    client.get("/healthz")
    first = client.session["began"]
    client.get("/healthz")
    assert client.session["began"] == first


def test_a_visitor_gets_no_session(client: Client) -> None:
    assert "Set-Cookie" not in client.get("/healthz").headers


def test_who_is_still_there_says_so_and_the_session_begins_anew(
    client: Client, focal_point: User
) -> None:
    sign_in(client, focal_point)
    began(client, dt.timedelta(hours=11, minutes=55))
    page = client.get("/accounts/still-here/")
    assert 290 <= int(page["Session-Left"]) <= 300
    assert client.post("/accounts/still-here/")["Location"] == "/accounts/still-here/"
    assert int(client.get("/accounts/still-here/")["Session-Left"]) > 11 * 3600
    began(client, dt.timedelta(hours=12, minutes=1))
    assert not is_signed_in(client)


def test_only_a_fresh_proof_makes_it_longer(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 3600
    session.save()
    began(client, dt.timedelta(hours=11, minutes=55))
    asked = client.post("/accounts/still-here/")
    assert asked["Location"].startswith("/accounts/second-factor/"), "to prove itself first"
    assert int(client.get("/accounts/still-here/")["Session-Left"]) < 400

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

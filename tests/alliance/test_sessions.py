"""Someone stays signed in, or is no longer."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Invitation, User
from tests.cast import prove, sign_in

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


def test_a_session_ends_two_hours_after_it_was_last_used(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    assert is_signed_in(client)
    seen(client, dt.timedelta(minutes=119))
    assert is_signed_in(client)
    assert is_signed_in(client)  # and the pause begins anew
    seen(client, dt.timedelta(minutes=121))
    assert not is_signed_in(client)


def seen(client: Client, ago: dt.timedelta) -> None:
    session = client.session
    session["seen"] = (timezone.now() - ago).isoformat()
    session.save()


def test_the_pause_is_measured_from_the_last_request(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    is_signed_in(client)
    seen(client, dt.timedelta(minutes=90))
    is_signed_in(client)
    last = dt.datetime.fromisoformat(client.session["seen"])
    assert timezone.now() - last < dt.timedelta(minutes=1)


def test_what_is_posted_after_the_pause_is_offered_again_after_sign_in(
    client: Client, editor: User
) -> None:
    sign_in(client, editor)
    is_signed_in(client)
    seen(client, dt.timedelta(minutes=121))
    typed = {"email": "new@cast.example", "kind": "analyst", "nomination": "A letter, typed long."}
    sent = client.post("/secretariat/people/invite/", typed)
    assert sent["Location"] == "/accounts/login/?next=/accounts/go-on/"
    assert "The text that you typed is kept." in client.get(sent["Location"]).content.decode()
    client.force_login(editor)  # keeps the session's contents, as signing in does
    prove(client, editor)
    page = client.get("/accounts/go-on/").content.decode()
    assert 'value="A letter, typed long."' in page and "Send the invitation" in page
    assert not Invitation.objects.exists()


def test_it_is_not_shown_to_another_person(client: Client, editor: User, analyst: User) -> None:
    sign_in(client, editor)
    is_signed_in(client)
    seen(client, dt.timedelta(minutes=121))
    client.post("/secretariat/people/invite/", {"nomination": "A letter, typed long."})
    client.force_login(analyst)
    assert client.get("/accounts/go-on/").status_code == 302
    assert "A letter, typed long." not in str(dict(client.session))


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
    # Two hours of pause end it sooner than its twelve hours now do.
    assert int(client.get("/accounts/still-here/")["Session-Left"]) > 115 * 60
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

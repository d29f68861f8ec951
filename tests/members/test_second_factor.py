"""Whoever may write sets up a second factor, needs it from then on, and for grave steps anew."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from members.events import broken_links
from members.models import Event, Message, Role, User
from tests.cast import PASSWORD, person, prove, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
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


# ---- whoever may write needs one


def test_a_writer_without_one_reads_but_writes_nothing_until_it_is_set_up(
    client: Client, focal_point: User, contributor: User
) -> None:
    client.force_login(focal_point)
    assert client.get("/reporting/").status_code == 200
    sent = client.post("/reporting/2026-ALB/start/")
    assert (sent.status_code, sent["Location"]) == (302, SECOND)
    assert "before you can write" in client.get(SECOND).content.decode()
    assert "Go on where you were" not in client.get(SECOND).content.decode()
    prove(client, focal_point)
    assert client.post("/reporting/2026-ALB/start/")["Location"] != SECOND


def test_the_secretariat_shows_nothing_without_one(
    client: Client, reviewer: User, editor: User, administrator: User
) -> None:
    for staff in (reviewer, editor, administrator):
        client.force_login(staff)
        for path in ("/secretariat/", "/secretariat/people/"):
            assert client.get(path)["Location"] == SECOND
        assert client.get("/accounts/").status_code == 200
        client.logout()
    client.force_login(editor)
    assert client.get("/admin/")["Location"] == SECOND


def test_an_analyst_needs_none(client: Client, analyst: User) -> None:
    client.force_login(analyst)
    assert client.post("/accounts/calendar/", {"do": "make"}).status_code == 200
    assert client.get(SECOND).status_code == 200


def test_a_session_that_did_not_use_the_factor_has_to(client: Client, reviewer: User) -> None:
    """One that began before it was set up elsewhere, say."""
    Authenticator.objects.create(user=reviewer, type="totp", data={"secret": "A" * 32})
    client.force_login(reviewer)
    assert client.get("/secretariat/")["Location"].startswith(f"{SECOND}reauthenticate/?next=")


def test_a_demonstration_person_needs_none_and_the_page_says_so(client: Client, settings) -> None:
    settings.DEMO = True
    shown = person(Role.Kind.REVIEWER, name="shown", is_demonstration=True)
    shown.set_unusable_password()
    shown.save()
    assert "need no second factor" in client.get("/sign-in/demonstration/").content.decode()
    client.post("/sign-in/demonstration/", {"who": shown.email})
    assert client.get("/secretariat/").status_code == 200


def test_a_start_for_a_trial_may_go_without(client: Client, reviewer: User, settings) -> None:
    settings.SECOND_FACTOR = False
    client.force_login(reviewer)
    assert client.get("/secretariat/").status_code == 200


# ---- a stolen mailbox, a stolen session


def test_a_stolen_mailbox_does_not_open_the_account(client: Client, focal_point: User) -> None:
    """Whoever reads the mail can set a new password, and still stands before the second step."""
    cache.clear()
    Authenticator.objects.create(user=focal_point, type="totp", data={"secret": "A" * 32})
    EmailAddress.objects.create(user=focal_point, email=focal_point.email, verified=True)
    client.post("/accounts/password/reset/", {"email": focal_point.email})
    link = re.search(r"/accounts/password/reset/key/\S+", Message.objects.get().body)
    assert link is not None
    form = client.get(link.group(), follow=True)
    new = "another long sentence here"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    focal_point.refresh_from_db()
    assert focal_point.check_password(new)
    assert "_auth_user_id" not in client.session
    answer = client.post("/accounts/login/", {"login": focal_point.email, "password": new})
    assert answer["Location"].startswith(f"{SECOND}authenticate/")
    assert "_auth_user_id" not in client.session


def test_the_password_alone_does_not_remove_the_factor(client: Client, focal_point: User) -> None:
    Authenticator.objects.create(user=focal_point, type="totp", data={"secret": "A" * 32})
    sign_in(client, focal_point)
    began(client, minutes=30)
    asked = client.post(f"{SECOND}totp/deactivate/", follow=True)
    assert asked.request["PATH_INFO"] == f"{SECOND}reauthenticate/"
    with_password = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert with_password["Location"].startswith(f"{SECOND}reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()


def began(client: Client, *, minutes: int) -> None:
    """Both steps of the session were taken so many minutes ago."""
    session = client.session
    for step in session["account_authentication_methods"]:
        step["at"] -= minutes * 60
    session.save()


# ---- a fresh factor for what is grave


def grave(kind: str) -> str:
    return f"/secretariat/people/{User.objects.get(name=kind).pk}/roles/"


def test_a_role_is_given_with_a_fresh_factor_alone(
    client: Client, administrator: User, analyst: User
) -> None:
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": SECRET})
    sign_in(client, administrator)
    began(client, minutes=16)
    asked = client.post(grave("analyst"), {"kind": "reviewer", "member": ""})
    assert asked["Location"] == f"{SECOND}reauthenticate/?next=/accounts/go-on/"
    assert not analyst.roles.filter(kind="reviewer").exists()
    page = client.get(asked["Location"])
    assert "Give the role from today" in page.content.decode()
    cache.clear()
    back = client.post(asked["Location"], {"code": code(SECRET)})
    assert back["Location"] == "/accounts/go-on/"
    assert not analyst.roles.filter(kind="reviewer").exists()
    held = client.get("/accounts/go-on/").content.decode()
    assert f'action="{grave("analyst")}"' in held and 'name="kind" value="reviewer"' in held
    client.post(grave("analyst"), {"kind": "reviewer", "member": ""})
    assert analyst.roles.filter(kind="reviewer").exists()


def test_within_a_quarter_of_an_hour_it_is_not_asked_again(
    client: Client, administrator: User, analyst: User
) -> None:
    sign_in(client, administrator)
    began(client, minutes=14)
    client.post(grave("analyst"), {"kind": "reviewer", "member": ""})
    assert analyst.roles.filter(kind="reviewer").exists()


def test_a_fresh_password_is_no_fresh_factor(
    client: Client, administrator: User, analyst: User
) -> None:
    sign_in(client, administrator)
    began(client, minutes=16)
    session = client.session
    session["account_authentication_methods"] += [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    client.post(grave("analyst"), {"kind": "reviewer", "member": ""})
    assert not analyst.roles.filter(kind="reviewer").exists()


GRAVE = {
    *("report-submit", "desk-publish", "desk-withdraw", "desk-announce"),
    *("invite", "give-role", "end-role", "set-active", "take-factors"),
}


def test_submitting_publishing_and_roles_ask_for_a_fresh_one() -> None:
    asking = {p.name for p in _patterns() if hasattr(p.callback, "needs_fresh_factor")}
    assert asking >= GRAVE


def _patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry)
        else:
            yield entry


# ---- losing it


def test_an_administrator_removes_a_lost_factor_and_the_person_is_out(
    client: Client, administrator: User, focal_point: User
) -> None:
    Authenticator.objects.create(user=focal_point, type="totp", data={"secret": SECRET})
    theirs = sign_in(Client(), focal_point)
    UserSession.objects.create(
        user=focal_point, ip="192.0.2.1", session_key=theirs.session.session_key
    )
    page = f"/secretariat/people/{focal_point.pk}/"
    assert "End all sessions" in sign_in(client, administrator).get(page).content.decode()
    assert client.post(f"{page}second-factor/").status_code == 302
    assert not Authenticator.objects.filter(user=focal_point).exists()
    assert theirs.get("/accounts/")["Location"].startswith("/accounts/login/")
    assert Message.objects.get(person=focal_point).subject == "Your second factor was removed"
    verbs = list(Event.objects.filter(chain="accounts").values_list("verb", flat=True))
    assert verbs == ["second factor taken", "sessions ended"]
    assert broken_links("accounts") == []


def test_nobody_else_removes_a_factor_and_nobody_ones_own_this_way(
    client: Client, administrator: User, editor: User, focal_point: User
) -> None:
    for who, by in ((focal_point, editor), (administrator, administrator)):
        Authenticator.objects.create(user=who, type="totp", data={"secret": SECRET})
        path = f"/secretariat/people/{who.pk}/second-factor/"
        assert sign_in(client, by).post(path).status_code == 403
    assert Authenticator.objects.count() == 2


def test_removing_ones_last_factor_takes_back_what_the_session_proved(
    client: Client, focal_point: User
) -> None:
    Authenticator.objects.create(user=focal_point, type="totp", data={"secret": SECRET})
    sign_in(client, focal_point)
    client.post(f"{SECOND}totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.post("/reporting/2026-ALB/start/")["Location"] == SECOND
    assert Event.objects.get().verb == "second factor removed"


def test_a_script_is_told_too_and_the_page_keeps_what_was_typed(
    client: Client, focal_point: User
) -> None:
    client.force_login(focal_point)
    answer = client.post("/reporting/2026-ALB/start/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "show first that it is you" in answer.content.decode()

"""Somebody tries to get into an account, or to become more than one is."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from members import actions
from members.models import Message, Role, User
from tests.cast import PASSWORD, sign_in
from tests.members.test_second_factor import SECOND, SECRET, code

pytestmark = pytest.mark.django_db
MORE = {
    "email": "other@cast.example",
    "is_active": "",
    "is_demonstration": "on",
    "kind": "administrator",
    "member": "BEL",
    "is_staff": "1",
    "is_superuser": "1",
    "roles": "1",
}


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet() -> None:
    cache.clear()


def facts(person: User) -> tuple[object, ...]:
    person = User.objects.get(pk=person.pk)
    kinds = [role.kind for role in person.roles_now]
    return person.email, person.is_active, person.is_demonstration, kinds


def test_mass_assignment_in_ones_own_account_changes_what_the_form_shows_alone(
    client: Client, analyst: User
) -> None:
    before = facts(analyst)
    sign_in(client, analyst).post("/accounts/", {"name": "New", "time_zone": "UTC", **MORE})
    assert User.objects.get(pk=analyst.pk).name == "New"
    assert facts(analyst) == before


def test_mass_assignment_in_an_invitation_gives_what_was_offered_alone(
    client: Client, editor: User, settings
) -> None:
    actions.invite("invited@cast.example", "analyst", None, by=editor, at=timezone.now())
    link = Message.objects.get().body.split(settings.SITE_URL)[1].split()[0]
    typed = {"name": "invited", "time_zone": "UTC", "password": "several unusual words"}
    client.post(link, typed | MORE)
    invited = User.objects.get(name="invited")
    assert facts(invited) == ("invited@cast.example", True, False, [Role.Kind.ANALYST])


def at_the_second_step(client: Client, person: User) -> Client:
    Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def test_brute_force_of_the_second_step_is_stopped(client: Client, focal_point: User) -> None:
    at_the_second_step(client, focal_point)
    for _ in range(5):
        client.post(f"{SECOND}authenticate/", {"code": "000000"})
    client.post(f"{SECOND}authenticate/", {"code": code(SECRET, 1)})
    assert "_auth_user_id" not in client.session


def test_a_code_that_was_read_over_the_shoulder_works_no_second_time(
    client: Client, focal_point: User
) -> None:
    at_the_second_step(client, focal_point)
    seen = code(SECRET, 1)
    client.post(f"{SECOND}authenticate/", {"code": seen})
    assert "_auth_user_id" in client.session
    thief = Client()
    thief.post("/accounts/login/", {"login": focal_point.email, "password": PASSWORD})
    thief.post(f"{SECOND}authenticate/", {"code": seen})
    assert "_auth_user_id" not in thief.session


def test_a_stolen_session_gives_no_grave_step_once_the_proof_is_old(
    client: Client, administrator: User, analyst: User
) -> None:
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": SECRET})
    session = sign_in(client, administrator).session
    steps = session["account_authentication_methods"]
    session["account_authentication_methods"] = [s | {"at": s["at"] - 3600} for s in steps]
    session.save()
    path = f"/secretariat/people/{analyst.pk}/roles/"
    client.post(path, {"kind": "administrator"})
    assert facts(analyst)[-1] == [Role.Kind.ANALYST]
    client.post(f"{SECOND}totp/deactivate/")
    assert Authenticator.objects.filter(user=administrator).exists()


def test_what_is_kept_for_later_never_leads_outside(client: Client, reviewer: User) -> None:
    """The way back after the proof is a path of this site, whatever Host or next says."""
    client.force_login(reviewer)
    client.get("//evil.example/secretariat/")
    client.get("/secretariat/", {"next": "https://evil.example/"})
    sign_in(client, reviewer)
    assert "evil.example" not in client.get("/accounts/go-on/")["Location"].split("?")[0]

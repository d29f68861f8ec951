"""A visitor of the demonstration enters as one of its persons; elsewhere there is no such door."""

import pytest
from django.test import Client

from members.models import Role, User
from tests.cast import person, sign_in

DOOR = "/sign-in/demonstration/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings) -> User:
    """A demonstration reviewer, in a demonstration."""
    settings.DEMO = True
    user = person(Role.Kind.REVIEWER, name="shown", is_demonstration=True)
    user.set_unusable_password()
    user.save()
    return user


def test_the_persons_are_listed_with_their_roles(client: Client, shown: User, editor: User) -> None:
    page = client.get(DOOR).content.decode()
    assert shown.email in page and "reviewer" in page
    assert editor.email not in page


def test_one_press_and_one_is_in(client: Client, shown: User) -> None:
    answer = client.post(DOOR, {"who": shown.email})
    assert (answer.status_code, answer["Location"]) == (302, "/secretariat/")
    assert client.get("/accounts/").status_code == 200
    kept = client.session["account_authentication_methods"]
    assert kept[-1]["method"] == "demonstration" and kept[-1]["reauthenticated"]


def test_without_the_demonstration_there_is_no_door(client: Client, shown: User, settings) -> None:
    settings.DEMO = False
    assert client.get(DOOR).status_code == 404
    assert client.post(DOOR, {"who": shown.email}).status_code == 404
    assert client.get("/accounts/").status_code == 302


def test_nobody_else_can_be_entered(client: Client, shown: User, editor: User) -> None:
    for who in (editor.email, "nobody@cast.example", ""):
        assert client.post(DOOR, {"who": who}).status_code == 400
    User.objects.filter(pk=shown.pk).update(is_active=False)
    assert client.post(DOOR, {"who": shown.email}).status_code == 400
    assert client.get("/accounts/").status_code == 302


def test_looking_signs_nobody_in(client: Client, shown: User) -> None:
    client.get(DOOR, {"who": shown.email})
    assert client.get("/accounts/").status_code == 302


def test_the_way_on_is_kept_but_never_leads_outside(client: Client, shown: User) -> None:
    entered = client.post(DOOR, {"who": shown.email, "next": "/accounts/"})
    assert entered["Location"] == "/accounts/"
    client.logout()
    outside = client.post(DOOR, {"who": shown.email, "next": "https://evil.example/"})
    assert outside["Location"] == "/secretariat/"


def test_the_session_key_changes_and_another_persons_session_ends(
    client: Client, shown: User, analyst: User
) -> None:
    sign_in(client, analyst)
    before = client.cookies["sessionid"].value
    client.post(DOOR, {"who": shown.email})
    assert client.cookies["sessionid"].value != before
    assert client.session["_auth_user_id"] == str(shown.pk)


def test_a_shared_person_cannot_be_changed_or_taken_over(client: Client, shown: User) -> None:
    client.post(DOOR, {"who": shown.email})
    client.post("/accounts/", {"name": "taken over", "time_zone": "UTC"})
    shown.refresh_from_db()
    assert shown.name == "shown"
    for path in ("password/change/", "second-factor/totp/activate/", "sessions/"):
        assert client.get(f"/accounts/{path}").status_code == 403


def test_no_password_can_be_asked_for(client: Client, shown: User) -> None:
    from members.models import Message

    client.post("/accounts/password/reset/", {"email": shown.email})
    assert not Message.objects.exists()


def test_a_forged_request_is_refused(shown: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(DOOR, {"who": shown.email}).status_code == 403


def test_who_entered_is_nobody_once_the_demonstration_is_over(
    client: Client, shown: User, settings
) -> None:
    client.post(DOOR, {"who": shown.email})
    assert client.get("/secretariat/people/").status_code == 200
    settings.DEMO = False
    assert client.get("/secretariat/people/").status_code == 403

"""The fixed cast of the tests: one person of each kind, by role and without invented names.

`tests/conftest.py` imports these fixtures. `member` is the one that the focal point, the
contributor and the former focal point act for; the outsider is `other_member`'s focal point.
"""

import datetime as dt
import time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from members.models import Member, Role, User

LONG_AGO = dt.date(2020, 1, 1)
PASSWORD = "a long sentence for the tests"
OWN, OTHER = "ALB", "BEL"


def person(kind: str, *, of: Member | None = None, name: str = "", **facts: Any) -> User:
    """A new person who holds the role `kind` since long ago; `until` ends it."""
    name, until = name or kind, facts.pop("until", None)
    email = f"{name.replace('_', '-')}@cast.example"
    user = User.objects.create_user(email, PASSWORD, name=name.replace("_", " "), **facts)
    Role.objects.create(user=user, kind=kind, member=of, since=LONG_AGO, until=until)
    return user


def sign_in(client: Client, user: User | AnonymousUser) -> Client:
    """The client, signed in as `user` with password and second factor just now; a visitor is not.

    No factor has to be set up for it.
    """
    client.logout()
    if not user.is_authenticated:
        return client
    client.force_login(user)
    return prove(client, user)


def prove(client: Client, user: User) -> Client:
    """The client, whose session says that its person gave password and second factor just now."""
    session = client.session
    fresh = {"at": time.time(), "reauthenticated": True}
    steps = [{"method": "password", **fresh}, {"method": "mfa", "type": "totp", **fresh}]
    session["account_authentication_methods"] = steps
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


class SignedIn:
    """A person's client that stays signed in, whatever its requests did to session and cookies.

    Each request is to be undone by its caller; the proof of the second factor stays fresh for as
    long as a file of tests takes.
    """

    def __init__(self, who: User | AnonymousUser) -> None:
        self.client = sign_in(Client(raise_request_exception=False), who)
        if who.is_authenticated:
            session = self.client.session
            steps = session["account_authentication_methods"]
            later = time.time() + 3600
            session["account_authentication_methods"] = [{**step, "at": later} for step in steps]
            session.save()
        self.cookies = {name: one.value for name, one in self.client.cookies.items()}

    def ask(self, method: str, path: str, *sent: Any, **more: Any) -> Any:
        """The answer to one request; `sent` and `more` as Client.generic takes them."""
        self.client.handler._middleware_chain = (
            None  # as it stands now: some tests take a guard out
        )
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        answer = self.client.generic(method, path, *sent, **more)
        if answer.streaming:
            answer.getvalue()
        return answer


def a_member(code: str) -> Member:
    """The registry's member with this code, or a new government member where it is not loaded."""
    facts = {"kind": Member.Kind.GOVERNMENT, "region": Member.Region.EUROPE}
    return Member.objects.get_or_create(code=code, defaults=facts)[0]


PARTS: dict[str, dict[str, Any]] = {
    "analyst": {"kind": Role.Kind.ANALYST},
    "contributor": {"kind": Role.Kind.CONTRIBUTOR, "of": OWN},
    "focal_point": {"kind": Role.Kind.FOCAL_POINT, "of": OWN},
    "outsider": {"kind": Role.Kind.FOCAL_POINT, "of": OTHER},
    "former": {"kind": Role.Kind.FOCAL_POINT, "of": OWN, "until": dt.date(2021, 1, 1)},
    "reviewer": {"kind": Role.Kind.REVIEWER},
    "editor": {"kind": Role.Kind.EDITOR},
    "administrator": {"kind": Role.Kind.ADMINISTRATOR},
    "disabled": {"kind": Role.Kind.FOCAL_POINT, "of": OWN, "is_active": False},
}


def play(part: str) -> Any:
    """The one of the cast who plays this part, made anew; the visitor is nobody."""
    if part == "visitor":
        return AnonymousUser()
    facts = dict(PARTS[part])
    of = a_member(facts.pop("of")) if "of" in facts else None
    return person(of=of, name=part, **facts)


@pytest.fixture
def member(db: None) -> Member:
    return a_member(OWN)


@pytest.fixture
def other_member(db: None) -> Member:
    return a_member(OTHER)


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def analyst(db: None) -> User:
    return play("analyst")


@pytest.fixture
def contributor(db: None) -> User:
    return play("contributor")


@pytest.fixture
def focal_point(db: None) -> User:
    return play("focal_point")


@pytest.fixture
def outsider(db: None) -> User:
    return play("outsider")


@pytest.fixture
def former(db: None) -> User:
    """Was the member's focal point until 2021."""
    return play("former")


@pytest.fixture
def reviewer(db: None) -> User:
    return play("reviewer")


@pytest.fixture
def editor(db: None) -> User:
    return play("editor")


@pytest.fixture
def administrator(db: None) -> User:
    return play("administrator")


@pytest.fixture
def disabled(db: None) -> User:
    """A focal point whose account was disabled."""
    return play("disabled")

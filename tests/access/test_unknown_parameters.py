"""Every page that is read refuses a parameter that it does not know, and names it."""

import pytest
from django.test import Client

from members.asking import AskingMiddleware
from tests.access.profiles import EVERYONE, outcomes
from tests.access.test_routes import ROWS, Row
from tests.access.world import World, world
from tests.cast import sign_in

__all__ = ["world"]
pytestmark = pytest.mark.django_db

# The admin looks through its lists by the fields of its models, and says itself what it refuses.
ASKS_BY_ITSELF = ("admin/*",)
READ = [
    row
    for row in ROWS
    if row.method == "GET"
    and not row.profile.startswith("405:")
    and row.route not in ASKS_BY_ITSELF
]


def _reader(row: Row, cast: World) -> Client:
    """Somebody who may come in; where there is nothing for anybody, whom it is hidden from."""
    expected = outcomes(row.profile)
    come_in = [kind for kind in EVERYONE if expected[kind] in ("allow", "503")]
    at_the_door = [kind for kind in ("administrator", *EVERYONE) if expected[kind] == "hide"]
    return sign_in(Client(), cast[(come_in or at_the_door)[0]])


@pytest.mark.parametrize("row", [pytest.param(row, id=row.route) for row in READ])
def test_an_unknown_parameter_is_refused_by_name(row: Row, world: World) -> None:
    client = _reader(row, world)
    for path in row.paths.format_map(world).split():
        answer = client.get(f"{path}{'&' if '?' in path else '?'}no_such_parameter=1")
        assert answer.status_code == 400, path
        assert "no_such_parameter" in b"".join(answer).decode(), path


@pytest.mark.parametrize("path", ["/secretariat/people/?q=a&q=b", "/language/?to=en&to=fr"])
def test_a_parameter_given_twice_is_refused_by_name(path: str, world: World) -> None:
    answer = sign_in(Client(), world["administrator"]).get(path)
    assert answer.status_code == 400
    assert "this parameter was given more than once" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/login/?next=/members/", "/sign-in/?next=/", "/language/?to=en&next=/data/"),
        *("/secretariat/people/?q=a", "/secretariat/outbox/?to=a&state=sent", "/matrix/?kind="),
    ],
)
def test_what_a_page_knows_passes(path: str, world: World) -> None:
    who = world["administrator"] if path.startswith("/secretariat/") else None
    client = sign_in(Client(), who) if who else Client()
    assert client.get(path).status_code in (200, 302)


def test_who_may_not_come_in_is_told_nothing_about_parameters(client: Client, db: None) -> None:
    assert client.get("/secretariat/people/?no_such_parameter=1").status_code == 302


def test_the_sweep_would_notice_if_the_guard_were_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AskingMiddleware, "process_view", lambda *args: None)
    passed = []
    for row in READ:
        path = row.paths.format_map(world).split()[0]
        answer = _reader(row, world).get(f"{path}?no_such_parameter=1")
        passed += [path] if answer.status_code < 400 else []
    assert {"/calendar.ics", "/secretariat/", "/secretariat/operations/"} <= set(passed)

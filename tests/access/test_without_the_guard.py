"""With the guard at the door removed, the table of routes.csv notices.

A sample, so that it stays quick: one cell of each row that the door refuses, another
kind of person from row to row. Left out are the library's pages and the admin, which ask once more
by themselves. What is posted is refused twice over: at the door, and by the action, which asks its
own rule again. So for a post the place counts as well as the status: a refusal is noticed as gone
when the request comes past the door, though the action may still refuse it. Both layers are shown
apart: in the first test of posts nine in ten are noticed with the door gone, the others with
the rules inside gone too; the second shows that behind an open door the action still refuses.
"""

from typing import Any

import pytest
from django.http import HttpRequest

from members.access import AccessMiddleware
from members.asking import AskingMiddleware
from tests.access.profiles import EVERYONE, outcomes
from tests.access.test_routes import ROWS, Row, _try
from tests.access.world import World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
ASK_ONCE_MORE = ("admin/", "accounts/")
LEAST = 0.95


def sampled(method: str, step: int) -> list[tuple[Row, str, str]]:
    """One refused cell of each `step`-th row: the row, who asks, and what it declares."""
    rows = [row for row in ROWS if row.method == method and "405:" not in row.profile]
    rows = [row for row in rows if not row.route.startswith(ASK_ONCE_MORE)]
    found = []
    for n, row in enumerate(rows):
        expected = outcomes(row.profile)
        turned = EVERYONE[n % len(EVERYONE) :] + EVERYONE[: n % len(EVERYONE)]
        found += [(row, k, expected[k]) for k in turned if expected[k] in ("login", "deny")][:1]
    return found[::step]


def told(cells: list[tuple[Row, str, str]], world: World) -> list[str]:
    """The cells that answer without the guard as they do with it."""
    same = []
    for row, kind, expected in cells:
        path = row.paths.format_map(world).split()[0]
        got, changed = _try(world, kind, row.method, path, row.body.format_map(world))
        same += [f"{path} as {kind}: {got}"] if got == expected and not changed else []
    return same


@pytest.fixture
def _no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccessMiddleware, "process_view", lambda *args: None)


def test_nearly_every_refused_page_is_noticed(world: World, _no_guard: None) -> None:
    cells = sampled("GET", 1)
    same = told(cells, world)
    assert len(cells) >= 30
    assert len(same) <= (1 - LEAST) * len(cells), same


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests that came past the door: the next guard was asked about them."""
    came: list[str] = []
    was = AskingMiddleware.process_view

    def noted(self: AskingMiddleware, request: HttpRequest, *rest: Any) -> Any:
        came.append(request.path)
        return was(self, request, *rest)

    monkeypatch.setattr(AskingMiddleware, "process_view", noted)
    return came


def answers(
    cells: list[tuple[Row, str, str]], world: World, let_in: list[str]
) -> list[tuple[str, str, bool, bool]]:
    """Each cell with its outcome, whether it left a trace, and whether it came past the door."""
    found = []
    for row, kind, _expected in cells:
        let_in.clear()
        path = row.paths.format_map(world).split()[0]
        got, changed = _try(world, kind, row.method, path, row.body.format_map(world))
        found.append((f"{path} as {kind}", got, bool(changed), bool(let_in)))
    return found


def test_nearly_every_refused_post_is_noticed_at_the_door_or_by_the_rule_inside(
    world: World, let_in: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = sampled("POST", 1)
    guarded = answers(cells, world, let_in)
    monkeypatch.setattr(AccessMiddleware, "process_view", lambda *args: None)
    bare = answers(cells, world, let_in)
    inside = [n for n, one in enumerate(bare) if one == guarded[n]]
    assert len(cells) >= 15
    assert len(inside) <= len(cells) / 10, [bare[n] for n in inside]
    # The door knows kinds of persons, not whose a report is: these few the rules inside refuse.
    monkeypatch.setattr("members.rules.holds", lambda *args: True)
    monkeypatch.setattr("members.rules.is_focal_point", lambda *args: True)
    again = answers([cells[n] for n in inside], world, let_in)
    same = [one for one, n in zip(again, inside, strict=True) if one == guarded[n]]
    assert len(same) <= (1 - LEAST) * len(cells), same


def test_what_is_posted_is_refused_by_the_action_once_more_or_noticed(
    world: World, _no_guard: None
) -> None:
    """No cell leads to the sign-in page any more; those that still refuse do so by the action."""
    cells = sampled("POST", 2)
    same = told(cells, world)
    assert len(cells) >= 15
    assert len(same) < len(cells) / 2, same
    assert all(line.endswith(": deny") for line in same), same

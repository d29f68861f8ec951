"""With the guard at the door removed, the table of routes.csv notices.

A sample, so that it stays quick: one cell of each row that the door refuses, another
kind of person from row to row. Left out are the library's pages and the admin, which ask once more
by themselves, and what is posted: there the action asks its own rule again, as the second test
shows.
"""

import pytest

from members.access import AccessMiddleware
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
        got, changed = _try(row.method, path, world[kind], row.body.format_map(world))
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


def test_what_is_posted_is_refused_by_the_action_once_more_or_noticed(
    world: World, _no_guard: None
) -> None:
    """No cell leads to the sign-in page any more; those that still refuse do so by the action."""
    cells = sampled("POST", 2)
    same = told(cells, world)
    assert len(cells) >= 15
    assert len(same) < len(cells) / 2, same
    assert all(line.endswith(": deny") for line in same), same

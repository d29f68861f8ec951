"""Every route answers each of the cast as routes.csv declares, and refuses without a trace.

To add a page: add a row for GET and one for POST to routes.csv, with a profile of profiles.py, a
path to call (several are separated by spaces; `{...}` comes from world.py) and, if an empty form
would be turned away too early to show the refusal, the body to post.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from members.access import AccessMiddleware
from tests.access.profiles import EVERYONE, PROFILES, outcomes
from tests.access.test_every_url import patterns
from tests.access.world import World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db

# A session lives and attempts are counted whoever comes; everything else stays as it was.
NO_MATTER = ("django_session", "cache")
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Row:
    """A line of routes.csv. A route that ends with `*` stands for all that begin like it."""

    route: str
    method: str
    profile: str
    paths: str
    body: str

    def covers(self, route: str) -> bool:
        family = self.route.endswith("*") and route.startswith(self.route[:-1])
        return family or route == self.route


def _rows() -> list[Row]:
    with (Path(__file__).parent / "routes.csv").open(newline="") as file:
        return [Row(**line) for line in csv.DictReader(file, restval="")]


ROWS = _rows()
ROUTES = [route for route, _ in patterns()]


def test_every_route_is_declared_for_get_and_post() -> None:
    missing = [
        f"{route},{method}"
        for route in ROUTES
        for method in METHODS
        if not any(row.covers(route) and row.method == method for row in ROWS)
    ]
    assert not missing, "tests/access/routes.csv lacks:\n" + "\n".join(missing)


def test_no_row_is_stale_or_said_twice() -> None:
    stale = [row for row in ROWS if not any(row.covers(route) for route in ROUTES)]
    assert not stale
    keys = [(row.route, row.method) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_every_profile_says_something_about_everyone_and_is_used() -> None:
    used = {row.profile.removeprefix("405:") for row in ROWS}
    assert used == set(PROFILES)
    for profile in PROFILES.values():
        assert set(profile) == set(EVERYONE)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.method} {row.route}") for row in ROWS])
def test_each_of_the_cast_gets_the_declared_answer(row: Row, world: World) -> None:
    wrong = []
    body = row.body.format_map(world)
    for path in row.paths.format_map(world).split():
        for kind, expected in outcomes(row.profile).items():
            got, changed = _try(world, kind, row.method, path, body)
            if got != expected:
                wrong.append(f"{kind} at {path}: {got}, declared {expected}")
            if changed and (row.method == "GET" or expected != "allow"):
                wrong.append(f"{kind} at {path}: {expected}, but changed {changed}")
    assert not wrong, "\n".join(wrong)


def _try(world: World, kind: str, method: str, path: str, body: str = "") -> tuple[str, list[str]]:
    """The outcome of one request, and the tables it wrote to; all of it is undone."""
    with transaction.atomic():
        before = _written()
        answer = world["clients"][kind].ask(method, path, body, FORM)
        after = _written()
        transaction.set_rollback(True)
    tables = [table for table, count in after.items() if count != before.get(table, 0)]
    return _outcome(answer), tables


def _outcome(answer: HttpResponse) -> str:
    status = answer.status_code
    if 300 <= status < 400:
        login = answer.get("Location", "").startswith("/accounts/login/?")
        return "login" if login else "allow"
    known = {200: "allow", 400: "allow", 409: "allow", 403: "deny", 404: "hide", 410: "hide"}
    return known.get(status, str(status))


def _written() -> dict[str, int]:
    """How many rows this transaction has written so far, by table, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE NOT relname = ANY(%s)",
            [list(NO_MATTER)],
        )
        return dict(cursor.fetchall())


def test_a_row_written_is_seen_even_when_it_is_undone(world: World) -> None:
    """The counter that the refusals rely on does count."""
    path = f"/secretariat/people/{world['someone']}/active/"
    got, changed = _try(world, "administrator", "POST", path, "active=no")
    assert got == "allow"
    assert "members_user" in changed and "members_event" in changed


def test_the_table_would_notice_if_the_guard_were_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccessMiddleware, "process_view", lambda *args: None)
    noticed, blind = 0, []
    for row in ROWS:
        if row.method == "GET" and outcomes(row.profile)["analyst"] == "deny":
            path = row.paths.format_map(world).split()[0]
            if _try(world, "analyst", "GET", path)[0] == "deny":
                blind.append(path)
            else:
                noticed += 1
    assert noticed >= 20
    # The admin asks once more by itself, and so does the move that its page begins.
    asks_again = [path for path in blind if path.startswith("/admin/") or path.endswith("/enter/")]
    assert blind == asks_again

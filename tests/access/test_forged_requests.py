"""A page of another site makes a signed-in person's browser send something: nothing happens."""

import pytest
from django.db import transaction
from django.test import Client

from tests.access.profiles import outcomes
from tests.access.test_routes import ROWS, Row, _written
from tests.access.world import World, world
from tests.cast import sign_in

__all__ = ["world"]
pytestmark = pytest.mark.django_db

TAKING = [row for row in ROWS if row.method == "POST" and "allow" in outcomes(row.profile).values()]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.route) for row in TAKING])
def test_a_post_without_our_token_is_refused_and_changes_nothing(row: Row, world: World) -> None:
    allowed = [kind for kind, outcome in outcomes(row.profile).items() if outcome == "allow"]
    for path in row.paths.format_map(world).split():
        with transaction.atomic():
            client = sign_in(Client(enforce_csrf_checks=True), world[allowed[-1]])
            before = _written()
            form = "application/x-www-form-urlencoded"
            answer = client.generic("POST", path, row.body.format_map(world), form)
            assert answer.status_code == 403, path
            assert _written() == before, path
            transaction.set_rollback(True)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_methods_that_no_page_takes_change_nothing(method: str, world: World) -> None:
    """Method confusion: nobody gets round a POST's checks by another word."""
    for row in TAKING:
        path = row.paths.format_map(world).split()[0]
        with transaction.atomic():
            before = _written()
            world["clients"]["administrator"].ask(method, path)
            assert _written() == before, f"{method} {path}"
            transaction.set_rollback(True)

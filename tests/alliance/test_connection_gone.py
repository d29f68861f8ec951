"""A request does not ask the server whether it is there; one whose server has gone finds out."""

import select
from typing import Any

from django.db import connection

from tests.database import _sql


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_connection_that_rests_is_taken_as_it_is(fresh_database: Any) -> None:
    backend()
    asked: list[Any] = []
    connection.connection.cursor_factory = lambda *_, **__: asked.append(True)
    assert connection.is_usable()
    assert not asked


def test_a_connection_that_the_server_has_ended_is_made_anew(fresh_database: Any) -> None:
    mine = backend()
    _sql(f"SELECT pg_terminate_backend({mine})")
    said = select.poll()
    said.register(connection.connection.fileno(), select.POLLIN)
    assert said.poll(30_000)  # what the server said last has come
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.close_if_health_check_failed()
    assert backend() != mine


def test_a_connection_that_was_closed_is_not_usable(fresh_database: Any) -> None:
    backend()
    connection.connection.close()
    assert not connection.is_usable()

"""Whoever takes a great deal and goes away, stalls or meets an error leaves nothing behind."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.db.models.expressions import RawSQL

from reporting.exports import copying
from reporting.exports.copying import copied
from reporting.models import PublishedAnswer
from tests.api.published import publish_answer, publish_report
from tests.database import cloned, used
from tests.site import wait_for

SHOWN = PublishedAnswer.objects.shown().order_by("cycle", "member", "commitment")


@pytest.fixture(scope="module")
def laden(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with more rows than sockets and buffers hold, by its name."""
    with django_db_blocker.unblock(), cloned() as database:
        with used(database):
            _fill()
        yield database.name


@pytest.fixture
def many(laden: str, django_db_blocker: Any) -> Iterator[None]:
    """A copy of it for one test."""
    with django_db_blocker.unblock(), cloned(laden) as database, used(database):
        yield


def _fill() -> None:
    report = publish_report("AUT")
    answer = publish_answer(report, "2012-T1", narrative="long " * 1000)
    rows = [
        PublishedAnswer(**_facts(answer), commitment=f"C{n:04}", row=answer.row, line=answer.line)
        for n in range(800)
    ]
    PublishedAnswer.objects.bulk_create(rows)


def _facts(answer: PublishedAnswer) -> dict[str, Any]:
    own = ("id", "commitment", "row", "line")
    return {f.attname: getattr(answer, f.attname) for f in answer._meta.fields if f.name not in own}


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def no_copy_is_at_work() -> bool:
    """Whether none is left in this test's database; the server may need a moment to notice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active' "
            "AND datname = current_database()"
        )
        return cursor.fetchone()[0] == 0


@pytest.mark.usefixtures("many")
def test_the_connection_is_given_back_as_it_was() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '15s'")
    mine = backend()
    limits = RawSQL("current_setting('statement_timeout')", ())
    during = b"".join(copied(SHOWN[:1].annotate(limit=limits).values_list("limit")))
    assert during.decode().strip() == copying.LONGEST
    assert backend() == mine


def test_the_limit_for_pages_holds_again_afterwards(fresh_database: Any) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"] = {"options": "-c statement_timeout=15000"}
    try:
        publish_answer(publish_report("AUT"), "2012-T1")
        assert setting() == "15s"
        list(copied(SHOWN.values_list("row")))
        assert setting() == "15s"
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = {}


@pytest.mark.usefixtures("many")
def test_a_reader_that_goes_away_ends_the_statement() -> None:
    mine, threads = backend(), threading.active_count()
    stream: Iterator[bytes] = copied(SHOWN.values_list("row"))
    assert len(next(stream)) > 0
    stream.close()  # type: ignore[attr-defined]
    assert backend() != mine
    assert wait_for(no_copy_is_at_work, 10)
    assert threading.active_count() == threads


@pytest.mark.usefixtures("many")
def test_a_reader_that_takes_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PATIENCE_SECONDS", 0.05)
    gave_up, copy = threading.Event(), copying._copy

    def copy_and_tell(*given: Any) -> None:
        try:
            copy(*given)
        finally:
            gave_up.set()

    monkeypatch.setattr(copying, "_copy", copy_and_tell)
    stream = copied(SHOWN.values_list("row"))
    next(stream)
    gave_up.wait(30)
    with pytest.raises(TimeoutError):
        list(stream)
    assert wait_for(no_copy_is_at_work, 10)


# Something random is worked out last, row by row.
BROKEN = "1 / (CASE WHEN commitment = 'C0700' AND random() >= 0 THEN 0 ELSE 1 END) || row"


@pytest.mark.usefixtures("many")
def test_what_the_database_says_in_the_middle_is_raised() -> None:
    broken = RawSQL(BROKEN, ())
    stream = copied(SHOWN.annotate(broken=broken).values_list("broken"))
    assert list(islice(stream, 1))
    with pytest.raises(psycopg2.errors.DivisionByZero):
        list(stream)
    assert backend()

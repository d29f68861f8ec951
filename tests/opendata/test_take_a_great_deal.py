"""A whole dataset comes as one stream out of the database: the same bytes, nothing left open."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL
from hypothesis import HealthCheck, given, settings

from reporting.actions.lines import write_lines_anew
from reporting.api.stored import Progress, Reports, StoredRows
from reporting.exports import copying
from reporting.exports.copying import copied
from reporting.exports.datasets import DATASETS
from reporting.exports.formats import FORMATS
from reporting.exports.source import Stored
from reporting.models import PublishedAnswer
from tests.api.published import publish_answer, publish_report
from tests.site import wait_for

from .test_nasty_text import NASTY, texts

SHOWN = PublishedAnswer.objects.shown().order_by("cycle", "member", "commitment")


def written(form: str, lines: Any, resource: type[StoredRows] = Progress) -> bytes:
    return b"".join(FORMATS[form].write(lines, DATASETS[resource.name]))


def plainly(found: Stored) -> list[bytes]:
    """The rows one by one: what the stream is compared with."""
    return list(found)


@pytest.mark.django_db
@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("form", ["ndjson", "json", "csv"])
@pytest.mark.parametrize("resource", [Progress, Reports])
def test_the_stream_is_what_the_rows_give_one_by_one(form: str, resource: type[StoredRows]) -> None:
    found = Stored(resource.model.objects.shown().order_by(*resource.key))
    assert written(form, found, resource) == written(form, plainly(found), resource)
    assert written(form, found, resource).count(b"2026") > 1


@pytest.mark.django_db
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(narrative=texts, title=texts)
def test_whatever_members_write_the_stream_is_the_same(narrative: str, title: str) -> None:
    said = [text.translate(dict.fromkeys(range(3), "-")) for text in (narrative, title)]
    with transaction.atomic():
        evidence = [{"title": said[1], "url": "https://example.org/"}]
        publish_answer(publish_report("AUT"), "2012-T1", narrative=said[0], evidence=evidence)
        found = Stored(SHOWN.filter(member="AUT"))
        for form in ("ndjson", "json", "csv"):
            assert written(form, found) == written(form, plainly(found))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_all_nasty_texts_together() -> None:
    report = publish_report("AUT")
    said = "\n".join(text for text in NASTY if not {"\x00", "\x01", "\x02"} & {*text})
    publish_answer(report, "2012-T1", narrative=said + "\\.", obstacles="\\N\\x01")
    publish_answer(report, "2022-M1", narrative="\\.\n\\", next_steps='"\\"')
    found = Stored(SHOWN)
    for form in ("ndjson", "json", "csv"):
        assert written(form, found) == written(form, plainly(found))


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["", "quoted by \x01COPY"])
def test_an_answer_without_a_line_that_can_be_streamed_is_refused(line: str) -> None:
    answer = publish_answer(publish_report("AUT"), "2012-T1")
    with pytest.raises(IntegrityError, match="published_answer_has_its_line"):
        PublishedAnswer.objects.filter(pk=answer.pk).update(line=line)


@pytest.mark.django_db
@pytest.mark.usefixtures("published")
def test_lines_are_written_anew_where_a_column_has_changed(capsys: Any) -> None:
    before = written("csv", Stored(SHOWN))
    assert write_lines_anew() == 0
    PublishedAnswer.objects.filter(member="ALB").update(line="as it was with other columns")
    call_command("write_lines")
    assert capsys.readouterr().out.startswith("8 lines")
    assert written("csv", Stored(SHOWN)) == before


@pytest.mark.django_db
@pytest.mark.usefixtures("published")
def test_a_filter_that_finds_nothing_asks_nothing() -> None:
    found = Stored(SHOWN.filter(member__in=[]))
    assert [written(form, found) for form in ("ndjson", "json")] == [b"", b"[]\n"]
    assert written("csv", found).count(b"\r\n") == 1


# Connections


@pytest.fixture
def many(fresh_database: Any) -> None:
    """More rows than sockets and buffers hold."""
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
    stream = copied(SHOWN.values_list("row"))
    next(stream)
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join(30)
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

"""A whole dataset comes as one stream out of the database: the same bytes, nothing left open."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings

from reporting.actions.lines import write_lines_anew
from reporting.api.stored import Progress, Reports, StoredRows
from reporting.exports.datasets import DATASETS
from reporting.exports.formats import FORMATS
from reporting.exports.source import Stored
from reporting.models import PublishedAnswer
from tests.api.published import publish_answer, publish_report

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

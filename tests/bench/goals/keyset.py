"""Goal 7, asked of the database: the last page by its key, and totals that were added up before."""

import datetime as dt
import json
from typing import Any

from django.db import connection

from members.api.pages import _signer
from members.api.parameters import Asked
from reporting import summaries
from reporting.models import PublishedAnswer, Summary
from tests.bench.measuring import Row, interleaved, repeated, timed

PAGE = 100
SHOWN = "FROM reporting_publishedanswer WHERE shown_until IS NULL"
ORDER = "ORDER BY cycle, member, commitment"


def measure(rounds: int) -> dict[str, Any]:
    """The cursor of the last page, and two rows."""
    keys = PublishedAnswer.objects.shown().order_by("-cycle", "-member", "-commitment")
    before = keys.values_list("cycle", "member", "commitment")[PAGE]
    cursor = _signer("progress", Asked()).sign_object(["after", *before])
    return {"last": cursor, "rows": [_last_page(before, rounds), _totals(rounds)]}


def _asked(sql: str, values: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _last_page(before: Any, rounds: int) -> Row:
    count = PublishedAnswer.objects.shown().count()
    after = f"SELECT row {SHOWN} AND (cycle, member, commitment) > (%s, %s, %s) {ORDER} LIMIT 100"
    offset = f"SELECT row {SHOWN} {ORDER} OFFSET {count - PAGE} LIMIT 100"
    assert _asked(after, before) == _asked(offset)
    found = interleaved(
        {
            "key": repeated(lambda: _asked(after, before), 50),
            "offset": timed(lambda: _asked(offset)),
        },
        *(rounds, lambda line: None),
    )
    what = f"statement of the last page of {count}"
    return Row("7", what, found["key"], found["offset"], "OFFSET", ">= 300")


def _totals(rounds: int) -> Row:
    """How often each status was answered in a round, by kind: a row that was built, or a count."""
    summaries.build(now=dt.datetime.now(dt.UTC))
    count = f"""SELECT kind, status, count(*) {SHOWN} AND cycle = '2024' GROUP BY kind, status"""
    built = "SELECT row FROM reporting_summary WHERE scope = 'cycle-2024' AND shown_until IS NULL"
    figures = Summary.objects.shown().get(scope="cycle-2024").row

    told = json.loads(figures)["figures"]
    for kind, status, number in _asked(count):
        assert (told[kind][f"answers_{status}"]["numerator"] or 0) == number
    found = interleaved(
        {
            "built": repeated(lambda: _asked(built), 50),
            "count": timed(lambda: _asked(count)),
        },
        *(rounds, lambda line: None),
    )
    return Row("7", "totals of a round", found["built"], found["count"], "COUNT(*)", ">= 40")

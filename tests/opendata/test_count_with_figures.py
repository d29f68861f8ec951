"""An analyst counts with the figures of summaries, one a row; they are those of the summaries."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from reporting import summaries
from reporting.models import Summary
from reporting.summaries.counting import NAMES
from tests.api.published import publish_some
from tests.api.reading import every_row, page

from .reading import table

pytestmark = pytest.mark.django_db
FIRST, SECOND = dt.datetime(2026, 8, 1, tzinfo=dt.UTC), dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
KEY = ("scope", "cycle", "kind", "figure")
OF_MEMBERS = {"expected", "treaty_status"}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The summaries of two builds, with some reports published between them."""
    with django_db_blocker.unblock(), transaction.atomic():
        summaries.build(now=FIRST)
        publish_some()
        summaries.build(now=SECOND)
        yield
        transaction.set_rollback(True)


def out_of(figure: str) -> str:
    """What a figure is counted of, as docs/decisions/what-summaries-count.md says it."""
    name = figure.removesuffix("_by_endorsement")
    if name in OF_MEMBERS:
        return "members"
    if name == "nothing_to_report":
        return "published"
    if name in ("answers_withheld", "support_requested"):
        return "answers"
    if name in ("moved_on", "unchanged", "moved_back"):
        return "compared"
    return "obligations" if name.startswith(("answers_", "unanswered")) else "expected"


def taken_apart(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The figures of one summary, one by one: a plain twin of the view."""
    sort, _, code = row["scope"].partition("-")
    for cycle, kinds in row["rounds"].items():
        if sort == "cycle" and cycle != code:
            continue
        for kind, figures in kinds.items():
            for name, said in figures.items():
                n, of, why = said["numerator"], said["denominator"], said["reason"]
                empty = {"numerator": n, "denominator": of, "share": n}
                yield {
                    "scope": row["scope"],
                    "scope_kind": sort,
                    "scope_code": code,
                    "cycle": cycle,
                    "kind": kind,
                    "figure": name,
                    "by_endorsement": name.endswith("_by_endorsement"),
                    "numerator": n,
                    "denominator": of,
                    "out_of": out_of(name),
                    "share": None if n is None else round(n / of, 6),
                    "built_at": row["built_at"],
                    "synthetic": row["synthetic"],
                    "missing": {field: why for field, value in empty.items() if value is None},
                }


def expected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [one for row in rows for one in taken_apart(row)]
    return sorted(found, key=lambda one: [one[name] for name in KEY])


@pytest.mark.usefixtures("built")
def test_every_figure_is_that_of_its_summary_in_every_format(client: Client) -> None:
    rows = expected([json.loads(row) for row in shown()])
    assert len(rows) > 5000 and {row["figure"] for row in rows} == set(NAMES)
    for form in ("ndjson", "json"):
        answer = client.get(f"/api/v1/exports/figures.{form}").getvalue()
        lines = json.loads(answer) if form == "json" else map(json.loads, answer.splitlines())
        assert list(lines) == rows
    for row, line in zip(rows, table(client, "figures"), strict=True):
        for name in ("numerator", "denominator", "share"):
            assert line[f"{name}_missing"] == row["missing"].get(name, "")
            told = float(line[name]) if line[name] else None
            assert told == row[name]
        assert [line[name] for name in KEY] == [row[name] for name in KEY]
    one = {"scope": "cycle-2026"}
    assert table(client, "figures", "xlsx", **one) == table(client, "figures", **one)


@pytest.mark.usefixtures("built")
def test_a_round_is_told_once_and_nothing_is_lost_by_it(client: Client) -> None:
    told = {row["scope"]: row for row in map(json.loads, shown())}
    for scope, row in told.items():
        for cycle, figures in row["rounds"].items() if scope.startswith("cycle-") else ():
            assert figures == told[f"cycle-{cycle}"]["rounds"][cycle]


@pytest.mark.usefixtures("built")
def test_pages_and_filters_give_the_same_rows(client: Client) -> None:
    asked = {"scope_kind": "cycle,region", "kind": "government", "cycle": "2026"}
    rows = every_row(client, "figures", page_size=90, **asked)
    by_hand = [
        row
        for row in expected([json.loads(row) for row in shown()])
        if row["scope_kind"] in ("cycle", "region")
        and (row["kind"], row["cycle"]) == ("government", "2026")
    ]
    assert rows == by_hand and len(rows) > 200
    one = page(client, "figures", scope="cycle-2026", figure="published", kind="government")
    (row,) = one["results"]
    (said,) = [json.loads(row) for row in shown() if '"scope":"cycle-2026"' in row]
    figure = said["figures"]["government"]["published"]
    assert (row["numerator"], row["denominator"]) == (figure["numerator"], figure["denominator"])
    assert row["numerator"] > 0


@pytest.mark.usefixtures("built")
def test_figures_of_a_day_are_those_that_were_shown(client: Client) -> None:
    asked = {"scope": "cycle-2026", "figure": "published", "kind": "government"}
    (before,) = every_row(client, "figures", as_of="2026-08-15", **asked)
    (after,) = every_row(client, "figures", as_of="2026-09-15", **asked)
    assert before["numerator"] == 0 < after["numerator"]
    assert (before["built_at"], after["built_at"]) == (
        "2026-08-01T00:00:00Z",
        "2026-09-01T00:00:00Z",
    )
    assert every_row(client, "figures", as_of="2026-07-01") == []


def shown() -> list[str]:
    return list(Summary.objects.shown().values_list("row", flat=True))

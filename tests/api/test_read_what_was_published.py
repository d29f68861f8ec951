"""An analyst reads published reports: as stored, told where made up, gone with a reason."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reporting.models import PublishedAnswer, PublishedReport

from .published import observe, publish_answer, publish_report, publish_some
from .reading import RESOURCES, every_row, faults, page

pytestmark = pytest.mark.django_db


def test_a_row_is_served_as_it_was_stored(client: Client) -> None:
    narrative = 'تعهّد "quoted" \\ back\\slash 児童\u2028 and </script> 👍'
    answer = publish_answer(publish_report("ALB"), "2012-T1", narrative=narrative)
    served = client.get("/api/v1/progress/").content.decode()
    assert served == f'{{"next":null,"previous":null,"results":[{answer.row}]}}'
    assert json.loads(served)["results"][0]["narrative"] == narrative
    report = client.get("/api/v1/reports/2026-ALB/").content.decode()
    assert report == PublishedReport.objects.get().row


def test_withheld_words_are_neither_shown_nor_found(client: Client) -> None:
    publish_answer(publish_report("ALB"), "2012-T1", visibility="members", narrative="Hidden.")
    (row,) = every_row(client, "progress")
    assert row["withheld"] is True
    assert (row["status"], row["narrative"], row["evidence"]) == ("implemented", None, [])
    assert every_row(client, "progress", q="hidden") == []


def test_synthetic_rows_are_told_by_header_and_field(client: Client) -> None:
    publish_answer(publish_report("ALB", synthetic=True), "2012-T1")
    publish_answer(publish_report("BEL"), "2012-T1")
    observe("ALB", 2025, 10, synthetic=True)
    for address, told in {
        "reports/": True,
        "progress/?member=ALB": True,
        "progress/?member=BEL": False,
        "reports/2026-ALB/": True,
        "reports/2026-BEL/": False,
        "cycles/": True,
        "cycles/2028/": False,
        "observations/": True,
        "verdicts/": True,
        "members/": False,
        "obligations/": False,
    }.items():
        answer = client.get(f"/api/v1/{address}")
        assert (answer.headers.get("X-Data") == "synthetic") is told, address
    assert [row["synthetic"] for row in every_row(client, "progress")] == [True, False]


def test_a_withdrawn_report_is_gone_with_its_reason(client: Client) -> None:
    publish_answer(publish_report("ALB"), "2012-T1")
    ended = {"shown_until": dt.date(2026, 9, 1)}
    PublishedReport.objects.update(**ended, withdrawn_because="Two figures were mixed up.")
    PublishedAnswer.objects.update(**ended)
    assert faults(client, "/api/v1/reports/2026-ALB/", 410) == [("address", "withdrawn")]
    problem = client.get("/api/v1/reports/2026-ALB/").json()
    assert problem["detail"] == "Withdrawn on 2026-09-01. Two figures were mixed up."
    assert every_row(client, "reports") == every_row(client, "progress") == []
    assert client.get("/api/v1/reports/2026-ALB/?as_of=2026-08-31").status_code == 200
    assert client.get("/api/v1/reports/2026-ALB/?as_of=2026-09-01").status_code == 410
    assert client.get("/api/v1/reports/2026-ALB/?as_of=2026-07-01").status_code == 404
    publish_report("ALB", version=2, shown_from=dt.date(2026, 9, 2))
    assert client.get("/api/v1/reports/2026-ALB/").json()["version"] == 2


def test_what_ended_without_a_withdrawal_is_simply_not_there(client: Client) -> None:
    publish_report("ALB")
    PublishedReport.objects.update(shown_until=dt.date(2026, 9, 1))
    assert faults(client, "/api/v1/reports/2026-ALB/", 404) == [("address", "not_found")]


def test_a_code_with_a_hyphen_is_found_too(client: Client) -> None:
    publish_report("GB-EAW")
    assert client.get("/api/v1/reports/2026-GB-EAW/").json()["member"] == "GB-EAW"


@pytest.mark.parametrize("name", RESOURCES)
def test_a_page_costs_as_many_queries_with_one_row_as_with_many(client: Client, name: str) -> None:
    publish_some()
    observe("ALB", 2024, 10)
    observe("BEL", 2025, 10)
    page(client, name)

    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, name, page_size=size)
        return len(asked)

    if name == "cycles":  # each round is counted by the one function that all pages count with
        assert queries(8) <= 30
    else:
        assert queries(1) == queries(3) == queries(80)


def test_a_page_of_progress_costs_one_query_beside_the_stamp(client: Client) -> None:
    publish_some()
    with CaptureQueriesContext(connection) as asked:
        page(client, "progress")
    assert len(asked) == 2

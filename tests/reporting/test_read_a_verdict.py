"""A reader of a clause sees what is judged beside the self-reports: of whom, and why of none."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from members.models import Member, TreatyFact
from reporting import summaries
from reporting.models import Cycle, Receipt
from tests.api.published import observe

from .public import page, publish, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rounds_are_collected_from_2024(settings: Any) -> None:
    settings.FIRST_CYCLE = 2024


def receipt(code: str, timeliness: str) -> None:
    facts = {"cycle": "2024", "member": code, "kind": "government", "timeliness": timeliness}
    Receipt.objects.create(shown_from=dt.date(2025, 2, 1), row="{}", **facts)


def judged(client: Client, clause: str) -> str:
    html = page(client, f"/commitments/{clause}/").partition('id="judged"')[2]
    return words("<p " + html.partition("</section>")[0])


def test_a_clause_judged_by_the_dates_says_who_reported_in_time(client: Client) -> None:
    receipt("ALB", "on_time")
    receipt("AUT", "late")
    receipt("BEL", "missed")
    receipt("MEX", "on_time")  # signed nothing in 2012
    shown = judged(client, "2012-S2a")
    assert "2024 48 government members signed Not yet published 48" in shown
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    shown = judged(client, "2012-S2a")
    assert "2024 48 government members signed 1 1 1 0 48" in shown
    assert "2026 48 government members signed Not yet published 48" in shown


def test_a_clause_judged_by_treaties_says_why_there_is_no_verdict(client: Client) -> None:
    assert "No verdict: this register has no treaty record" in judged(client, "2022-M6")
    facts = {"on": dt.date(2015, 3, 1), "source": "Treaty office"}
    for code, stage in (("ALB", "ratified"), ("AUT", "signed")):
        TreatyFact.objects.create(member=Member.objects.get(code=code), stage=stage, **facts)
    shown = judged(client, "2022-M6")
    assert "Recorded as met by 1 of 70 government members bound." in shown
    assert "1 signed, and no ratification is recorded. Of 68 it cannot be told." in shown


def test_a_clause_of_self_reports_has_no_verdict(client: Client) -> None:
    publish("ALB")
    assert 'id="judged"' not in page(client, "/commitments/2012-T1/")


def test_a_verdict_says_first_how_many_of_those_bound_gave_figures(client: Client) -> None:
    assert "None is judged: no member has published a figure yet." in judged(client, "2012-G1")
    for code, values in {"ALB": (10, 20), "AUT": (10, 20), "BEL": (None, 7)}.items():
        for year, value in zip((2024, 2025), values, strict=True):
            if value:
                observe(code, year, value)
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    summaries.build(["commitment-2012-G1", "cycle-2026"], now=now)
    for address in ("/commitments/2012-G1/", "/cycles/2026/"):
        shown = words(page(client, address))
        both = "Figures for both years came from 2 members; bound are 48 government members. Met."
        alone = "Figures for 2024 came from 2 members; bound are 48 government members."
        assert both in shown, address
        assert alone in shown
        assert '<a class="ref" href="/commitments/2012-G1/">' in page(client, address)

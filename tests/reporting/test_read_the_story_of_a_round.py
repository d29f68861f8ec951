"""A journalist reads what a round came to: one sentence, who reported, and no number twice."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from reporting import summaries
from reporting.models import Cycle

from .public import page, words
from .summing import NOW, fill, publish, round_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rounds_are_collected_from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


def lead(html: str) -> str:
    return words(html.partition('<p class="lead">')[2].partition("</p>")[0])


def test_a_closed_round_begins_with_a_sentence_to_quote(client: Client) -> None:
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1)
    summaries.build(["cycle-2024"], now=NOW)
    html = page(client, "/cycles/2024/")
    row = client.get("/api/v1/cycles/2024/").json()
    received, expected = row["received"]["government"], row["expected"]["government"]
    on_time = row["on_time"]["government"]
    said = f"{received} of {expected} government members reported in the round of 2024"
    assert lead(html) == f"{said}, {on_time} of them in time."
    assert "Reports were due on 1 July 2024; the round closed on 31 December 2024." in words(html)
    order = [html.index(f'id="{part}"') for part in ("who", "charts", "without", "figures")]
    assert order == sorted(order)
    assert html.index("<table") > html.index('id="charts"')


def test_the_bar_of_a_kind_and_its_words_are_in_one_order(client: Client) -> None:
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1)
    summaries.build(["cycle-2024"], now=NOW)
    charts = page(client, "/cycles/2024/").partition('id="charts"')[2].partition("</section>")[0]
    order = ["implemented", "in_progress", "planned", "not_started", "not_applicable"]
    order += ["nothing_to_report", "excused", "not_expected", "waiting", "none"]
    rows = re.findall(r'<p class="row">.*?</p>', charts, re.DOTALL)
    assert rows
    for row in rows:
        told = re.findall(r'class="st s-(\w+)"', row)
        assert told == [status for status in order if status in told]
    assert "<text" not in charts  # each number stands once: under its bar


def test_a_running_round_tells_no_more_than_is_public(client: Client) -> None:
    publish(round_of("2026"), "ALB", ["planned"])
    Cycle.objects.filter(code="2026").update(closes_on=dt.date(9000, 12, 31))
    html = page(client, "/cycles/2026/")
    said = "The report of 1 of 70 government members for the round of 2026 is published so far."
    assert lead(html) == said
    assert "published 1" in words(html) and "not yet published 69" in words(html)
    assert 'id="without"' not in html and "missed" not in html


def test_a_round_without_data_is_one_short_page(client: Client) -> None:
    html = page(client, "/cycles/2014/")
    assert lead(html) == "This register does not collect the reports of this round."
    assert html.count("<section") == 0
    assert "the round closed on 31 December 2014" in words(html)
    assert lead(page(client, "/cycles/2028/")) == "The round opens on 1 January 2028."

"""A minister is handed a report: tagged, complete, the same whenever it is made, never half."""

import datetime as dt
import hashlib
import json
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from reporting import summaries
from reporting.models import Summary
from reporting.printing import charts, keeping
from reporting.printing.matter import matter
from reporting.printing.typesetting import pdf
from reporting.summaries.telling import WORDS, Told
from tests.reporting.summing import NOW, fill, publish, receipt, round_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


@pytest.fixture
def summary() -> Summary:
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1, share=0.1)
    summaries.build(["cycle-2024"], now=NOW + dt.timedelta(microseconds=7))
    return Summary.objects.get(scope="cycle-2024")


def test_it_is_tagged_and_says_what_it_is(summary: Summary) -> None:
    made = bytes(keeping.keep(summary).pdf)

    assert made.startswith(b"%PDF-")
    for sign in (b"pdfuaid:part", b"/StructTreeRoot", b"/Lang", b"/Alt"):
        assert sign in made, sign


def test_the_same_summary_gives_the_same_bytes(summary: Summary) -> None:
    with translation.override("en"):
        one, other = (pdf(matter(summary), at=summary.built_at) for _ in range(2))
    assert one == other


def test_a_picture_without_words_is_refused(summary: Summary) -> None:
    """The guard is the standard itself: without it the report would be made all the same."""
    with translation.override("en"):
        said = matter(summary)
    said["charts"][0]["alt"] = None
    with pytest.raises(Exception, match="alt"):
        pdf(said, at=NOW)


def test_a_letter_that_no_face_has_is_refused(summary: Summary) -> None:
    with translation.override("en"):
        said = matter(summary)
    said["subtitle"] = "\U0001f9ff"
    with pytest.raises(Exception, match=r"glyph|font|text"):
        pdf(said, at=NOW)


@pytest.mark.parametrize("words", ["البوسنة والهرسك", "中国", "Côte d’Ivoire", "Ελλάδα"])
def test_a_name_in_any_of_the_languages_is_set(summary: Summary, words: str) -> None:
    with translation.override("en"):
        said = matter(summary)
    assert pdf(said | {"subtitle": words}, at=NOW).startswith(b"%PDF-")


def test_it_says_the_figures_of_the_summary_and_who_is_missing(summary: Summary) -> None:
    with translation.override("en"):
        said = matter(summary)
    figures = json.loads(summary.row)["figures"]["government"]
    rows = {row[0][0]: row[1][0] for row in said["parts"][0]["rows"]}
    for name in ("expected", "received", "on_time", "late", "missed", "published"):
        one = figures[name]
        assert rows[str(WORDS[name])] == f"{one['numerator']} of {one['denominator']}"
    assert len(said["missed"]["members"]) == len(json.loads(summary.row)["missed_by"]) > 0


def test_every_chart_has_its_numbers_in_a_table_and_in_words(summary: Summary) -> None:
    with translation.override("en"):
        said = matter(summary)
    told = Told(summary)
    assert len(said["charts"]) >= 3
    first = said["charts"][0]
    for place, (code, total, counts) in enumerate(told.answers("government"), start=1):
        assert first["head"][place] == code
        assert first["rows"][-1][place][0] == f"{total:,}"
        for n in counts.values():
            assert f" {n:,}" in first["alt"]


def test_a_chart_draws_each_answer_once_and_to_the_end() -> None:
    words = {"implemented": "Implemented", "none": "No answer"}
    rows = [("2024", {"implemented": 3, "none": 1}), ("2026", {"none": 4})]
    bars = charts.described(rows, words)["data"]["values"]
    assert [(bar["round"], bar["from"], bar["to"]) for bar in bars] == [
        ("2024", 0, 3),
        ("2024", 3, 4),
        ("2026", 0, 4),
    ]
    assert charts.drawn(charts.described(rows, words)).startswith("<svg")


def test_one_with_invented_figures_says_so_on_every_page_and_in_its_name(client: Client) -> None:
    publish(round_of("2024"), "ALB", ["planned"], synthetic=True)
    summaries.build(["cycle-2024"], now=NOW)
    summary = Summary.objects.get(scope="cycle-2024")
    keeping.keep(summary)

    answer = client.get("/summaries/cycle-2024.pdf")

    with translation.override("en"):
        assert "invented" in matter(summary)["synthetic"]
    assert "synthetic-cycle-2024.pdf" in answer["Content-Disposition"]
    assert answer["X-Data"] == "synthetic"


def test_who_asks_before_it_is_printed_is_told_to_come_back(
    client: Client, summary: Summary
) -> None:
    early = client.get("/summaries/cycle-2024.pdf")

    assert (early.status_code, early["Retry-After"]) == (404, "60")
    assert "being printed" in early.content.decode()
    never = client.get("/summaries/member-ALB.pdf")
    assert "being printed" not in never.content.decode()


def test_printing_makes_nobody_fetch_a_page_again(client: Client, summary: Summary) -> None:
    """A report is printed after every publication; the pages that name it stay as they are."""
    before = client.get("/cycles/2024/")

    keeping.keep(summary)

    held = client.get("/cycles/2024/", headers={"If-None-Match": before["ETag"]})
    assert held.status_code == 304
    assert client.get("/cycles/2024/").content == before.content


def test_it_is_fetched_at_its_address_and_named_on_the_page(
    client: Client, summary: Summary
) -> None:
    made = keeping.keep(summary)

    answer = client.get("/summaries/cycle-2024.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert hashlib.sha256(answer.content).hexdigest() == made.sha256
    for page in ("/cycles/2024/", "/summaries/cycle-2024/"):
        assert 'href="/summaries/cycle-2024.pdf"' in client.get(page).content.decode()


def test_a_new_summary_has_no_report_until_its_own_is_made(
    client: Client, summary: Summary
) -> None:
    keeping.keep(summary)
    receipt(round_of("2024", announced=dt.date(2025, 1, 30)), "GB-EAW", "late")
    publish(round_of("2024", announced=dt.date(2025, 1, 30)), "MEX", ["planned"])
    summaries.build(["cycle-2024"], now=NOW)

    assert client.get("/summaries/cycle-2024.pdf").status_code == 404
    assert [one.scope for one in keeping.unprinted()] == ["cycle-2024"]
    assert keeping.print_reports() == 1
    assert client.get("/summaries/cycle-2024.pdf").status_code == 200
    assert keeping.print_reports() == 0


def test_the_libraries_wait_until_the_first_report_is_made() -> None:
    told = "print({'typst', 'vl_convert'} & set(sys.modules))"
    code = f"import django, sys; django.setup(); import reporting.printing.keeping; {told}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"

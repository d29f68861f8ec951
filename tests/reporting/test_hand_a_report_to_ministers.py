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

from members.models import PublicVersion
from reporting import summaries
from reporting.models import Printed, Receipt, Summary
from reporting.printing import charts, keeping
from reporting.printing.matter import matter
from reporting.printing.typesetting import pdf
from reporting.summaries.telling import WORDS, Told
from tests.reporting.summing import NOW, fill, publish, round_of, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


@pytest.fixture
def summary() -> Summary:
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1, share=0.1)
    summaries.build(["cycle-2024"], now=NOW + dt.timedelta(microseconds=7))
    return Summary.objects.get(scope="cycle-2024")


def _printed(summary: Summary) -> Printed:
    """The report of a summary that says all that is public."""
    made = keeping.keep(summary, PublicVersion.objects.get().number)
    assert made is not None
    return made


def test_it_is_tagged_and_says_what_it_is(summary: Summary) -> None:
    made = bytes(_printed(summary).pdf)

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
    said["sections"][0]["charts"][0]["alt"] = None
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
    row = json.loads(summary.row)
    named = {kind["title"]: len(kind["members"]) for kind in said["missed"]["kinds"]}
    assert sum(named.values()) == len(row["missed_by"]) > 0
    missed = row["figures"]["government"]["missed"]["numerator"]
    assert named[f"Government member ({missed})"] == missed


def test_it_begins_with_a_sentence_that_can_be_quoted(summary: Summary) -> None:
    figures = json.loads(summary.row)["figures"]["government"]["answers_implemented"]
    of = f"{figures['numerator']} of {figures['denominator']:,} obligations of government members"
    with translation.override("en"):
        said = matter(summary)
    assert said["quote"] == f"{of} were reported as implemented in the round of 2024."


def test_a_chart_says_how_the_reports_came_of_all_that_were_expected(summary: Summary) -> None:
    figures = json.loads(summary.row)["figures"]["government"]
    with translation.override("en"):
        chart = matter(summary)["sections"][0]["charts"][0]
    rows = {row[0][0]: int(row[-1][0]) for row in chart["rows"]}
    assert rows["Late"] == figures["late"]["numerator"]
    assert rows["Reports expected"] == figures["expected"]["numerator"]
    assert sum(rows.values()) == 2 * rows["Reports expected"]


def test_until_it_is_announced_no_chart_says_who_came_when() -> None:
    fill(round_of("2024"), 1, share=0.1)
    summaries.build(["cycle-2024"], now=NOW)
    with translation.override("en"):
        said = matter(Summary.objects.get(scope="cycle-2024"))
    assert said["sections"][0]["charts"] == []


def test_a_letter_means_the_same_on_every_chart() -> None:
    words = {"implemented": "Implemented", "excused": "Excused", "none": "No answer"}
    found = [charts.described([("2024", {status: 9})], words) for status in words]
    legends = [one["data"]["values"][0]["status"] for one in found]
    assert legends == ["A  Implemented", "G  Excused", "K  No answer"]
    assert len(set(charts.LETTERS.values())) == len(charts.LETTERS)


def test_every_chart_has_its_numbers_in_a_table_and_in_words(summary: Summary) -> None:
    with translation.override("en"):
        said = matter(summary)
    told = Told(summary)
    answers = said["sections"][1]["charts"]
    assert len(answers) >= 3
    first = answers[0]
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
    _printed(summary)

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

    _printed(summary)

    held = client.get("/cycles/2024/", headers={"If-None-Match": before["ETag"]})
    assert held.status_code == 304
    assert client.get("/cycles/2024/").content == before.content


def test_it_is_fetched_at_its_address_and_named_on_the_page(
    client: Client, summary: Summary
) -> None:
    made = _printed(summary)

    answer = client.get("/summaries/cycle-2024.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert hashlib.sha256(answer.content).hexdigest() == made.sha256
    for page in ("/cycles/2024/", "/summaries/cycle-2024/"):
        assert 'href="/summaries/cycle-2024.pdf"' in client.get(page).content.decode()


@pytest.mark.parametrize("scope", ["member-ALB", "commitment-2012-T1"])
def test_a_member_and_a_clause_have_theirs_too(client: Client, scope: str) -> None:
    publish(round_of("2024"), "ALB", ["planned"])
    summaries.build([scope], now=NOW)
    made = _printed(Summary.objects.get(scope=scope))

    assert client.get(f"/summaries/{scope}.pdf").content == bytes(made.pdf)
    assert f'href="/summaries/{scope}.pdf"' in client.get(f"/summaries/{scope}/").content.decode()


REPORT = "/summaries/cycle-2024.pdf"


def _read(client: Client) -> bytes:
    answer = client.get(REPORT)
    assert answer.status_code == 200, answer.status_code
    return answer.content


def _again(*, whole: bool = True) -> Summary:
    """The summary of the round as it is built now, all others with it where `whole`."""
    summaries.build(None if whole else ["cycle-2024"], now=NOW)
    return Summary.objects.shown().get(scope="cycle-2024")


def test_the_report_before_is_given_out_until_the_new_one_is_made(
    client: Client, summary: Summary
) -> None:
    before = bytes(_printed(summary).pdf)

    publish(round_of("2024", announced=dt.date(2025, 1, 30)), "MEX", ["planned"])
    assert _read(client) == before, "published, not built"
    new = _again()
    assert _read(client) == before, "built, not printed: as of its own date"

    _printed(new)

    assert Printed.objects.get(summary__scope="cycle-2024").summary == new
    assert _read(client) != before


def test_after_a_withdrawal_the_report_is_gone_at_once_and_comes_back_without_it(
    client: Client, summary: Summary
) -> None:
    cycle = round_of("2024", announced=dt.date(2025, 1, 30))
    publish(cycle, "MEX", ["planned"])
    before = _printed(_again())

    withdraw(cycle, "MEX")
    keeping.recall()
    assert client.get(REPORT).status_code == 404, "the summary still counts it"
    assert keeping.print_reports() == 0, "and none is made of that"
    _again()
    assert client.get(REPORT).status_code == 404

    keeping.print_reports()
    assert _read(client) != bytes(before.pdf)
    assert not Printed.objects.filter(pk=before.pk).exists()


def test_a_report_that_a_withdrawal_does_not_touch_comes_back_as_it_was(
    client: Client, summary: Summary
) -> None:
    before = bytes(_printed(_again()).pdf)
    keeping.recall()
    assert client.get(REPORT).status_code == 404

    keeping.print_reports(0)

    assert _read(client) == before


def test_a_report_that_was_being_made_during_a_withdrawal_is_thrown_away(
    client: Client, summary: Summary
) -> None:
    stamp = PublicVersion.objects.get().number
    withdraw(round_of("2024", announced=dt.date(2025, 1, 30)), "FRA")

    assert keeping.keep(summary, stamp) is None
    assert client.get(REPORT).status_code == 404


def test_nobody_is_named_as_missing_who_is_not_said_to_be(client: Client, summary: Summary) -> None:
    _printed(summary)
    code = json.loads(summary.row)["missed_by"][0]
    Receipt.objects.shown().filter(member=code).update(shown_until=NOW.date())

    _again(whole=False)

    assert client.get(REPORT).status_code == 404


def test_what_has_no_report_at_all_is_printed_first(summary: Summary) -> None:
    _printed(summary)
    publish(round_of("2024", announced=dt.date(2025, 1, 30)), "MEX", ["planned"])
    _again()

    waiting = [one.scope for one in keeping.unprinted()]

    assert waiting.index("cycle-2024") > waiting.index("region-Americas")


def test_the_libraries_wait_until_the_first_report_is_made() -> None:
    told = "print({'typst', 'vl_convert'} & set(sys.modules))"
    code = f"import django, sys; django.setup(); import reporting.printing.keeping; {told}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"

"""A figure is read in the API, in files, on every public page and on paper: it is one figure."""

import csv
import datetime as dt
import html
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation

from members.models import Member
from reporting import summaries
from reporting.figures import Round, cycle_figures
from reporting.models import Cycle, Summary
from reporting.printing.matter import matter
from reporting.summaries.telling import WORDS
from reporting.tables.cells import csv_text
from tests.reporting.public import page, words
from tests.reporting.summing import NOW, fill, round_of

pytestmark = pytest.mark.django_db
SCOPES = ["cycle-2024", "statement-2012", "commitment-2012-G1", "region-Asia", "member-ALB"]
Pairs = dict[str, tuple[int, int]]


@pytest.fixture(autouse=True, scope="module")
def summed_up(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Two rounds and their summaries, once for all tests of the file, and undone after the last."""
    first = override_settings(FIRST_CYCLE=2022)
    with django_db_blocker.unblock(), first, transaction.atomic():
        fill(round_of("2022", announced=dt.date(2023, 1, 30)), 1)
        fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1)
        summaries.build([*SCOPES, "cycle-2022"], now=NOW)
        yield
        transaction.set_rollback(True)


def in_the_api(client: Client, scope: str) -> Pairs:
    figures = client.get(f"/api/v1/summaries/{scope}/").json()["figures"]
    return {
        f"{kind}.{name}": (one["numerator"], one["denominator"])
        for kind, names in figures.items()
        for name, one in names.items()
        if one["reason"] is None
    }


def in_a_file(client: Client, scope: str, ending: str) -> Pairs:
    answer = client.get(f"/api/v1/exports/summaries.{ending}?scope={scope}")
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if ending == "csv":
        [row] = csv.DictReader(io.StringIO(data.decode(), newline=""))
        lines = csv_text(row["figures"])
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        head, only = list(sheet.iter_rows(values_only=True))[:2]
        lines = dict(zip(head, only, strict=True))["figures"]
    found = re.findall(r"^(\w+\.\w+): (\d+) / (\d+)$", lines, re.MULTILINE)
    return {name: (int(n), int(of)) for name, n, of in found}


@pytest.mark.parametrize("scope", SCOPES)
def test_the_files_say_what_the_api_says(client: Client, scope: str) -> None:
    told = in_the_api(client, scope)
    assert len(told) > 20
    for ending in ("csv", "xlsx"):
        assert in_a_file(client, scope, ending) == told


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_has_a_line_for_each_figure_of_each_round(client: Client, ending: str) -> None:
    answer = client.get(f"/summaries/member-ALB.{ending}")
    assert answer["Content-Disposition"] == f'attachment; filename="member-ALB.{ending}"'
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        head, *cells = sheet.iter_rows(values_only=True)
        rows = [dict(zip(head, row, strict=True)) for row in cells]
    rounds = client.get("/api/v1/summaries/member-ALB/").json()["rounds"]
    told = {
        (code, kind, name): figure
        for code, kinds in rounds.items()
        for kind, named in kinds.items()
        for name, figure in named.items()
    }
    assert len(rows) == len(told) > 100
    for row in rows:
        figure = told[row["round"], row["kind"], row["figure"]]
        for part in ("numerator", "denominator"):
            assert str("" if figure[part] is None else figure[part]) == str(
                "" if row[part] is None else row[part]
            )
        assert (row["numerator_missing"] or None) == figure["reason"]
        assert row["label"] and row["title"] == "Albania"


@pytest.mark.parametrize("scope", SCOPES)
def test_the_page_and_the_paper_say_what_the_api_says(client: Client, scope: str) -> None:
    told = in_the_api(client, scope)
    shown = html.unescape(words(page(client, f"/summaries/{scope}/")))
    with translation.override("en"):
        parts = matter(Summary.objects.shown().get(scope=scope))["parts"]
    on_paper = {row[0][0]: row[1][0] for row in parts[0]["rows"] + parts[1]["rows"]}
    first = next(iter(told)).partition(".")[0]
    for name, sentence in WORDS.items():
        if pair := told.get(f"{first}.{name}"):
            said = f"{pair[0]:,} of {pair[1]:,}"
            assert f"{sentence} {said}" in shown
            assert on_paper[str(sentence)] == said


def test_the_page_of_a_round_and_the_list_of_rounds_say_the_same(client: Client) -> None:
    told = in_the_api(client, "cycle-2024")
    counted = cycle_figures(Round(Cycle.objects.get(code="2024")))
    row = client.get("/api/v1/cycles/2024/").json()
    shown = words(page(client, "/cycles/2024/"))
    for name in ("expected", "received", "on_time", "published"):
        assert counted[name] == row[name]
        for kind, n in row[name].items():
            assert told[f"{kind}.{name}"][0] == n
        n, of = told[f"government.{name}"]
        assert f"{WORDS[name]} {n} of {of}" in shown
    n, of = told["government.published"]
    assert f"Government member: {n} of {of}" in words(page(client, "/cycles/"))


def test_the_page_of_a_clause_says_what_its_summary_says(client: Client) -> None:
    figures = json.loads(Summary.objects.shown().get(scope="commitment-2012-G1").row)["rounds"]
    shown = page(client, "/commitments/2012-G1/")
    for code in ("2022", "2024"):
        of = figures[code]["government"]
        row = re.findall(rf'<tr><th scope="row">{code}.*?</tr>', shown, re.DOTALL)[0]
        numbers = [int(n) for n in re.findall(r'<td class="num"[^>]*>(\d+)</td>', row)]
        statuses = ("implemented", "in_progress", "planned", "not_started")
        assert numbers[:4] == [of[f"answers_{status}"]["numerator"] for status in statuses]
        assert numbers[-1] == of["answers_planned"]["denominator"]


STATUSES = ("implemented", "in_progress", "planned", "not_started")


def of_round(client: Client) -> dict[str, dict[str, tuple[int, int]]]:
    """What the summary of the round of 2024 says, by kind of member and figure."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for name, pair in in_the_api(client, "cycle-2024").items():
        kind, _, figure = name.partition(".")
        found[kind][figure] = pair
    return found


def listed(html: str, part: str) -> list[str]:
    """The members that a part of a page lists, by code."""
    within = html.partition(f'id="{part}"')[2].partition("</section>")[0]
    return re.findall(r'<a class="label" href="/members/([\w-]+)/">', within)


def test_the_front_page_counts_what_its_links_lead_to(client: Client) -> None:
    told = of_round(client)["government"]
    shown = words(front := page(client, "/"))
    published, expected = told["published"]
    without = expected - published
    assert f"{published} of {expected} government members have a published report" in shown
    excused = re.search(rf"; {without} have none, (\d+) of them excused", shown)[1]
    assert 'href="/cycles/2024/#without"' in front

    led_to = page(client, "/cycles/2024/")
    governments = set(Member.objects.filter(kind="government").values_list("code", flat=True))
    names = [code for code in listed(led_to, "without") if code in governments]
    assert len(names) == len(set(names)) == without
    said = f"{without} of {expected} government members, {excused} of them excused"
    assert said in words(led_to)
    missed = [code for code in listed(led_to, "missing") if code in governments]
    assert len(missed) == told["missed"][0]


def test_the_front_page_says_how_many_signed_as_its_map_does(client: Client) -> None:
    front = page(client, "/")
    members, unsigned = front.count('<li class="tile '), front.count(": no signature")
    assert 0 < unsigned < members == Member.objects.count()
    lead = f"{members} governments and organisations are named here as members, and "
    assert f"{lead}{members - unsigned} of them signed at least one public text" in words(front)


def test_the_front_page_and_the_round_say_the_same_of_obligations(client: Client) -> None:
    told = of_round(client)["government"]
    shown = words(page(client, "/"))
    done, of = told["answers_implemented"]
    assert f"{done:,} of {of:,} obligations of government members" in shown
    assert f"{told['unanswered'][0]} have no published answer" in shown
    assert f"For {told['unanswered_excused'][0]:,} the member is excused." in shown
    assert "no report was" not in shown  # in 2024 a report was expected of every one
    assert told["unanswered_not_expected"][0] == 0


def test_the_squares_of_the_matrix_add_up_to_the_summary(client: Client) -> None:
    for kind, told in of_round(client).items():
        html = page(client, f"/matrix/?cycle=2024&kind={kind}")
        rows = [row for row in html.split("<tr>") if 'href="/members/' in row and "<td" in row]
        rows = [row for row in rows if "/members/GB-EAW/" not in row]  # in no count
        squares = Counter(re.findall(r'<td class="s-(\w+)', "".join(rows)))
        for status in STATUSES:
            own = told[f"answers_{status}"][0]
            assert squares[status] == own + told.get(f"answers_{status}_by_endorsement", (0, 0))[0]
        beside = told.get("unanswered_excused_by_endorsement", (0, 0))[0]
        assert squares["excused"] == told["unanswered_excused"][0] + beside


def test_the_page_of_a_member_says_what_its_summary_says(client: Client) -> None:
    figures = json.loads(Summary.objects.shown().get(scope="member-ALB").row)["rounds"]["2024"]
    [told] = figures.values()
    of = told["answers_planned"]["denominator"]
    silent = ("unanswered", "unanswered_excused", "unanswered_not_expected")
    answered = of - sum(told[name]["numerator"] for name in silent)
    shown = words(page(client, "/members/ALB/"))
    assert f"Round of 2024: {answered} of {of} clauses owed" in shown


def test_the_page_of_a_statement_says_what_its_clauses_say(client: Client) -> None:
    """Clause by clause the words under the bar are those of the last row of the clause's table."""
    text = page(client, "/statements/2012/")
    for reference in ("2012-G1", "2012-T1", "2012-S2a"):
        part = text.partition(f'id="{reference}"')[2].partition("</article>")[0]
        first = part.partition("</ul>")[0]
        here = {s: int(n) for s, n in re.findall(r'<span class="st s-(\w+)">(\d+) ', first)}
        clause = page(client, f"/commitments/{reference}/")
        row = re.findall(r'<tr><th scope="row">2024.*?</tr>', clause, re.DOTALL)[0]
        numbers = [int(n) for n in re.findall(r'<td class="num"[^>]*>(\d+)</td>', row)]
        assert [here.get(status, 0) for status in STATUSES] == numbers[:4]
        assert sum(here.values()) == numbers[-1]


def test_a_round_that_is_not_announced_has_no_silence(client: Client) -> None:
    """The figures are of 2024; 2026 runs, and is drawn beside it."""
    summaries.build(["member-ALB"], now=NOW)
    shown = words(page(client, "/summaries/member-ALB/"))
    with translation.override("en"):
        sections = matter(Summary.objects.shown().get(scope="member-ALB"))["sections"]
        charts = sections[-1]["charts"]
    last = (
        shown.partition("All figures as tables")[0]
        .rpartition("2026")[2]
        .partition("All figures as tables")[0]
    )
    assert "Not yet published" in last and "No answer" not in last
    rows = {row[0][0]: [cell[0] for cell in row[1:]] for row in charts[0]["rows"]}
    assert charts[0]["head"][-1] == "2026"
    assert int(rows["Not yet published"][-1]) > 0
    assert rows.get("No answer", ["0"])[-1] == "0"

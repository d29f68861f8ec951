"""An analyst searches ten years of clauses and reports: words, phrases, old terms and new ones."""

import csv
import json
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments import search
from reporting.models import PublishedAnswer
from tests.opendata.reading import json_rows

from .published import publish_answer, publish_report
from .reading import every_row, page

pytestmark = pytest.mark.django_db
HOSTILE = [
    *("%", "_", "'", "''", '"', '""', "-", "--", "-x", "*", "a*", "&", "|", "!", "!!a", "a & | b"),
    *("(", "a:b", "a:*", "<->", "a <-> b", "\\", "'; DROP TABLE x; --", "NOT", "1e5", "0x1f"),
    *('"unclosed', '-"', '-""', "\N{ZERO WIDTH JOINER}", "👍", "\u0301", "٣", "½", "ﬁ", "x" * 200),
    *("a " * 100, '"a" ' * 50, "-a " * 60 + "b", "child " * 33, "e" * 100 + "*"),
]


def say(*narratives: str) -> None:
    """Publishes the texts, one answer each, on the clauses 2012-T1 and on."""
    report = publish_report("ALB")
    for n, text in enumerate(narratives, 1):
        publish_answer(report, f"2012-T{n}", narrative=text, evidence=[])


def found(client: Client, q: str) -> list[int]:
    """The numbers of the texts that were found."""
    rows = every_row(client, "progress", q=q)
    return [int(row["commitment"].removeprefix("2012-T")) for row in rows]


def test_all_words_are_there_in_any_order_and_with_any_ending(client: Client) -> None:
    say("The police trained judges.", "Investigations by police.", "No training at all.")
    assert found(client, "police") == [1, 2]
    assert found(client, "investigation police") == [2]
    assert found(client, "TRAIN") == [1, 3]
    assert found(client, "poli") == []
    assert found(client, "poli*") == [1, 2]


def test_a_phrase_stands_as_it_is_written_and_a_word_can_be_excluded(client: Client) -> None:
    say("A national hotline for children.", "Hotline, national and for all children.", "National.")
    assert found(client, '"national hotline"') == found(client, "“national hotline”") == [1]
    assert found(client, "national hotline") == [1, 2]
    assert found(client, "national -hotline") == [3]
    assert found(client, 'national -"national hotline"') == [2, 3]
    assert found(client, '"national hotline') == [1]  # the second sign was forgotten


def test_accents_case_and_arabic_letters_written_in_two_ways_make_no_difference(
    client: Client,
) -> None:
    say("La loi a été adoptée à l’école.", "حِماية الأطفال على الإنترنت", "児童の保護")
    for q in ("ADOPTEE", "adoptée ete", '"a l ecole"', "l'école", "école"):
        assert found(client, q) == [1], q
    for q in ("حماية", "حمايه الاطفال", "اطفال", '"على الانترنت"', "حمـــاية"):
        assert found(client, q) == [2], q
    assert found(client, "保護") == [3]
    assert found(client, "護保") == []


def words(text: str) -> str:
    """Whole words, so that CSE does not stand in OCSE."""
    return f" {search.searchable(text)} "


@pytest.mark.parametrize("group", search.synonyms(), ids=lambda group: group.code)
def test_terms_of_one_group_find_each_other_and_a_quoted_one_finds_itself(
    client: Client, group: search.Synonyms
) -> None:
    report = publish_report("ALB")
    clauses = [row["reference"] for row in every_row(client, "commitments", is_leaf="true")]
    said = dict(zip(clauses, [f"We wrote {term}, often." for term in group.terms], strict=False))
    for reference, text in said.items():
        publish_answer(report, reference, narrative=text, evidence=[])
    publish_answer(report, clauses[-1], narrative="Something else.", evidence=[])
    for term in group.terms:
        answer = client.get("/api/v1/progress/", {"q": f"{term} wrote"})
        assert {row["commitment"] for row in answer.json()["results"]} == set(said), term
        assert answer["X-Widened"] == group.code
        quoted = client.get("/api/v1/progress/", {"q": f'"{term}"'})
        assert {row["commitment"] for row in quoted.json()["results"]} >= {
            reference for reference, text in said.items() if words(term) in words(text)
        }
        assert "X-Widened" not in quoted.headers


def test_an_old_term_can_be_looked_for_without_the_new_one(client: Client) -> None:
    say("Child pornography is banned.", "CSAM is banned.", "Child sexual abuse materials.")
    assert found(client, "child pornography") == found(client, "csam") == [1, 2, 3]
    assert found(client, '"child pornography"') == [1]
    assert found(client, "csam -csam") == [1, 3]


def test_terms_that_the_statements_and_members_use_for_one_thing_find_each_other(
    client: Client,
) -> None:
    for mine, theirs in [
        ("removal", "takedown"),
        ("CSE", "sexual exploitation of children"),
        ("OCSE", "child sexual exploitation"),
        ("police", "law enforcement"),
        ("survivors", "victim"),
        ("minors", "children"),
        ("solicitation", "grooming"),
        ("industry", "technology companies"),
        ("private sector", "ISPs"),
    ]:
        asked = search.read(mine)
        assert search.among({1: search.searchable(f"On {theirs}, at last.")}, asked) == [1], mine
    for q in ("CSE", "OCSE", "police", "industry"):
        assert every_row(client, "commitments", q=q), q


def test_clauses_are_searched_by_the_same_question(client: Client) -> None:
    clauses = every_row(client, "commitments", q="CSAM")
    texts = " ".join(row["text"] for row in clauses)
    assert "child pornography" in texts
    assert "child sexual abuse material" in texts
    assert [row["reference"] for row in every_row(client, "commitments", q="2012-T1")] == [
        "2012-T1"
    ]


def test_pages_and_files_find_what_the_api_finds(client: Client) -> None:
    say("Child pornography is banned.", "CSAM is banned.", "Nothing.")
    html = client.get("/search/?q=csam").content.decode()
    assert "2 of 2 found" in html
    rows = every_row(client, "progress", q="csam")
    assert json_rows(client, "progress", q="csam") == rows
    clauses = [row["reference"] for row in every_row(client, "commitments", q="csam")]
    html = client.get("/commitments/?q=csam").content.decode()
    assert {one for one in clauses if f'href="/commitments/{one}/"' in html} == set(clauses)


def test_the_page_says_which_other_terms_it_looked_for(client: Client) -> None:
    words = client.get("/search/?q=csam").content.decode()
    assert "count as one" in words
    assert "child pornography" in words
    for q in ("%22csam%22", "report"):
        assert "count as one" not in client.get(f"/search/?q={q}").content.decode()


@pytest.mark.parametrize("q", HOSTILE)
def test_whatever_is_typed_is_an_answer_and_never_an_error(client: Client, q: str) -> None:
    say("Police.", "' & | ! ( ) : * <-> \\ 1e5 0x1f ½ ﬁ 👍")
    for address in ("/api/v1/progress/", "/api/v1/commitments/", "/search/", "/commitments/"):
        answer = client.get(address, {"q": q[:200]})
        assert answer.status_code == 200, (address, q)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(min_size=1, max_size=60), data=st.data())
def test_any_word_of_any_text_finds_the_text(text: str, data: st.DataObject) -> None:
    words = search.searchable(text)
    if not words:
        return
    word = data.draw(st.sampled_from(words.split()))
    for q in (word, f'"{words}"'):
        assert search.among({1: words}, search.read(q)) == [1], q
    assert search.searchable(words) == words


def test_nothing_to_look_for_finds_nothing(client: Client) -> None:
    say("Police.")
    for q in ("-csam", "%", '""'):
        assert page(client, "progress", q=q)["results"] == []


def test_the_list_gives_reasons_and_no_term_twice() -> None:
    with search.LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    terms = [search.searchable(row["term"]) for row in rows]
    assert len(set(terms)) == len(terms)
    for group in search.synonyms():
        assert group.why
        assert len(group.terms) > 1


def test_the_dictionary_tells_which_terms_are_widened(client: Client) -> None:
    told: list[dict[str, Any]] = client.get("/api/v1/dictionary/").json()["synonyms"]
    assert [one["code"] for one in told] == [group.code for group in search.synonyms()]
    assert "child pornography" in told[0]["terms"]


def test_a_search_of_stored_words_can_use_the_index() -> None:
    asked = search.holding(PublishedAnswer.objects.all(), "words", search.read("police law"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        sql, values = asked.values_list("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        assert "published_answer_words" in str(cursor.fetchall())


def test_words_of_before_are_written_as_they_are_searched(client: Client) -> None:
    say("Une loi a été adoptée.")
    table = PublishedAnswer._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        PublishedAnswer.objects.update(words="une loi, autrement")
    migration = import_module("reporting.migrations.0011_published_words_are_indexed")
    migration.write_words(apps, connection.schema_editor())
    (answer,) = PublishedAnswer.objects.all()
    assert answer.words == search.searchable(json.loads(answer.row)["narrative"])
    assert found(client, "adoptee") == [1]

"""A visitor reads figures and quotations: each is the register's, with its denominator."""

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment, Obligation, Signature
from members.models import Member, User
from reporting.models import (
    Cycle,
    Extension,
    PublishedAnswer,
    PublishedReport,
    Receipt,
    Summary,
)
from reporting.tallies import Bound
from reporting.views.public.texts import RESOURCES

from ..registry_files import rows
from .public import page, publish, words
from .test_tell_silence_apart import told

# What is no filter: explained once for all resources.
EVERYWHERE = ("as_of", "cursor", "page_size", "fields", "include", "ordering")

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = ROOT / "members/data/members.csv"
SIGNATURES = ROOT / "commitments/data/signatures.csv"


@pytest.fixture(autouse=True)
def rounds_are_collected_from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


# What the register says


def test_the_whole_text_of_a_statement_stands_on_its_page(client: Client) -> None:
    for code in ("2012", "2014-GOV", "2014-CSO", "2015", "2022", "2022-TF"):
        html = page(client, f"/statements/{code}/")
        shown = re.sub(r"&#x27;|&quot;|&amp;", "'", words(html))
        for clause in Commitment.objects.filter(statement__code=code):
            quoted = re.sub(r'["&]', "'", " ".join(clause.text.split()))
            assert quoted in shown, clause.reference


def test_names_stand_as_printed_with_the_note_of_a_merged_line(client: Client) -> None:
    html = page(client, "/statements/2014-GOV/")
    assert "The former Yugoslav Republic of Macedonia</span>" in html
    assert "Printed on one line with another name" in html
    assert html.count('<span class="verbatim" lang="en" dir="ltr">') == 51


def test_the_names_of_the_taskforce_stand_on_its_page_with_their_roles(client: Client) -> None:
    html = page(client, "/statements/2022-TF/")
    assert html.count('<span class="verbatim" lang="en" dir="ltr">') == 19
    assert "Chair" in html


def test_figures_of_the_register_have_their_denominators(client: Client) -> None:
    shown = words(page(client, "/"))
    governments = {row["code"] for row in rows(MEMBERS) if row["kind"] == "government"}
    names = Counter(row["member"] for row in rows(SIGNATURES))
    twice = sum(names[code] >= 2 for code in governments)
    assert f"{twice} of {len(governments) - 1}" in shown
    assert "85 members, one square each" in shown
    assert page(client, "/").count('<li class="tile ') == 85


def test_a_member_page_says_why_each_thing_is_owed(client: Client) -> None:
    shown = words(page(client, "/members/ALB/"))
    assert "has 30 obligations, and 15 by endorsement (reading of the 2015 text)" in shown
    assert "By endorsement (reading of the 2015 text)" in shown
    assert "since 17 November 2015" in shown
    assert "printed “Albania”" in shown


def test_what_a_member_owes_no_longer_is_told_with_its_days(client: Client) -> None:
    publish("ALB")
    day = dt.date(2025, 3, 1)
    Signature.objects.filter(member__code="ALB", statement__code="2012").update(
        withdrawn_on=day, withdrawal_source="A note"
    )
    Member.objects.filter(code="ALB").update(left_on=day, left_source="A letter")
    shown = words(page(client, "/members/ALB/"))
    assert "It left the alliance on 1 March 2025." in shown
    assert "2012: 15 obligations, signature, from 5 December 2012 until 1 March 2025" in shown
    assert "2022: 6 obligations, membership, from 2 June 2022 until 1 March 2025" in shown
    assert "owed until 1 March 2025" in shown
    then = words(page(client, "/members/ALB/?as_of=2025-02-28"))
    assert "owed until" not in then and "left the alliance" not in then


def test_a_member_that_reports_through_another_is_in_no_count(client: Client) -> None:
    assert "stands in no count of its own" in words(page(client, "/members/GB-EAW/"))
    assert "70 government members bound as members" in words(page(client, "/commitments/2022-M6/"))


def test_a_deadline_keeps_what_was_printed_and_how_it_counts(client: Client) -> None:
    shown = words(page(client, "/commitments/2015-S1/"))
    assert "“by March 2016”, counts as 31 March 2016" in shown


def test_a_clause_for_delegates_says_that_none_are_recorded(client: Client) -> None:
    assert "none are recorded" in words(page(client, "/commitments/2022-1a/"))


def test_the_matrix_counts_each_kind_by_itself(client: Client) -> None:
    shown = words(page(client, "/matrix/"))
    beside = "and 150 by endorsement (reading of the 2015 text)"
    assert f"70 government members: 2,244 obligations, {beside}." in shown
    assert "2,394" not in shown
    assert "2,618" not in shown
    assert "2014-GOV" not in page(client, "/matrix/?kind=civil_society").split("<table")[1]


def test_what_is_owed_by_endorsement_is_counted_apart_on_every_page(client: Client) -> None:
    for code in ("ALB", "AUT"):
        publish(code)
    beside = "of 150 taken on by endorsement (reading of the 2015 text)"
    shown = words(page(client, "/"))
    assert "of 2,244 obligations of government members by name or membership" in shown
    assert f"Beside them, 0 {beside}" in shown
    assert "2,394" not in shown
    shown = words(page(client, "/commitments/?q=2014-GOV-A1"))
    assert "49 government members and 2 intergovernmental" in shown
    assert "and by endorsement (reading of the 2015 text): 10 government members" in shown
    assert "30 and 15 by endorsement" in words(page(client, "/members/?q=ALB"))
    lead = "10 government members took it on in 2015 by endorsement (reading of the 2015 text)."
    assert lead in words(page(client, "/statements/2014-GOV/"))


def test_who_signed_is_told_by_kind_and_never_added_up(client: Client) -> None:
    shown = words(page(client, "/statements/2014-GOV/"))
    assert "Who signed 51" not in shown
    assert "note where the source has a merged or broken line. 49 government members and 2" in shown


def test_the_lists_answer_their_filters(client: Client) -> None:
    assert "10 civil-society organisations, of the 85 named in the texts" in words(
        page(client, "/members/?kind=civil_society")
    )
    taskforce = words(page(client, "/members/?group=taskforce"))
    assert "16 government members and 2 intergovernmental organisations, of the 85" in taskforce
    assert "GB-EAW stands in no count" in taskforce
    assert "7 of 84 clauses" in words(page(client, "/commitments/?statement=2022-TF"))
    assert "1 government member, of the 85 named" in words(page(client, "/members/?q=alb"))


@pytest.mark.parametrize("resource, filters", [(name, taken) for name, _, taken in RESOURCES])
def test_the_page_about_the_api_names_the_filters_that_it_takes(
    client: Client, resource: str, filters: str
) -> None:
    detail = client.get(f"/api/v1/{resource}/?no_such=1").json()["detail"]
    known = set(re.search(r"Known: (.*)\.", detail)[1].split(", "))
    assert set(filters.split(", ")) == known - {*EVERYWHERE}
    assert filters in page(client, "/api/")


# What was published


def test_published_answers_stand_against_everyone_bound(client: Client) -> None:
    for code in ("ALB", "AUT", "BEL"):
        publish(code)
    shown = words(page(client, "/commitments/2012-G1/"))
    assert "48 government members signed" in shown
    row = told(client, "2012-G1", "2024", "signature")
    assert row.pop("Bound") == 48
    assert sum(row.values()) == 48


@pytest.mark.parametrize(
    "day", ["2013-07-01", "2015-11-17", "2022-06-01", "2022-06-02", "2026-01-01"]
)
def test_pages_fold_the_bases_of_an_obligation_as_the_register_does(day: str) -> None:
    on = dt.date.fromisoformat(day)
    columns = ("member__code", "commitment__reference", "basis", "first_since")
    twin = Obligation.objects.lines(on).values_list(*columns)
    folded = {(ln.member, ln.commitment, ln.basis, ln.since) for ln in Bound().on(on)}
    assert folded == set(twin)


def test_a_clause_that_did_not_bind_yet_is_not_called_silent(client: Client) -> None:
    """2022-M1 binds since June 2022, after the round of 2022 had opened."""
    publish("ALB", cycle="2022")
    Cycle.objects.filter(code="2022").update(receipts_announced_on=dt.date(2023, 2, 1))
    html = page(client, "/members/ALB/?statement=2022")
    assert "Not owed" in html
    assert "No answer" not in html
    assert "Round of 2022: 4 of 24 clauses owed when it opened" in words(
        page(client, "/members/ALB/")
    )
    assert "/commitments/2022-M1/" not in page(client, "/matrix/?cycle=2022")


def test_silence_is_named_only_after_the_announcement(client: Client) -> None:
    publish("ALB")
    assert "Not yet published" in page(client, "/members/ALB/")
    assert "No answer" not in page(client, "/members/ALB/")
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    assert "No answer" in page(client, "/members/ALB/")


def test_a_published_decision_to_let_a_member_report_later_is_shown(
    client: Client, administrator: User
) -> None:
    facts = {"cycle": Cycle.objects.get(code="2026"), "member": Member.objects.get(code="ALB")}
    facts |= {"decided_by": administrator, "decided_on": dt.date(2026, 6, 1)}
    decision = Extension.objects.create(due_on=dt.date(2026, 9, 1), reason="A new office.", **facts)
    assert "1 September 2026" not in page(client, "/members/ALB/")
    Extension.objects.filter(pk=decision.pk).update(published_on=dt.date(2026, 6, 2))
    html = page(client, "/members/ALB/")
    assert "due day moved to 1 September 2026" in html
    assert "A new office." not in html


def test_a_withdrawn_report_leaves_its_public_note_and_no_word_of_its_answers(
    client: Client,
) -> None:
    report = publish("ALB", narrative="Told too early.")
    rows = PublishedReport.objects.filter(pk=report.pk)
    rows.update(shown_until=dt.date(2024, 9, 1), withdrawn_because="Two figures were wrong.")
    PublishedAnswer.objects.filter(report=report).update(shown_until=dt.date(2024, 9, 1))
    html = page(client, "/members/ALB/")
    assert "withdrawn on 1 September 2024: Two figures were wrong." in html
    assert "Implemented" not in html
    for address in ("/commitments/2012-G1/", "/search/?q=told too early", "/cycles/2024/"):
        assert "Told too early." not in page(client, address)


def test_a_receipt_of_a_round_that_is_not_announced_says_nothing(client: Client) -> None:
    facts = {"cycle": "2026", "member": "ALB", "kind": "government", "timeliness": "late"}
    before = page(client, "/members/ALB/")
    Receipt.objects.create(shown_from=dt.date(2026, 8, 1), row="{}", **facts)
    assert page(client, "/members/ALB/") == before


def test_who_missed_a_round_shows_only_after_the_announcement(client: Client) -> None:
    facts = {"cycle": "2024", "member": "BEL", "kind": "government", "timeliness": "missed"}
    Receipt.objects.create(shown_from=dt.date(2025, 2, 1), row="{}", **facts)
    assert "No report by the end of the round" not in page(client, "/cycles/2024/")
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    assert "No report by the end of the round" in page(client, "/cycles/2024/")


def test_a_round_shows_its_built_summary_with_reasons(client: Client) -> None:
    assert "No figures have been built" in page(client, "/cycles/2026/")
    one = {"numerator": 3, "denominator": 70, "reason": None}
    none = {"numerator": None, "denominator": 70, "reason": "not_yet_published"}
    figures = {"government": {"published": one, "received": none}}
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    Summary.objects.create(
        scope="cycle-2026",
        built_at=now,
        public_version=1,
        shown_from=now.date(),
        row=json.dumps({"figures": figures}),
    )
    shown = words(page(client, "/cycles/2026/"))
    assert "Report published 3 of 70" in shown
    assert "Report received not yet published" in shown
    assert "Government member: 3 of 70" in words(page(client, "/cycles/"))


def test_words_of_a_published_answer_are_found(client: Client) -> None:
    publish("ALB")
    assert "1 of 1 found, newest first" in words(page(client, "/search/?q=of 2012-G1"))
    empty = words(page(client, "/search/?q=nothing like it"))
    assert "Nothing found" in empty and "Look through all clauses" in empty


def test_published_answers_are_read_page_by_page(client: Client) -> None:
    for code in Signature.objects.filter(statement__code="2012").values_list("member__code")[:21]:
        publish(*code)
    first = page(client, "/commitments/2012-G1/?region=")
    assert first.count("Of 2012-G1.") == 20
    assert 'href="?region=&amp;page=2#says" rel="next"' in first
    assert page(client, "/commitments/2012-G1/?page=2").count("Of 2012-G1.") == 1
    page(client, "/commitments/2012-G1/?page=3", 404)
    assert "Page: " in page(client, "/commitments/2012-G1/?page=0", 400)


def test_published_answers_are_chosen_by_status_and_kind(client: Client) -> None:
    publish("ALB")
    for asked, found in {
        "status=implemented": 1,
        "status=planned": 0,
        "kind=government": 1,
    }.items():
        html = page(client, f"/commitments/2012-G1/?{asked}")
        assert html.count("Of 2012-G1.") == found, asked
        assert f"{found} of 1 answers" in words(html)
    none = page(client, "/commitments/2012-G1/?status=implemented&kind=civil_society&cycle=2024")
    assert none.count("Of 2012-G1.") == 0


def test_markup_in_an_answer_is_shown_as_text(client: Client) -> None:
    publish("ALB", narrative="<script>alert(1)</script>")
    html = page(client, "/commitments/2012-G1/")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# Who came after the end, who took back


def test_a_report_that_came_after_the_end_says_when(client: Client) -> None:
    publish("BEL")
    facts = {"cycle": "2024", "member": "BEL", "kind": "government", "timeliness": "missed"}
    facts |= {"received_on": dt.date(2025, 1, 10), "shown_from": dt.date(2025, 2, 1)}
    Receipt.objects.create(row="{}", **facts)
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    told = "missed, received on 10 January 2025"
    assert words(page(client, "/cycles/2024/")).count(told) == 2
    assert f"2024: {told}" in words(page(client, "/members/BEL/"))


def test_a_withdrawn_report_is_not_called_unpublished(client: Client) -> None:
    report = publish("ALB")
    rows = PublishedReport.objects.filter(pk=report.pk)
    rows.update(shown_until=dt.date(2024, 9, 1), withdrawn_because="Two figures were wrong.")
    shown = words(page(client, "/members/ALB/"))
    assert "2024: withdrawn on 1 September 2024: Two figures were wrong." in shown


def test_words_that_stand_alone_are_sentences(client: Client) -> None:
    whole = "85 members{}; the 2022 communique speaks of 99 government members"
    for address in ("/", "/members/", "/about/"):
        shown = words(page(client, address))
        assert "The texts name " + whole.format("") in shown, address
        assert ". Of the 85 named" not in shown
    shown = words(page(client, "/commitments/2012-G1/"))
    assert whole.format(" named in the texts") in shown
    assert "Clause of 2012, Brussels, 2012:" not in words(page(client, "/commitments/2012-G1/"))
    assert 'data-label="Region"></td>' not in page(client, "/members/")
    assert "for the figures and the words of this register itself" in page(client, "/data/")
    assert "as_of=YYYY-MM-DD" in page(client, "/data/")


@pytest.mark.parametrize(
    "clause, told",
    [
        ("2012-S3", r"as “by December 2014 and every second year after that”, counts as 31 Dec"),
        ("2012-S2a", r"as “by 1 July 2014 and every second year after that”, counts as 1 July"),
        ("2022-TF-F7", r"Twice a year, as “at least twice per year”: two in any twelve months"),
        ("2015-S2", r"as “biennially”, counts as 17 November .*this register counts from"),
        ("2022-M4", r"as “on a biennial basis”, counts as 1 July .*this register counts from"),
    ],
)
def test_a_deadline_quotes_its_clause_and_says_how_it_counts(
    client: Client, clause: str, told: str
) -> None:
    shown = words(page(client, f"/commitments/{clause}/"))
    assert re.search(told, shown, re.IGNORECASE)


def test_the_next_deadlines_are_told_as_printed_and_none_is_made_up(client: Client) -> None:
    shown = words(page(client, "/")).split("Next deadlines")[1]
    assert "as “by December 2014 and every second year after that”, counts as 31 Dec" in shown
    assert "2022-TF-F7" not in shown

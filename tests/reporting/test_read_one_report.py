"""A journalist reads one report whole: each answer in its words, when it came, and its versions."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Obligation
from members.models import Member
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Receipt
from tests.api.published import publish_answer, publish_report

from .public import page, publish, words

pytestmark = pytest.mark.django_db
GIVEN_BACK = dt.date(2024, 9, 1)


@pytest.fixture(autouse=True)
def rounds_are_collected_from_2022(settings: object) -> None:
    settings.FIRST_CYCLE = 2022  # type: ignore[attr-defined]


def announce(timeliness: str, on: dt.date | None) -> None:
    facts = {"cycle": "2024", "member": "ALB", "kind": "government", "row": "{}"}
    facts |= {"timeliness": timeliness, "received_on": on, "shown_from": dt.date(2025, 2, 1)}
    Receipt.objects.create(**facts)
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))


def withdraw(report: PublishedReport, because: str) -> None:
    rows = PublishedReport.objects.filter(pk=report.pk)
    rows.update(shown_until=GIVEN_BACK, withdrawn_because=because)
    PublishedAnswer.objects.filter(report=report).update(shown_until=GIVEN_BACK)


def test_every_answer_stands_on_it_with_its_words_and_silence_keeps_its_place(
    client: Client,
) -> None:
    report = publish_report("ALB")
    said = {"narrative": "The law is in force.", "next_steps": "A review in spring."}
    said |= {"obstacles": "Few judges.", "evidence": [{"title": "The law", "url": "https://a.b/"}]}
    publish_answer(report, "2012-T1", **said)
    publish_answer(report, "2012-T2", visibility="members", narrative="Hidden.")
    html = page(client, "/reports/2026-ALB/")
    shown = words(html)
    for text in ("The law is in force.", "A review in spring.", "Few judges.", "The law"):
        assert text in shown
    assert "Hidden." not in html
    assert "Answered; the member keeps the text from the public." in shown
    assert "Answers with their text withheld 1" in shown
    owed = Obligation.objects.lines(dt.date(2026, 1, 1)).filter(member__code="ALB")
    for reference in owed.values_list("commitment__reference", flat=True):
        assert f'id="{reference}"' in html
    beside = owed.with_basis("endorsement").count()
    own = f"2 of {owed.count() - beside} clauses owed when it opened have a published answer."
    assert f"{own} Beside them, 0 of {beside} owed by endorsement" in shown
    assert "Not yet published" in shown
    assert "Language English" in shown


def test_it_says_how_late_it_came_once_that_may_be_said(client: Client) -> None:
    publish("ALB")
    assert "Received" not in page(client, "/reports/2024-ALB/")
    announce("late", dt.date(2024, 7, 13))
    shown = words(page(client, "/reports/2024-ALB/"))
    assert "Due 1 July 2024 Received 13 July 2024 In time 12 days late" in shown


def test_an_answer_says_how_it_stands_to_that_of_the_round_before(client: Client) -> None:
    publish("ALB", cycle="2022")
    publish("ALB")
    assert "As in the round before" in words(page(client, "/reports/2024-ALB/"))
    first = PublishedAnswer.objects.filter(cycle="2022").order_by("commitment").first()
    assert first is not None
    PublishedAnswer.objects.filter(pk=first.pk).update(shown_until=GIVEN_BACK)
    facts = {name: getattr(first, name) for name in ("report", "cycle", "member", "commitment")}
    facts |= {"statement": first.statement, "kind": first.kind, "shown_from": GIVEN_BACK}
    PublishedAnswer.objects.create(status="planned", row=first.row, line="-", **facts)
    assert "Further than in the round before (2022: Planned)" in words(
        page(client, "/reports/2024-ALB/")
    )


def test_after_a_withdrawal_its_address_answers_with_the_public_note(client: Client) -> None:
    report = publish("ALB", narrative="Told too early.")
    withdraw(report, "Two figures were wrong.")
    gone = page(client, "/reports/2024-ALB/", 410)
    assert "Withdrawn on 1 September 2024: Two figures were wrong." in words(gone)
    assert "Told too early." not in gone
    earlier = page(client, "/reports/2024-ALB/?as_of=2024-08-31")
    assert "Told too early." in earlier
    assert "Two figures were wrong." not in earlier  # that day nobody knew
    page(client, "/reports/2024-ALB/?as_of=2024-07-01", 404)
    page(client, "/reports/2024-ALB/?as_of=2024-09-01", 410)


def test_a_version_that_was_replaced_stays_readable(client: Client) -> None:
    report = publish("ALB", narrative="The first words.")
    withdraw(report, "")
    facts = {"cycle": "2024", "member": "ALB", "kind": "government", "region": "Europe"}
    PublishedReport.objects.create(version=2, row="{}", shown_from=GIVEN_BACK, **facts)
    shown = page(client, "/reports/2024-ALB/")
    assert "The first words." not in shown
    assert '<a href="?as_of=2024-08-01">Version 1</a>' in shown
    assert "shown from 1 August 2024 until 1 September 2024" in words(shown)
    assert "The first words." in page(client, "/reports/2024-ALB/?as_of=2024-08-01")


@pytest.mark.parametrize("code", ["2024-AUT", "2024-ZZZ", "2024", "ALB-2024", "2025-ALB"])
def test_what_is_not_published_is_not_found(client: Client, code: str) -> None:
    publish("ALB")
    page(client, f"/reports/{code}/", 404)


def test_pages_lead_to_it(client: Client) -> None:
    publish("ALB", narrative="Police were trained.")
    member = page(client, "/members/ALB/")
    clause = PublishedAnswer.objects.order_by("commitment").first()
    assert clause is not None
    place = f"/reports/2024-ALB/#{clause.commitment}"
    assert f'<a href="{place}">' in member
    assert f'id="{clause.commitment}"' in page(client, "/reports/2024-ALB/")
    for address in ("/", "/members/ALB/", "/cycles/2024/", "/search/?q=police"):
        assert "/reports/2024-ALB/" in page(client, address), address
    assert place in page(client, f"/commitments/{clause.commitment}/")
    assert "/reports/2024-ALB/</loc>" in page(client, "/sitemap.xml")
    before = page(client, "/members/ALB/?as_of=2024-08-01")
    assert f"/reports/2024-ALB/?as_of=2024-08-01#{clause.commitment}" in before


def test_it_can_be_taken_away_and_quoted(client: Client, settings: object) -> None:
    settings.SITE_URL = "https://register.example"  # type: ignore[attr-defined]
    publish_answer(publish_report("ALB"), "2012-T1")
    html = page(client, "/reports/2026-ALB/")
    for address in (
        "/api/v1/exports/progress.csv?cycle=2026&amp;member=ALB",
        "/api/v1/progress/?cycle=2026&amp;member=ALB",
        "/api/v1/reports/2026-ALB/",
    ):
        assert f'href="{address}"' in html
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert "Albania, report 2026, version 1, published " in words(html)
    assert "https://register.example/reports/2026-ALB/" in html
    row = json.loads(PublishedReport.objects.get().row)
    assert row["sha256"] in html


def test_more_answers_ask_the_database_no_more(client: Client) -> None:
    report = publish_report("ALB")
    publish_answer(report, "2012-T1")
    client.get("/reports/2026-ALB/")
    with CaptureQueriesContext(connection) as with_one:
        client.get("/reports/2026-ALB/")
    owed = Obligation.objects.lines(dt.date(2026, 1, 1)).filter(
        member=Member.objects.get(code="ALB")
    )
    for reference in owed.values_list("commitment__reference", flat=True):
        if reference != "2012-T1":
            publish_answer(report, reference)
    with CaptureQueriesContext(connection) as with_all:
        client.get("/reports/2026-ALB/")
    assert len(with_all) <= len(with_one) <= 16  # fewer: no silence is to be explained


def test_a_page_of_a_report_is_kept_until_anything_public_changes(client: Client) -> None:
    publish("ALB")
    answer = client.get("/reports/2024-ALB/")
    held = {"If-None-Match": answer["ETag"]}
    assert client.get("/reports/2024-ALB/", headers=held).status_code == 304
    publish("AUT")
    assert client.get("/reports/2024-ALB/", headers=held).status_code == 200

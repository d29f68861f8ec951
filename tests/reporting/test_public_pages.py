"""A visitor opens the public pages: what all have, what is refused, what never shows."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import User
from reporting import actions
from reporting.models import Cycle, Receipt, Report
from tests.api.published import publish_answer, publish_report

from .public import PAGES, page, publish, words

pytestmark = pytest.mark.django_db


# Every page


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_opens_a_page(client: Client, address: str) -> None:
    html = page(client, address)
    assert f"<title>{PAGES[address]}" in html
    assert '<html lang="en" dir="ltr">' in html
    assert html.count("<h1") == 1
    for landmark in ('<main id="main"', "<header", "<footer", 'aria-label="Main"', 'href="#main"'):
        assert landmark in html


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_style_script_or_another_host_to_load(client: Client, address: str) -> None:
    html = page(client, address)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    data = ' type="application/ld+json"'  # is read by search engines and never run
    assert [text for facts, text in scripts if facts != data] == [""]
    assert not re.search(r'(?:src|<link(?! rel="(?:canonical|alternate)")[^>]*href)="https?:', html)


@pytest.mark.parametrize("address", PAGES)
def test_reading_sets_no_cookie(client: Client, address: str) -> None:
    assert not client.get(address).cookies


@pytest.mark.parametrize("address", PAGES)
def test_ids_on_a_page_are_its_own(client: Client, address: str) -> None:
    found = re.findall(r'\sid="([^"]+)"', page(client, address))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("address", PAGES)
def test_a_status_never_stands_as_colour_alone(client: Client, address: str) -> None:
    publish("ALB")
    for rest in re.findall(
        r'class="(?:st )?s-(?!off)[a-z_]+(?: gap)?">(.*?)</', page(client, address)
    ):
        assert re.sub(r"<[^>]+>", "", rest).strip()


def test_the_demonstration_says_so_on_every_page(client: Client, settings: object) -> None:
    assert 'class="demo"' not in page(client, "/about/")
    settings.DEMO = True  # type: ignore[attr-defined]
    html = page(client, "/about/")
    assert 'class="demo"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'data-watermark="Synthetic"' in html


# What is refused


@pytest.mark.parametrize(
    "address",
    [
        *("/statements/2013/", "/commitments/2012-X9/", "/members/ZZZ/", "/cycles/2025/"),
        *("/members/alb/", "/statements/2012-G1/"),
    ],
)
def test_an_unknown_code_is_not_found(client: Client, address: str) -> None:
    page(client, address, 404)


@pytest.mark.parametrize("address", [a for a in PAGES if "?" not in a and a != "/api/"])
def test_an_unknown_parameter_is_refused_by_name(client: Client, address: str) -> None:
    html = page(client, f"{address}?colour=blue", 400)
    assert "colour: this page does not know this parameter." in html
    assert 'role="alert"' in html
    assert "<title>Error: " in html


@pytest.mark.parametrize(
    "address, label",
    [
        ("/members/?kind=state", "Kind"),
        ("/members/?region=Atlantis", "Region"),
        ("/members/?statement=2013", "Stands under"),
        ("/members/?group=G7", "Group"),
        ("/commitments/?theme=none", "Theme"),
        ("/commitments/?duty=some", "Duty"),
        ("/matrix/?cycle=2025", "Round"),
        ("/commitments/2012-G1/?status=great", "Status"),
        ("/commitments/2012-G1/?kind=state", "Kind"),
        ("/?shade=votes", "Shade by"),
        ("/search/?q=" + "a" * 201, "Words"),
        ("/search/?q=%E2%80%AEabc", "Words"),
        ("/members/ALB/?statement=2013", "Statement"),
    ],
)
def test_a_value_that_is_none_of_ours_is_refused_by_name(
    client: Client, address: str, label: str
) -> None:
    html = page(client, address, 400)
    assert re.search(rf'<a href="#ask_[a-z]+">{label}: ', html)


def test_a_repeated_parameter_is_refused_by_name(client: Client) -> None:
    html = page(client, "/members/?kind=government&kind=government", 400)
    assert "kind: this parameter was given more than once." in html


# What never shows


def test_a_draft_changes_no_byte_of_any_public_page(
    client: Client, report: Report, focal_point: User
) -> None:
    before = {address: client.get(address).content for address in PAGES}
    answer = report.answers.first()
    said = {"status": "implemented", "narrative": "A secret of the draft.", "next_steps": "None."}
    facts = {"by": focal_point, "at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}
    saved = actions.save_answer(report, answer.commitment, said=said, base_version=0, **facts)
    assert saved.narrative == "A secret of the draft."
    assert {address: client.get(address).content for address in PAGES} == before


# How much is asked of the database


@pytest.mark.parametrize("address", [a for a in PAGES if a != "/search/"])
def test_more_reports_ask_the_database_no_more(client: Client, address: str) -> None:
    publish("ALB")
    client.get(address)
    with CaptureQueriesContext(connection) as with_one:
        client.get(address)
    publish("AUT")
    publish("BEL")
    with CaptureQueriesContext(connection) as with_three:
        client.get(address)
    # One of them is the stamp of what is public, by which pages are kept.
    assert len(with_three) == len(with_one) <= 19


def test_answers_that_nobody_owed_are_not_said_to_be_missing(client: Client) -> None:
    assert "No answer to this clause" in page(client, "/commitments/2022-1a/")
    publish_answer(publish_report("ALB"), "2022-1a")
    html = page(client, "/commitments/2022-1a/")
    assert "No answer to this clause" not in html
    assert "The answers below were given all the same, and are in no count." in html


def test_statements_stand_in_the_order_of_their_adoption_and_say_whose_they_are(
    client: Client,
) -> None:
    html = page(client, "/statements/")
    codes = re.findall(r'<th scope="row"><a href="/statements/([\w-]+)/', html)
    assert codes == ["2012", "2014-GOV", "2014-CSO", "2015", "2022", "2022-TF"]
    shown = words(html)
    assert "2014-GOV A text of governments" in shown
    assert "2014-CSO A text of civil-society organisations" in shown
    assert "2014-CSO, London, 2014, a text of civil-society" in page(
        client, "/statements/2014-CSO/"
    )


def test_who_asks_about_corrections_and_licence_is_led_there(client: Client) -> None:
    html = page(client, "/about/")
    for link in ("/data/#errata", "/data/#licence", "/data/errata/", "#citation"):
        assert link in html, link
    assert 'id="corrections"' in html and 'id="licence"' in html


def test_silence_is_not_drawn_in_ink_on_the_map(client: Client) -> None:
    """Ink is what members said: who missed a round is hollow, with a dot of signal."""
    publish("ALB")
    facts = {"cycle": "2024", "kind": "government", "shown_from": dt.date(2025, 2, 1), "row": "{}"}
    Receipt.objects.create(member="BEL", timeliness="missed", **facts)
    Receipt.objects.create(member="ALB", timeliness="late", **facts)
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    for shade in ("on_time", "reported"):
        html = page(client, f"/?shade={shade}")
        (tile,) = re.findall(r'<li class="tile ([^"]*)"><a href="/members/BEL/"', html)
        assert tile.split()[0] == "n4"
        assert 'class="swatch l4"' in html and "l1" not in re.findall(r"swatch (l\d)", html)


def test_the_rows_of_a_clause_and_of_a_member_can_be_taken_away_as_csv(client: Client) -> None:
    publish("ALB")
    for address in ("/commitments/2012-G1/", "/members/ALB/"):
        (link,) = re.findall(r'href="(/api/v1/exports/[^"]*\.csv[^"]*)"', page(client, address))
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "s-excused" in page(client, "/statements/2012/")

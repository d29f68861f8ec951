"""A visitor looks at the register as it stood on a day, and comes back to today."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from commitments.models import Signature
from members.models import Member
from reporting.models import Cycle, PublishedAnswer, PublishedReport
from reporting.summaries.building import build

from .public import page, publish, words

pytestmark = pytest.mark.django_db

PAGES = [
    *("/statements/", "/statements/2015/", "/commitments/", "/commitments/2012-T1/"),
    *("/members/", "/members/ALB/", "/matrix/", "/compare/?first=ALB&second=BEL"),
    *("/search/?q=children", "/cycles/", "/cycles/2024/", "/summaries/"),
]
APART = {"/matrix/", "/search/?q=children"}  # addresses that the pages themselves do not lead to


@pytest.fixture(autouse=True)
def rounds(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


def on(address: str, day: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}as_of={day}"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_which_day_it_shows_and_leads_back(client: Client, address: str) -> None:
    assert "That day has not come yet." in words(page(client, on(address, "9999-01-01"), 400))
    assert "The register as it stood" not in page(client, address)
    html = page(client, on(address, "2024-09-01"))
    assert "The register as it stood at the end of 1 September 2024 (UTC)." in words(html)
    back = address.replace("&", "&amp;")
    assert f'<a href="{back}">Back to today</a>' in html
    (field,) = re.findall(r'<input type="date" name="as_of"[^>]*>', html)
    assert 'value="2024-09-01"' in field


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-02-30", "As it stood on: A day that exists, as YYYY-MM-DD."),
        ("2024-2-3", "As it stood on: A day that exists, as YYYY-MM-DD."),
        ("9999-01-01", "As it stood on: That day has not come yet."),
        ("2024-01-01&as_of=2024-01-01", "as_of: this parameter was given more than once."),
    ],
)
def test_what_is_no_day_that_was_is_refused_by_name(client: Client, day: str, told: str) -> None:
    assert told in words(page(client, f"/matrix/?as_of={day}", 400))


def test_the_links_of_a_page_keep_its_day(client: Client) -> None:
    html = page(client, "/members/?as_of=2024-09-01")
    assert 'href="/members/ALB/?as_of=2024-09-01"' in html
    for address in PAGES:
        main = page(client, on(address, "2024-09-01")).split("<main")[1].split("</main>")[0]
        links = re.findall(
            r'href="(/(?:members|statements|commitments|compare|cycles|summaries)/[^"]*)"', main
        )
        others = {link for link in links if "as_of=2024-09-01" not in link and ".ics" not in link}
        assert others == {address.replace("&", "&amp;")} - APART  # the way back to today


def test_what_came_later_is_not_there_yet(client: Client) -> None:
    publish("ALB")  # shown from 1 August 2024
    answered = PublishedAnswer.objects.filter(member="ALB").order_by("commitment")[0].commitment
    clause = f"/commitments/{answered}/"
    assert f"[Synthetic] Of {answered}." in page(client, on(clause, "2024-08-01"))
    assert f"[Synthetic] Of {answered}." not in page(client, on(clause, "2024-07-31"))
    for address in ("/members/ALB/", "/matrix/", "/statements/2012/"):
        assert "Implemented" in page(client, on(address, "2024-08-01")).split("<main")[1]
    assert "1 of 1 found, newest" in words(page(client, on("/search/?q=of 2012-G1", "2024-08-01")))
    assert "1 of 1 found, newest" not in page(client, on("/search/?q=of 2012-G1", "2024-07-31"))
    assert "published 1 August 2024" in words(page(client, on("/members/ALB/", "2024-08-01")))
    assert "published 1 August 2024" not in words(page(client, on("/members/ALB/", "2024-07-31")))
    assert "No report is published yet." in words(page(client, on("/matrix/", "2024-07-31")))


def test_what_was_taken_back_later_is_still_there(client: Client) -> None:
    report, end = publish("ALB"), dt.date(2024, 9, 1)
    PublishedReport.objects.filter(pk=report.pk).update(
        shown_until=end, withdrawn_because="[Synthetic] Taken back."
    )
    PublishedAnswer.objects.filter(report=report).update(shown_until=end)
    before = words(page(client, on("/members/ALB/", "2024-08-31")))
    after = words(page(client, on("/members/ALB/", "2024-09-01")))
    assert "published 1 August 2024" in before
    assert "Taken back." not in before
    assert "withdrawn on 1 September 2024: [Synthetic] Taken back." in after
    assert "published 1 August 2024" not in after


def test_a_day_shows_on_pages_what_the_api_gives_of_it(client: Client) -> None:
    Signature.objects.filter(member__code="ALB", statement__code="2014-GOV").update(
        withdrawn_on=dt.date(2020, 5, 1), withdrawal_source="a test"
    )
    Member.objects.filter(code="THORN").update(joined_on=dt.date(2019, 1, 1))
    for day in ("2012-12-04", "2012-12-05", "2018-12-31", "2020-04-30", "2020-05-01"):
        html = page(client, on("/members/", day)).split("<tbody>")[1]
        shown = re.findall(r'<th scope="row"><a href="/members/([^/]+)/', html)
        asked = client.get(f"/api/v1/members/?as_of={day}&page_size=1000").json()
        rows = asked["results"] if isinstance(asked, dict) else asked
        assert sorted(shown) == sorted(row["code"] for row in rows)
        of_albania = re.search(r"/members/ALB/.*?</tr>", html, re.DOTALL)
        assert of_albania
        under = re.findall(r'href="/statements/([^/]+)/', of_albania[0])
        (albania,) = (row for row in rows if row["code"] == "ALB")
        assert sorted(under) == albania["statements"]


def test_a_text_that_was_not_adopted_says_so(client: Client) -> None:
    told = "This text was not yet adopted on that day."
    assert told in words(page(client, "/statements/2015/?as_of=2015-11-16"))
    assert told not in words(page(client, "/statements/2015/?as_of=2015-11-17"))
    assert told in words(page(client, "/commitments/2015-S2/?as_of=2015-11-16"))
    assert "/statements/2015/" not in page(client, "/statements/?as_of=2015-11-16")


def test_a_round_shows_the_reports_and_the_announcement_of_a_day(client: Client) -> None:
    publish("ALB")
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    assert "2024-ALB" not in page(client, "/cycles/2024/?as_of=2024-07-31")
    html = page(client, "/cycles/2024/?as_of=2024-08-01")
    assert 'href="/reports/2024-ALB/?as_of=2024-08-01"' in html
    assert "Who reported was announced" not in html
    assert "announced on 1 February 2025" in page(client, "/cycles/2024/?as_of=2025-02-01")
    PublishedReport.objects.update(shown_until=dt.date(2024, 9, 1), withdrawn_because="A mistake")
    assert "2024-ALB" in page(client, "/cycles/2024/?as_of=2024-08-31")
    assert "2024-ALB" not in page(client, "/cycles/2024/?as_of=2024-09-01")


def test_a_summary_is_shown_from_its_first_build_on_and_says_so_before(client: Client) -> None:
    publish("ALB")
    build(["cycle-2024"], now=dt.datetime(2024, 10, 5, tzinfo=dt.UTC))
    for address in ("/cycles/", "/cycles/2024/", "/summaries/"):
        assert "No figures had been built by that day" in page(client, on(address, "2024-10-04"))
        assert "No figures had been built" not in page(client, on(address, "2024-10-05"))
    before = words(page(client, "/summaries/cycle-2024/?as_of=2024-10-04", 404))
    assert "This was first built on 5 October 2024." in before
    then = page(client, "/summaries/cycle-2024/?as_of=2024-10-05")
    assert "/api/v1/summaries/cycle-2024/?as_of=2024-10-05" in then
    assert "cycle-2024.pdf" not in then and "cycle-2024.pdf" in page(
        client, "/summaries/cycle-2024/"
    )
    page(client, "/summaries/cycle-1066/?as_of=2024-10-05", 404)

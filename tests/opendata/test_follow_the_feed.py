"""Someone follows what is published in a feed reader."""

import datetime as dt
import gzip
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone

from reporting.views.public import feed
from tests.api.published import DAY, publish_report

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, address: str = "/feeds/published.atom") -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    return [
        {part.tag.removeprefix(ATOM): part.text or part.get("term") or "" for part in entry}
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_publications_come_newest_first_with_ids_that_stay(client: Client) -> None:
    publish_report("ALB")
    later = DAY + dt.timedelta(days=3)
    publish_report("BEL", shown_from=later, synthetic=True)
    newest, older = entries(client)
    assert older["title"] == "Albania: report of 2026 published (version 1)"
    assert older["updated"] == f"{DAY}T00:00:00+00:00"
    assert newest["title"].startswith("[Synthetic] Belgium")
    assert newest["category"] == "synthetic"
    assert older["id"].endswith("published/2026-ALB/1")
    assert client.get("/feeds/published.atom")["X-Data"] == "synthetic"


def test_a_withdrawal_is_told_with_its_note_under_the_same_id(client: Client) -> None:
    report = publish_report("ALB")
    before = entries(client)[0]["id"]
    report.shown_until = DAY + dt.timedelta(days=5)
    report.withdrawn_because = "Wrong <file> & version."
    report.save(update_fields=["shown_until", "withdrawn_because"])
    (told,) = entries(client)
    assert told["id"] == before
    assert "withdrawn" in told["title"]
    assert "Wrong &lt;file&gt; &amp; version." in told["summary"]  # readers take it for HTML


def test_every_page_names_the_feed(client: Client) -> None:
    assert 'href="/feeds/published.atom"' in client.get("/").content.decode()


def test_a_feed_that_is_held_is_not_sent_again(client: Client) -> None:
    first = client.get("/feeds/published.atom")
    assert entries(client) == []
    held = client.get("/feeds/published.atom", headers={"If-None-Match": first["ETag"]})
    assert held.status_code == 304


def test_older_entries_are_in_the_years_that_are_over(client: Client) -> None:
    """A reader that walks back by prev-archive (RFC 5005) meets every entry."""
    today = timezone.now().date()
    older, old = (dt.date(today.year - ago, 9, 1) for ago in (5, 3))
    for cycle, day in [("2022", older), ("2024", old), ("2026", today)]:
        publish_report("ALB", cycle, shown_from=day)
    withdrawn = publish_report("BEL", "2024", shown_from=old)
    withdrawn.shown_until, withdrawn.withdrawn_because = today, "Wrong."
    withdrawn.save(update_fields=["shown_until", "withdrawn_because"])

    met, address, walked = [], "/feeds/published.atom", []
    while address:
        walked.append(address)
        told = beside(client, address)
        assert told["self"] == address
        assert ("current" in told) == (address != "/feeds/published.atom")
        met += [entry["id"].rpartition("published/")[2] for entry in entries(client, address)]
        address = told.get("prev-archive", "")
    assert walked[1:] == [f"/feeds/published-{day.year}.atom" for day in (old, older)]
    assert beside(client, walked[2])["next-archive"] == walked[1]
    assert set(met) == {"2022-ALB/1", "2024-ALB/1", "2024-BEL/1", "2026-ALB/1"}
    for nothing in (old.year + 1, today.year, today.year + 1, 1, f"0{old.year}"):
        assert client.get(f"/feeds/published-{nothing}.atom").status_code == 404


def test_the_feed_holds_the_whole_year_and_no_less_than_the_newest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "NEWEST", 1)
    publish_report("ALB", "2024", shown_from=dt.date(2024, 9, 1))
    assert len(entries(client)) == 1
    today = timezone.now().date()
    for member in ("AUT", "BEL"):
        publish_report(member, "2026", shown_from=today)
    assert {entry["title"][:7] for entry in entries(client)} == {"Austria", "Belgium"}


def test_other_sites_may_read_the_feed_and_get_it_packed(client: Client) -> None:
    publish_report("ALB")
    plain = client.get("/feeds/published.atom")
    packed = client.get("/feeds/published.atom", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    asked_again = {"If-None-Match": packed["ETag"]}
    held = client.get("/feeds/published.atom", headers=asked_again)
    assert held.status_code == 304
    for answer in (plain, packed, held):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Vary"] == "Accept-Encoding"


def beside(client: Client, address: str) -> dict[str, str]:
    """The documents that one of the feed's names, by what they are to it."""
    found = ElementTree.fromstring(client.get(address).content)
    links = {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")}
    archive = found.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert archive == ("current" in links)
    return {how: urlsplit(href).path for how, href in links.items()}

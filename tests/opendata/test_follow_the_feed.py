"""Someone follows what is published in a feed reader."""

import datetime as dt

import pytest
from defusedxml import ElementTree
from django.test import Client

from tests.api.published import DAY, publish_report

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client) -> list[dict[str, str]]:
    answer = client.get("/feeds/published.atom")
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

"""A search engine finds the public pages, and what each of them is."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from members.models import Member

from .public import PAGES, page, publish

pytestmark = pytest.mark.django_db

SITE = "https://register.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def described(html: str) -> list[dict[str, Any]]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    told = json.loads(text)
    assert told["@context"] == "https://schema.org"
    return told.get("@graph", [told])


def test_every_address_of_the_sitemap_is_a_page(client: Client) -> None:
    publish("ALB")
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    found = re.findall(f"<loc>{SITE}(/[^<]*)</loc>", answer.content.decode())
    assert len(found) == len(set(found)) > Commitment.objects.count() + Member.objects.count()
    assert {a for a in PAGES if "?" not in a} - set(found) == {"/search/", "/design/"}
    for path in found[:14]:
        assert client.get(path).status_code == 200, path
    assert client.get("/sitemap.xml", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_robots_are_told_where_nothing_is_for_them(client: Client) -> None:
    lines = page(client, "/robots.txt").splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /secretariat/" in lines
    assert "Disallow: /" not in lines


def test_a_page_has_one_address_whatever_is_asked_in_it(client: Client) -> None:
    link = f'<link rel="canonical" href="{SITE}/members/">'
    for address in ("/members/", "/members/?kind=government", "/members/?as_of=2020-01-01"):
        assert link in page(client, address)
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in page(client, "/members/?as_of=2020-01-01")
    assert noindex not in page(client, "/members/")
    assert 'rel="canonical"' not in page(client, "/members/ZZZ/", 404)


def test_no_two_pages_have_the_same_title_or_description(client: Client) -> None:
    seen: dict[str, str] = {}
    for address in (a for a in PAGES if "?" not in a and a != "/design/"):
        html = page(client, address)
        for pattern in (r"<title>([^<]+)", r'<meta name="description" content="([^"]+)"'):
            (found,) = re.findall(pattern, html)
            words = " ".join(found.split())
            assert 8 < len(words) < 400, (address, words)
            if address != "/search/":  # is in no index
                assert seen.setdefault(words, address) == address, words


def test_pages_describe_themselves(client: Client) -> None:
    (home,) = described(page(client, "/"))
    assert home["@type"] == "WebSite"
    target = home["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{SITE}/search/?q={{words}}"
    text, crumbs = described(page(client, "/statements/2014-GOV/"))
    assert (text["@type"], text["datePublished"]) == ("CreativeWork", "2014-12-11")
    assert [step["position"] for step in crumbs["itemListElement"]] == [1, 2]
    clause, crumbs = described(page(client, "/commitments/2014-GOV-C3b/"))
    assert clause["text"] == Commitment.objects.get(reference="2014-GOV-C3b").text
    steps = [step["item"].removeprefix(SITE) for step in crumbs["itemListElement"]]
    assert steps[0] == "/statements/"
    assert steps[-1] == "/commitments/2014-GOV-C3b/"
    for address in ("/members/ALB/", "/cycles/2024/"):
        (crumbs,) = described(page(client, address))
        assert crumbs["itemListElement"][-1]["item"] == SITE + address

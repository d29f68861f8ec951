"""A program reads what the headers tell: where to go on, how much is left, what is going away."""

import datetime as dt
import gzip
import json
from typing import Any

import pytest
from django.test import Client

from members.api.deprecation import DEPRECATED, Deprecated

from .reading import RESOURCES, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_links_lead_on_and_back_and_to_what_explains_the_answer(client: Client) -> None:
    first = client.get("/api/v1/members/?page_size=2")
    assert f'<{first.json()["next"]}>; rel="next"' in first["Link"]
    assert 'rel="prev"' not in first["Link"]
    second = client.get(first.json()["next"])
    assert f'<{second.json()["previous"]}>; rel="prev"' in second["Link"]
    for how in ("describedby", "service-desc", "service-doc", "license"):
        assert f'rel="{how}"' in first["Link"]
    for address in ("members/ALB/", "schema/", "dictionary/", "exports/members.csv"):
        assert 'rel="license"' in client.get(f"/api/v1/{address}")["Link"]


def test_each_answer_tells_the_limit_and_what_is_left(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.api.throttle.time.time", lambda: 1_800_000_000.0)
    settings.API_REQUESTS_PER_MINUTE = 3
    told = []
    for address in ("members/", "members/?kind=x", "members/XXX/", "members/"):
        answer = client.get(f"/api/v1/{address}", REMOTE_ADDR="192.0.2.77")
        assert answer["RateLimit-Policy"] == '"minute";q=3;w=60'
        told.append((answer.status_code, answer["RateLimit"].split(";")[1]))
    assert told == [(200, "r=2"), (400, "r=1"), (404, "r=0"), (429, "r=0")]


def test_without_a_limit_nothing_is_told_of_one(client: Client) -> None:
    assert "RateLimit" not in client.get("/api/v1/members/").headers


@pytest.mark.parametrize("address", ["members/", "progress/", "exports/members.ndjson", "schema/"])
def test_what_is_sent_in_gzip_is_the_same_and_its_etag_is_known(
    client: Client, address: str
) -> None:
    plain = client.get(f"/api/v1/{address}")
    packed = client.get(f"/api/v1/{address}", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    assert packed["ETag"] == f"W/{plain['ETag']}"
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    same = client.get(f"/api/v1/{address}", headers=headers)
    assert same.status_code == 304
    for answer in (plain, packed, same):
        assert answer["Vary"] == "Accept-Encoding"


def test_who_refuses_gzip_gets_none_and_packed_files_stay_as_they_are(client: Client) -> None:
    refused = {"Accept-Encoding": "gzip;q=0"}
    assert "Content-Encoding" not in client.get("/api/v1/members/", headers=refused).headers
    book = client.get("/api/v1/exports/members.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in book.headers


def test_nothing_is_going_away_yet(client: Client) -> None:
    assert DEPRECATED == {}
    for name in RESOURCES:
        assert "Deprecation" not in client.get(f"/api/v1/{name}/").headers
    assert "Nothing is going away today." in client.get("/api/").content.decode()


def test_the_page_promises_how_long_version_1_is_answered_and_by_which_headers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEPRECATED, "verdicts", Deprecated(dt.date.min, dt.date.max, ""))
    words = client.get("/api/").content.decode()
    for promised in ("Nothing is taken out of version 1", "12 months", "Deprecation", "Sunset"):
        assert promised in words
    assert "Nothing is going away today." not in words


def test_what_is_announced_is_answered_for_twelve_months_at_least() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Deprecated(dt.date(2027, 1, 1), dt.date(2027, 12, 31), "")


@pytest.mark.parametrize(
    ("what", "marked", "unmarked"),
    [
        ("verdicts", "verdicts/", "members/"),
        ("members?q", "members/?q=alb", "members/"),
        ("cycles.reason", "cycles/?fields=code,reason", "cycles/?fields=code"),
    ],
)
def test_what_is_going_away_says_when(
    client: Client, monkeypatch: pytest.MonkeyPatch, what: str, marked: str, unmarked: str
) -> None:
    days = dt.date(2027, 1, 1), dt.date(2028, 1, 1)
    about = "https://example.org/api/#going"
    monkeypatch.setitem(DEPRECATED, what, Deprecated(*days, about))
    answer = client.get(f"/api/v1/{marked}")
    assert answer["Deprecation"] == "@1798761600"
    assert answer["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert f'<{about}>; rel="deprecation"' in answer["Link"]
    assert "Deprecation" not in client.get(f"/api/v1/{unmarked}").headers


def test_pages_come_packed_and_alike_to_visitors(client: Client) -> None:
    plain = client.get("/members/ALB/")
    packed = client.get("/members/ALB/", headers={"Accept-Encoding": "gzip"})
    again = client.get("/members/ALB/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and packed.content == again.content
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 3
    assert packed["ETag"] == f"W/{plain['ETag']}"
    held = client.get("/members/ALB/", headers={"If-None-Match": packed["ETag"]})
    assert held.status_code == 304
    refused = client.get("/members/ALB/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused


def test_a_program_in_a_browser_can_read_an_error_of_an_unknown_address_too(
    client: Client,
) -> None:
    answer = client.get("/api/v1/nope/")
    assert json.loads(answer.content)["status"] == 404
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/members")["Access-Control-Allow-Origin"] == "*"  # to the slash
    assert page(client, "members")

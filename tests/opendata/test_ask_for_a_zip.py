"""Somebody needs everything as it is now, or of a day of which no zip is kept."""

import datetime as dt
import fcntl
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from reporting.exports import bulk, on_request
from tests.api.published import publish_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
DAY = dt.date(2026, 7, 20)
ASKED = f"/data/bulk/asked.zip?as_of={DAY}"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any) -> Path:
    settings.BULK_DIR = tmp_path / "bulk"
    settings.DEMO = True
    caches["default"].clear()
    return settings.BULK_DIR / "asked"


def test_a_day_is_built_and_is_what_would_have_been_kept(client: Client) -> None:
    answer = client.get(ASKED)
    assert answer.status_code == 200
    assert answer["X-Data"] == "synthetic"
    name = f"synthetic-commitment-tracker-{DAY}-asked.zip"
    assert f'filename="{name}"' in answer["Content-Disposition"]
    assert answer.getvalue() == bulk.build(DAY, now=timezone.now()).path.read_bytes()


@pytest.mark.parametrize("day", ["1900-01-01", "0001-01-01"])
def test_a_day_before_there_were_zips_is_built_as_well(client: Client, day: str) -> None:
    answer = client.get(f"/data/bulk/asked.zip?as_of={day}")
    assert answer.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert {entry.date_time[:3] for entry in packed.infolist()} == {(1980, 1, 1)}


def test_without_a_day_it_is_of_now(client: Client) -> None:
    def reports() -> bytes:
        packed = zipfile.ZipFile(io.BytesIO(client.get("/data/bulk/asked.zip").getvalue()))
        return packed.read("data/reports.csv")

    assert b"AUT" not in reports()
    publish_report("AUT")
    assert b"AUT" in reports()


def test_it_is_not_among_those_kept(client: Client) -> None:
    client.get(ASKED)
    assert bulk.kept() == []
    assert client.get(f"/data/bulk/{DAY}.zip").status_code == 404


def test_the_same_question_is_built_once(client: Client, shelf: Path) -> None:
    first = client.get(ASKED)
    (made,) = shelf.glob("*.zip")
    made.write_bytes(b"the same file")
    assert client.get(ASKED).getvalue() == b"the same file"
    assert client.get(ASKED, headers={"If-None-Match": first["ETag"]}).status_code == 200
    publish_report("AUT")
    assert client.get(ASKED).getvalue() != b"the same file"


def test_a_client_has_its_share_of_an_hour(client: Client, settings: Any) -> None:
    settings.ZIPS_PER_HOUR = 2
    days = [f"/data/bulk/asked.zip?as_of=2026-07-{n}" for n in (20, 21, 22)]
    assert [client.get(day).status_code for day in days] == [200, 200, 429]
    for accept in ("*/*", "application/json", "application/problem+json"):
        refused = client.get(days[2], headers={"Accept": accept})
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["errors"][0]["code"] == "too_many_requests"
        assert 1 <= int(refused["Retry-After"]) <= 3600
    browser = client.get(days[2], headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.status_code == 429 and "<h1>" in browser.content.decode()
    assert "Accept" in browser["Vary"] and browser["Retry-After"]
    assert client.get(days[0]).status_code == 200, "what is there costs nothing"
    assert client.get(days[2], REMOTE_ADDR="192.0.2.7").status_code == 200


def test_one_is_built_at_a_time(client: Client, shelf: Path) -> None:
    shelf.mkdir(parents=True)
    with (shelf / ".lock").open("w") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        answer = client.get(ASKED)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert client.get(ASKED).status_code == 200


def test_what_never_stands_still_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    moving = iter(range(100))
    monkeypatch.setattr(bulk, "_stamp", lambda: next(moving))
    assert client.get(ASKED).status_code == 503


def test_only_the_newest_few_stay(client: Client, shelf: Path, settings: Any) -> None:
    settings.ZIPS_PER_HOUR = 0
    for n in range(on_request.KEPT + 2):
        shelf.mkdir(parents=True, exist_ok=True)
        (shelf / f"2026-06-{n + 10}-old.zip").write_bytes(b"")
    client.get(ASKED)
    assert len(list(shelf.glob("*.zip"))) == on_request.KEPT


@pytest.mark.parametrize(
    "question", ["as_of=2999-01-01", "as_of=yesterday", "as_of=2026-02-30", "day=2026-07-20"]
)
def test_a_day_that_cannot_be_is_refused(client: Client, shelf: Path, question: str) -> None:
    answer = client.get(f"/data/bulk/asked.zip?{question}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == question.partition("=")[0]
    page = client.get(f"/data/bulk/asked.zip?{question}", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert question.partition("=")[0] in page.content.decode()
    assert not shelf.exists()

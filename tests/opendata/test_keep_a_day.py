"""A figure quoted in a paper is found again: each day has a zip of all that was published."""

import base64
import csv
import datetime as dt
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from members.models import Event
from reporting import tasks
from reporting.exports import bulk
from tests.api.published import publish_answer, publish_report
from tests.api.reading import RESOURCES

from .reading import export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
DAY = dt.date(2026, 8, 1)
NOW = dt.datetime(2026, 8, 2, 0, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any) -> Path:
    settings.BULK_DIR = tmp_path / "bulk"
    settings.DEMO = True
    return settings.BULK_DIR


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_everything_lies_in_it(client: Client) -> None:
    found = entries(bulk.build(DAY, now=NOW).path)
    for name, resource in RESOURCES.items():
        asked = {"as_of": str(DAY)} if resource.dated else {}
        for ending in ("csv", "ndjson"):
            assert found[f"data/{name}.{ending}"] == export(client, name, ending, **asked)
    texts = [name for name in found if name.startswith("statements/")]
    assert len(texts) == 5
    papers = {
        "README.txt",
        "LICENCE.txt",
        "CITATION.txt",
        "dictionary.json",
        "dictionary.csv",
        "codes.csv",
    }
    assert papers | {"datapackage.json", "SHA256SUMS"} <= set(found)
    assert str(DAY) in found["CITATION.txt"].decode()


def test_of_a_day_that_is_not_over_the_moment_is_named() -> None:
    def readme(now: dt.datetime) -> str:
        return entries(bulk.build(DAY, now=now).path)["README.txt"].decode()

    early = readme(NOW - dt.timedelta(hours=2))
    assert "as published by 2026-08-01 22:05 (UTC)" in early
    assert "at the end of" not in early
    assert "Shown at the end of 2026-08-01 (UTC)." in readme(NOW)


def test_the_sums_are_right_and_leave_out_nothing() -> None:
    found = entries(bulk.build(DAY, now=NOW).path)
    sums = dict(line.split("  ")[::-1] for line in found.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(text).hexdigest() for name, text in found.items()}


def test_the_data_package_describes_the_tables_as_they_are() -> None:
    found = entries(bulk.build(DAY, now=NOW).path)
    package = json.loads(found["datapackage.json"])
    assert [one["name"] for one in package["resources"]] == list(RESOURCES)
    for one in package["resources"]:
        written = found[one["path"]]
        header = next(csv.reader(io.StringIO(written.decode())))
        assert [field["name"] for field in one["schema"]["fields"]] == header
        assert one["bytes"] == len(written)
        assert one["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}"
        assert set(one["schema"]["primaryKey"]) <= set(header)


def test_the_whole_package_is_valid_as_it_says(tmp_path: Path) -> None:
    from frictionless import Package, system  # takes a second, and one test needs it

    for at, member in [("2026", "AUT"), ("2024", "BRA")]:
        withheld = publish_report(member, at)
        publish_answer(withheld, "2014-GOV-C3b", visibility="members")
    zipfile.ZipFile(bulk.build(DAY, now=NOW).path).extractall(tmp_path / "zip")

    def faults() -> list[list[Any]]:
        with system.use_context(trusted=True):
            report = Package(str(tmp_path / "zip" / "datapackage.json")).validate()
        assert len(report.tasks) in (0, len(RESOURCES)), report.errors
        return report.flatten(["name", "rowNumber", "fieldName", "type", "note"])

    assert faults() == []
    rows = tmp_path / "zip" / "data" / "progress.csv"
    written = rows.read_bytes()
    rows.write_bytes(written.replace(b"2014-GOV-C3b", b"2014-GOV-C9z"))
    assert {kind for *_, kind, _ in faults()} >= {"foreign-key"}


def test_the_same_day_and_data_give_the_same_bytes() -> None:
    first = bulk.build(DAY, now=NOW).path.read_bytes()
    later = NOW + dt.timedelta(days=40)
    assert bulk.build(DAY, now=later).path.read_bytes() == first
    publish_report("AUT", shown_from=DAY + dt.timedelta(days=1))
    assert bulk.build(DAY, now=later).path.read_bytes() == first
    publish_report("BRA", shown_from=DAY)
    assert bulk.build(DAY, now=later).path.read_bytes() != first


def test_a_zip_with_synthetic_rows_is_named_so_and_given_by_the_demonstration_alone(
    client: Client, settings: Any
) -> None:
    one = bulk.build(DAY, now=NOW)
    assert one.path.name == f"synthetic-{DAY}.zip"
    answer = client.get(f"/data/bulk/{DAY}.zip")
    assert answer.getvalue() == one.path.read_bytes()
    assert answer["X-Data"] == "synthetic"
    assert f'filename="synthetic-commitment-tracker-{DAY}.zip"' in answer["Content-Disposition"]
    held = client.get(f"/data/bulk/{DAY}.zip", headers={"If-None-Match": answer["ETag"]})
    assert (held.status_code, held["ETag"]) == (304, answer["ETag"])
    assert one.name in client.get("/data/").content.decode()
    settings.DEMO = False
    assert client.get(f"/data/bulk/{DAY}.zip").status_code == 404
    assert one.name not in client.get("/data/").content.decode()


@pytest.mark.parametrize("day", ["2026-08-03", "2026-13-01", "x", "synthetic-2026-08-01"])
def test_a_day_without_a_zip_is_not_there(client: Client, day: str) -> None:
    bulk.build(DAY, now=NOW)
    assert client.get(f"/data/bulk/{day}.zip").status_code == 404


def test_a_build_that_fails_leaves_the_zip_before(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bulk.build(DAY, now=NOW).path.read_bytes()

    def broken(*given: Any) -> Any:
        raise RuntimeError("cut off")

    monkeypatch.setattr(bulk.package, "papers", broken)
    with pytest.raises(RuntimeError):
        bulk.build(DAY, now=NOW)
    (left,) = shelf.glob("*.zip")
    assert left.read_bytes() == before
    assert not list(shelf.glob(".*.part"))


def test_a_publication_during_the_reading_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    stamps = iter([1, 2, 2, 2])
    monkeypatch.setattr(bulk, "_stamp", lambda: next(stamps))
    assert bulk.build(DAY, now=NOW).path.exists()
    moving = iter(range(100))
    monkeypatch.setattr(bulk, "_stamp", lambda: next(moving))
    with pytest.raises(bulk.NeverStill):
        bulk.build(DAY, now=NOW)


def test_what_a_killed_build_left_is_cleared_away(shelf: Path) -> None:
    shelf.mkdir(parents=True)
    (shelf / ".old.part").write_bytes(b"half")
    os.utime(shelf / ".old.part", (0, 0))
    (shelf / ".running.part").write_bytes(b"half")
    bulk.build(DAY, now=NOW)
    left = {path.name for path in shelf.iterdir()}
    assert left == {".running.part", f"synthetic-{DAY}.zip", f"synthetic-{DAY}.zip.sha256"}


def test_each_day_gets_its_zip_and_its_final_one_after_midnight() -> None:
    noon = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
    assert bulk.due(noon) == [DAY]
    one = bulk.build(DAY, now=noon)
    os.utime(one.path, (noon.timestamp(), noon.timestamp()))
    assert not one.is_final
    assert bulk.due(noon) == []
    tomorrow = DAY + dt.timedelta(days=1)
    assert bulk.due(NOW) == [DAY, tomorrow]
    for day in bulk.due(NOW):
        path = bulk.build(day, now=NOW).path
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert one.is_final
    assert bulk.due(NOW) == []


def test_the_worker_and_the_command_build_it(shelf: Path) -> None:
    tasks.build_bulk.apply(throw=True)
    assert len(list(shelf.glob("*.zip"))) == 1
    call_command("build_bulk", "--day", "2026-07-15", verbosity=0)
    path = shelf / "synthetic-2026-07-15.zip"
    path.write_bytes(b"final")
    call_command("build_bulk", "--day", "2026-07-15")
    assert path.read_bytes() == b"final"
    call_command("build_bulk", "--day", "2026-07-15", "--again")
    assert path.read_bytes() != b"final"
    event = Event.objects.get(chain="zips")
    assert event.about == "2026-07-15"
    assert event.detail["old"] == hashlib.sha256(b"final").hexdigest()
    assert event.detail["new"] == hashlib.sha256(path.read_bytes()).hexdigest()


# Its digest


def test_the_digest_stands_on_the_page_beside_it_and_in_its_answer(client: Client) -> None:
    one = bulk.build(DAY, now=NOW)
    digest = hashlib.sha256(one.path.read_bytes()).hexdigest()
    assert bulk.sums_of(one.path).read_text() == f"{digest}  {one.path.name}\n"
    assert digest in client.get("/data/bulk/").content.decode()
    answer = client.get(f"/data/bulk/{DAY}.zip")
    coded = base64.b64encode(bytes.fromhex(digest)).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{coded}:"
    assert answer["ETag"] == f'"{digest}"'
    assert client.get("/data/bulk/SHA256SUMS").content.decode() == f"{digest}  {one.name}\n"


def test_a_digest_of_an_earlier_file_is_not_believed(shelf: Path) -> None:
    one = bulk.build(DAY, now=NOW)
    beside = bulk.sums_of(one.path)
    one.path.write_bytes(b"another")
    os.utime(beside, (0, 0))
    assert one.sha256 == hashlib.sha256(b"another").hexdigest()
    beside.unlink()
    assert one.sha256 == hashlib.sha256(b"another").hexdigest()


def test_a_day_that_is_not_over_is_not_offered_for_quoting(client: Client) -> None:
    today = dt.datetime.now(dt.UTC)
    one = bulk.build(today.date(), now=today)
    html = client.get("/data/bulk/").content.decode()
    assert "do not quote this file" in html
    assert one.sha256 not in html
    assert client.get("/data/bulk/SHA256SUMS").content == b""


def test_the_days_of_a_year_are_listed(client: Client) -> None:
    for day in (DAY, dt.date(2025, 12, 31)):
        bulk.build(day, now=NOW)
    assert "2025-12-31.zip" not in client.get("/data/bulk/").content.decode()
    html = client.get("/data/bulk/?year=2025").content.decode()
    assert "2025-12-31.zip" in html
    assert f"{DAY}.zip" not in html
    assert client.get("/data/bulk/?year=x").status_code == 400

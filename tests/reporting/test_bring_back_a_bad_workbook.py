"""Hostile and broken workbooks are refused with a clear word, and nothing of them stays."""

import io
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members.models import Event, User
from reporting import workbooks
from reporting.models import AnswerVersion, Report
from reporting.workbooks import bounds, layout, reading
from tests.cast import sign_in

from .workbooks import closed, compared, filled, find, made, opened

pytestmark = pytest.mark.django_db
PREVIEW = "/reporting/2026-ALB/offline/preview/"
SHEET = "xl/worksheets/sheet2.xml"
WORD = "unrepeatableword"  # stands in every hostile file; must be nowhere afterwards


MADE: dict[str, bytes] = {}


@pytest.fixture
def good(report: Report) -> bytes:
    """A proper workbook of the report, with a word of its own in it; made once for all tests."""
    if "good" not in MADE:
        MADE["good"] = filled(made(report), {("2012-T1", "narrative"): WORD})
    return MADE["good"]


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made_anew:
        for name, content in parts.items():
            made_anew.writestr(name, content)
    return file.getvalue()


def with_part(name: str, content: bytes = b"\x01\x02") -> Callable[[bytes], bytes]:
    return lambda data: zipped(parts_of(data) | {name: content})


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def make(data: bytes) -> bytes:
        parts = parts_of(data)
        return zipped(parts | {name: change(parts[name])})

    return make


def _lying_about_sizes(data: bytes) -> bytes:
    """A sheet of 64 MB whose headers say that it has 100 bytes, with the sum of these."""
    small = b"<worksheet>" + b" " * 89
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, content in parts_of(data).items():
            bomb.writestr(name, content if name != SHEET else small + b" " * 64 * 1024 * 1024)
    bytes_ = bytearray(file.getvalue())
    size, crc = struct.pack("<I", len(small)), struct.pack("<I", zlib.crc32(small))
    for mark, crc_at, size_at in ((b"PK\x03\x04", 14, 22), (b"PK\x01\x02", 16, 24)):
        at = -1
        while (at := bytes_.find(mark, at + 1)) >= 0:
            name_at = at + (30 if mark == b"PK\x03\x04" else 46)
            if bytes_[name_at : name_at + len(SHEET)] == SHEET.encode():
                bytes_[at + crc_at : at + crc_at + 4] = crc
                bytes_[at + size_at : at + size_at + 4] = size
    return bytes(bytes_)


def _xxe(content: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    head, rest = content[: content.index(b"<worksheet")], content[content.index(b"<worksheet") :]
    return head + entity + rest


def _wide_letters(content: bytes) -> bytes:
    text = re.sub(rb"<\?xml[^>]*\?>", b"", _xxe(content)).decode()
    return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def _rows(content: bytes) -> bytes:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(2000, 102_000))
    return content.replace(b"</sheetData>", rows + b"</sheetData>")


def _cells(content: bytes) -> bytes:
    row = b'<row r="4000">' + b"<c/>" * 300_000 + b"</row>"
    return content.replace(b"</sheetData>", row + b"</sheetData>")


MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "zip bomb": (with_part("xl/worksheets/sheet9.xml", b" " * 30_000_000), "unpacks to far more"),
    "many small bombs": (
        lambda data: zipped(
            parts_of(data) | {f"xl/t{n}.xml": os.urandom(9_000) * 20 for n in range(90)}
        ),
        "unpacks to far more|larger than",
    ),
    "bomb that lies about its size": (_lying_about_sizes, "cannot be read|damaged"),
    "too many parts": (
        lambda data: zipped(parts_of(data) | {f"xl/p{n}.xml": b"<a/>" for n in range(300)}),
        "too many parts",
    ),
    "external entity": (changed(SHEET, _xxe), "declares entities"),
    "external entity in wide letters": (changed(SHEET, _wide_letters), "damaged"),
    "100,000 rows": (changed(SHEET, _rows), "more than 5000 rows"),
    "300,000 cells": (changed(SHEET, _cells), "unpacks to far more"),
    "embedded picture": (with_part("xl/media/image1.png"), "a picture or a drawing"),
    "drawing": (with_part("xl/drawings/drawing1.xml"), "a picture or a drawing"),
    "embedded file": (with_part("xl/embeddings/oleObject1.bin"), "an embedded file"),
    "macro": (with_part("xl/vbaProject.bin"), "holds macros"),
    "macro by its type": (
        changed("[Content_Types].xml", lambda c: c.replace(PLAIN_TYPE, MACRO_TYPE)),
        "holds macros",
    ),
    "links to other files": (with_part("xl/externalLinks/externalLink1.xml"), "other files"),
    "connections": (with_part("xl/connections.xml"), "other files"),
    "cut off": (lambda data: data[: len(data) // 2], "damaged or was cut off"),
    "damaged inside": (changed(SHEET, lambda c: c[: len(c) // 2]), "cannot be read"),
    "no manifest": (
        lambda data: zipped(
            {k: v for k, v in parts_of(data).items() if k != "[Content_Types].xml"}
        ),
        "cannot be read",
    ),
    "csv with another name": (lambda data: b"question,answer\n2012-T1,=1+1\n", "no .xlsx workbook"),
    "password": (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, "has a password"),
    "zip of something else": (lambda data: zipped({"a.txt": WORD.encode()}), "cannot be read"),
    "too large": (lambda data: data + b"\0" * bounds.MOST_BYTES, "larger than 1 MB"),
    "empty": (lambda data: b"", "The file is empty"),
}


def send(client: Client, data: bytes) -> Any:
    return client.post(PREVIEW, {"file": SimpleUploadedFile("2026-ALB.xlsx", data)})


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(
    name: str, good: bytes, client: Client, focal_point: User
) -> None:
    make, complaint = HOSTILE[name]
    page = send(sign_in(client, focal_point), make(good))
    assert page.status_code == 400
    assert re.search(complaint, words(page)), words(page)[:1500]
    assert WORD not in page.content.decode()
    assert not AnswerVersion.objects.exists()


def test_the_file_that_the_others_are_made_from_is_read(good: bytes, report: Report) -> None:
    proposals, complaints = compared(report, zipped(parts_of(good)))
    assert proposals["2012-T1"].mine["narrative"] == WORD
    assert not complaints


def test_nothing_is_ever_unpacked_beyond_what_the_file_declares(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would believe the zip; it is given a copy of what was really read."""
    copy = bounds.looked_at(_lying_about_sizes(good))
    with zipfile.ZipFile(copy) as checked:
        assert checked.getinfo(SHEET).file_size == 100
        assert all(part.compress_type == zipfile.ZIP_STORED for part in checked.infolist())


def test_reading_stops_when_it_takes_too_long(
    good: bytes, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_SECONDS", -1)
    with pytest.raises(workbooks.Refused, match="takes too long"):
        workbooks.read(good, report=report.code)


def test_the_workbook_of_another_member_is_refused_by_name(
    good: bytes, client: Client, focal_point: User
) -> None:
    book = opened(good)
    book[layout.KEYS]["A3"] = "2026-BEL"
    page = send(sign_in(client, focal_point), closed(book))
    assert page.status_code == 400
    assert "This is the workbook of 2026-BEL; here is 2026-ALB." in words(page)


KEYS = {
    "another member's report": (layout.REPORT, "2026-BEL", "belongs to another report (2026-BEL)"),
    "a question that is not asked": (layout.QUESTION, "2014-CSO-A1", "does not ask about"),
    "a question that does not exist": (layout.QUESTION, "x" * 500, "does not ask about"),
    "a field that does not exist": (layout.FIELD, "no_change", "hidden keys"),
    "a field twice": (layout.FIELD, "status", "hidden keys"),
    "a version to come": (layout.VERSION, "7", "hidden keys"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_line_with_wrong_keys_is_named_and_changes_nothing(
    name: str, good: bytes, report: Report
) -> None:
    column, value, complaint = KEYS[name]
    book = opened(good)
    cell = find(book, "2012-T1", "narrative", column)
    cell.value = value
    proposals, complaints = compared(report, closed(book))
    assert all(p.kind in ("same", "wrong") for p in proposals.values())
    assert any(f"cell G{cell.row}" in c and complaint in c for c in complaints), complaints


def test_a_version_that_never_was_is_not_overwritten(good: bytes, report: Report) -> None:
    book = opened(good)
    for row in layout.rows_of():
        find(book, "2012-T1", row[0], layout.VERSION).value = "12"
    proposals, complaints = compared(report, closed(book))
    assert proposals["2012-T1"].kind == "wrong"
    assert "The version of this answer is not known." in complaints[0]


def test_a_workbook_without_our_keys_is_not_ours(report: Report) -> None:
    book = opened(made(report))
    del book[layout.KEYS]
    with pytest.raises(workbooks.Refused, match="was not made here"):
        workbooks.read(closed(book), report=report.code)


def test_no_byte_of_an_upload_is_left_anywhere(
    good: bytes,
    client: Client,
    focal_point: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No file is written while one is read, and neither the session nor an event holds a word."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written: list[str] = []
    real = open

    def watched(path: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if set(mode) & set("wax+"):
            written.append(str(path))
        return real(path, mode, *args, **kwargs)

    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.setattr("io.open", watched)
    sign_in(client, focal_point)
    assert send(client, good).status_code == 200
    assert send(client, HOSTILE["macro"][0](good)).status_code == 400
    assert [*tmp_path.iterdir(), *written] == []
    assert WORD not in str(dict(client.session))
    assert not Event.objects.filter(verb="import_workbook").exists()
    assert not AnswerVersion.objects.exists()

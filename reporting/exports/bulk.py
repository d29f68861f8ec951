"""A zip of everything that is published, one for each day, kept so that figures can be repeated.

A zip is complete or not there: it is written aside and renamed. The same day, once it is
over, and data give the same bytes. docs/decisions/bulk.md says when which day is built.
"""

import contextlib
import datetime as dt
import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO

import structlog
from django.conf import settings
from django.utils import translation

from commitments.models import Statement
from members.api.parameters import Moment
from members.models import PublicVersion

from ..api.urls import RESOURCES
from . import package
from .datasets import DATASETS
from .formats import FORMATS
from .source import taken

log = structlog.get_logger(__name__)
FIRST_DAY_OF_ZIPS = dt.date(1980, 1, 1)

TRIES = 5
STALE_SECONDS = 6 * 3600
SYNTHETIC = "synthetic-"
OF_EACH = ("csv", "ndjson")


class NeverStill(Exception):
    """What is public changed during each reading; nothing was kept, the next build tries."""


@dataclass(frozen=True)
class Kept:
    """A zip that is there."""

    day: dt.date
    path: Path

    @property
    def name(self) -> str:
        """The name under which it is given away."""
        mark = SYNTHETIC if self.path.name.startswith(SYNTHETIC) else ""
        return f"{mark}commitment-tracker-{self.day}.zip"

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """Its digest, read from the file beside it; counted anew where that is missing or old."""
        state, beside = self.path.stat(), sums_of(self.path)
        with contextlib.suppress(FileNotFoundError):
            if beside.stat().st_mtime_ns >= state.st_mtime_ns:
                return beside.read_text().partition(" ")[0]
        return _digest(self.path, state.st_mtime_ns, state.st_size)

    @property
    def is_final(self) -> bool:
        """Was it written after its day was over (UTC)?"""
        over = dt.datetime.combine(self.day, dt.time(), dt.UTC) + dt.timedelta(days=1)
        return self.path.stat().st_mtime >= over.timestamp()


def sums_of(path: Path) -> Path:
    """The file beside a zip that names its SHA-256, as `sha256sum --check` reads it."""
    return path.with_name(f"{path.name}.sha256")


@lru_cache(maxsize=4096)
def _digest(path: Path, changed_at: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept() -> list[Kept]:
    """The zips that can be had, newest day first; synthetic ones in the demonstration alone."""
    marks = (SYNTHETIC, "") if settings.DEMO else ("",)
    found: dict[dt.date, Kept] = {}
    for mark in reversed(marks):
        for path in settings.BULK_DIR.glob(f"{mark}????-??-??.zip"):
            with contextlib.suppress(ValueError):
                day = dt.date.fromisoformat(path.stem.removeprefix(mark))
                found[day] = Kept(day, path)
    return [found[day] for day in sorted(found, reverse=True)]


def due(now: dt.datetime) -> list[dt.date]:
    """The days to build: yesterday until it is final, and today where there is none yet."""
    today = now.astimezone(dt.UTC).date()
    yesterday = today - dt.timedelta(days=1)
    there = {one.day: one for one in kept()}
    days = [] if today in there else [today]
    begun = any(day <= yesterday for day in there)
    if begun and not (yesterday in there and there[yesterday].is_final):
        days.insert(0, yesterday)
    return days


def build(day: dt.date, *, now: dt.datetime, folder: Path | None = None, ending: str = "") -> Kept:
    """The zip of what was shown at the end of `day`, put in the place of the one before.

    It is kept in `folder` (BULK_DIR unless given) under the day and `ending`. Reads published
    rows alone. May be repeated and run twice at once. Raises NeverStill when something was
    published during every one of a few readings.
    """
    folder = folder or settings.BULK_DIR
    folder.mkdir(parents=True, exist_ok=True)
    _clear_away()
    for _ in range(TRIES):
        before = _stamp()
        with _aside(folder) as made, translation.override("en"):
            synthetic = _write(made, day, now)
            if _stamp() != before:
                continue
            made.flush()
            os.fsync(made.fileno())
            path = folder / f"{SYNTHETIC if synthetic else ''}{day}{ending}.zip"
            Path(made.name).chmod(0o644)
            Path(made.name).replace(path)
        one = Kept(day, path)
        _name_digest(one)
        log.info("bulk built", day=str(day), bytes=one.size, sha256=one.sha256)
        return one
    raise NeverStill(day)


def _name_digest(one: Kept) -> None:
    """Writes the digest beside the zip, for those who hold the folder and not this site."""
    state = one.path.stat()
    line = f"{_digest(one.path, state.st_mtime_ns, state.st_size)}  {one.path.name}\n"
    with _aside(one.path.parent) as made:
        made.write(line.encode())
        made.flush()
        Path(made.name).chmod(0o644)
        Path(made.name).replace(sums_of(one.path))


def _stamp() -> int | None:
    return PublicVersion.objects.filter(pk=1).values_list("number", flat=True).first()


@contextlib.contextmanager
def _aside(folder: Path) -> Iterator[IO[bytes]]:
    """A file beside the kept ones, which is gone unless it was renamed."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as made:
        try:
            yield made
        finally:
            Path(made.name).unlink(missing_ok=True)


def _clear_away() -> None:
    """Removes what builds that were killed have left."""
    for part in settings.BULK_DIR.glob(".*.part"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > STALE_SECONDS:
                part.unlink()


def _write(made: IO[bytes], day: dt.date, now: dt.datetime) -> bool:
    """Writes the whole zip; whether it carries demonstration data."""
    moment, synthetic = Moment(now, day), False
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        shelf = Shelf(packed, day)
        for resource in RESOURCES:
            found = resource.filtered(moment, {})
            lines, made_up = taken(resource, found, moment)
            synthetic = synthetic or made_up
            for ending in OF_EACH:
                blocks = FORMATS[ending].write(lines, DATASETS[resource.name])
                shelf.put(f"data/{resource.name}.{ending}", blocks)
        for path in sorted(package.TEXTS.glob("*.txt")):
            shelf.put(f"statements/{path.name}", [path.read_bytes()])
        codes = list(Statement.objects.order_by("position").values_list("code", flat=True))
        for name, text in package.papers(moment, synthetic, shelf.entries, codes).items():
            shelf.put(name, [text.encode()])
        shelf.put("SHA256SUMS", ["".join(shelf.sums).encode()])
    return synthetic


@dataclass
class Shelf:
    """A zip being filled: every entry bears the day, or the first that a zip can bear, and is
    hashed on its way."""

    packed: zipfile.ZipFile
    day: dt.date
    entries: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def sums(self) -> list[str]:
        """Lines as `sha256sum --check` reads them."""
        return [f"{digest}  {name}\n" for name, (_, digest) in sorted(self.entries.items())]

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        day = max(self.day, FIRST_DAY_OF_ZIPS)
        info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
        info.external_attr = 0o100644 << 16
        digest, size = hashlib.sha256(), 0
        with self.packed.open(info, "w", force_zip64=True) as entry:
            for block in blocks:
                entry.write(block)
                digest.update(block)
                size += len(block)
        self.entries[name] = (size, digest.hexdigest())

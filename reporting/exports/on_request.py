"""A zip that somebody asks for now: of today as it stands, or of a day that has none kept.

It is built once for each question and state of the public record; who asks next gets the same
file. One is built at a time, and a client may cause only a few in an hour, because a build
reads everything.
"""

import contextlib
import datetime as dt
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from . import bulk

AN_HOUR = 3600
KEPT = 8


class Later(Exception):
    """Not now: `status` says whether this client asked too often or another zip is under way."""

    def __init__(self, status: int, seconds: int) -> None:
        super().__init__(status, seconds)
        self.status, self.seconds = status, seconds


def zip_of(day: dt.date, *, now: dt.datetime, state: str, client: str) -> bulk.Kept:
    """The zip of what is shown at the end of `day`; `state` names the public record as it is now.

    Raises Later when it cannot be built at this moment, and bulk.NeverStill.
    """
    folder = settings.BULK_DIR / "asked"
    if (there := _there(folder, state, day)) is not None:
        return there
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        if (there := _there(folder, state, day)) is not None:
            return there
        _count(client, now)
        _clear_away(folder)
        return bulk.build(day, now=now, folder=folder, ending=f"-{state}")


def _there(folder: Path, state: str, day: dt.date) -> bulk.Kept | None:
    for mark in (bulk.SYNTHETIC, "") if settings.DEMO else ("",):
        path = folder / f"{mark}{day}-{state}.zip"
        if path.exists():
            return bulk.Kept(day, path)
    return None


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Holds a lock that ends with its process; raises Later while another holds it."""
    with (folder / ".lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Later(503, 10) from None
        yield


def _count(client: str, now: dt.datetime) -> None:
    """Counts a build for this client; raises Later when it has had its share of the hour."""
    limit, hour = settings.ZIPS_PER_HOUR, int(now.timestamp()) // AN_HOUR
    counter, key = caches["default"], f"zip:{client}:{hour}"
    counter.add(key, 0, timeout=2 * AN_HOUR)
    if limit and counter.incr(key) > limit:
        raise Later(429, AN_HOUR - int(now.timestamp()) % AN_HOUR)


def _clear_away(folder: Path) -> None:
    """Removes all but the newest few, and what a build that was killed has left."""
    found = sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    old = [path for path in folder.glob(".*.part") if time.time() - path.stat().st_mtime > AN_HOUR]
    for path in [*found[KEPT - 1 :], *old]:
        path.unlink(missing_ok=True)

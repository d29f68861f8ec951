"""When an answer is still the same: its ETag and Last-Modified, without its body.

The API answers by it, and so do the public pages.

One number in the database moves with every public row (`PublicVersion`); with it counts what
else can change an answer. docs/decisions/api-freshness.md says why.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags

from ..models import PublicVersion

Answer = TypeVar("Answer", bound=HttpResponseBase)
CACHE_CONTROL = "public, max-age=0, must-revalidate"
ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("members", "commitments", "reporting", "alliance")
KINDS = ("*.py", "synonyms.csv", "words/*.json")  # other data files are in the database
LOOK = {"templates": "*.html", "locale": "*.po", "static": "*.*"}  # what pages are drawn with
# In SQL: it is asked by every request, and for a 304 it is most of the work.
_FACTS = f"SELECT number, changed_at FROM {PublicVersion._meta.db_table} WHERE id = 1"  # noqa: S608
_JUST_NOW = dt.timedelta(seconds=2)


@dataclass(frozen=True)
class Stamp:
    """What the answer to one request would carry, known before the answer is made."""

    etag: str
    changed_at: dt.datetime
    now: dt.datetime

    @property
    def last_modified(self) -> int:
        """The second of the last change; one earlier while that second may still bring another."""
        settled = self.now - self.changed_at >= _JUST_NOW
        return int(self.changed_at.timestamp()) - (0 if settled else 1)

    def is_held_by(self, request: HttpRequest) -> bool:
        """Did the client send this very ETag, so that nothing else need be asked?"""
        if "If-Match" in request.headers or "If-Unmodified-Since" in request.headers:
            return False
        return self.etag in {
            tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))
        }

    def not_modified(self) -> HttpResponse:
        return self.on(HttpResponseNotModified())

    def conditional(self, request: HttpRequest) -> HttpResponse | None:
        """304 or 412 where the request's conditions ask for it; None when the body is wanted."""
        early = get_conditional_response(request, self.etag, int(self.changed_at.timestamp()))
        return self.on(early) if early is not None else None

    def on(self, answer: Answer) -> Answer:
        """The answer with the headers that let it be asked for again cheaply."""
        answer["ETag"] = self.etag
        answer["Last-Modified"] = http_date(self.last_modified)
        answer["Cache-Control"] = CACHE_CONTROL
        return answer


def stamp(request: HttpRequest, now: dt.datetime, language: str = "") -> Stamp:
    """The stamp of the answer to this request at `now`, in a language, by one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS)
        number, changed_at = cursor.fetchone() or (0, code_changed_at())
    turned = _last_turn(now)
    parts = [
        *(number, changed_at.timestamp(), turned, code_version()),
        *(settings.DEMO, settings.FIRST_CYCLE, language, request.build_absolute_uri()),
    ]
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return Stamp(f'"{digest[:40]}"', min(now, max(changed_at, turned, code_changed_at())), now)


@cache
def code_version() -> str:
    """A digest of our source, the look of pages and the locked libraries, read once per process."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def code_changed_at() -> dt.datetime:
    """When the newest of those files was written: one moment for all processes of a host."""
    newest = max(path.stat().st_mtime for path in _sources())
    return dt.datetime.fromtimestamp(newest, dt.UTC)


def _sources() -> list[Path]:
    found = [path for app in CODE for kind in KINDS for path in (ROOT / app).rglob(kind)]
    found += [path for folder, kind in LOOK.items() for path in (ROOT / folder).rglob(kind)]
    return sorted([*found, *ROOT.glob("requirements.lock")])


def _last_turn(now: dt.datetime) -> dt.datetime:
    """The last midnight or noon UTC: a day ends at the one, a deadline (UTC-12) at the other."""
    return now.astimezone(dt.UTC).replace(
        hour=12 if now.astimezone(dt.UTC).hour >= 12 else 0, minute=0, second=0, microsecond=0
    )

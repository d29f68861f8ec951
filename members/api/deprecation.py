"""What of the API is going away, and when: one table, from which the headers are sent.

The promise (docs/decisions/api-headers.md): nothing of version 1 changes its meaning, and nothing
is taken out of it; what a later version leaves out is announced here at least twelve months before
version 1 ends, and its headers say so on every answer with it.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.utils.http import http_date

TWELVE_MONTHS = dt.timedelta(days=365)


@dataclass(frozen=True)
class Deprecated:
    """Since when something is discouraged (RFC 9745), until when it works (RFC 8594), and why."""

    since: dt.date
    until: dt.date
    about: str  # the address of a page that says what to use instead

    def __post_init__(self) -> None:
        if self.until - self.since < TWELVE_MONTHS:
            raise ValueError("What goes is announced at least twelve months before.")


# By what it is about: a resource `verdicts`, a parameter `members?q`, a field `cycles.reason`.
DEPRECATED: dict[str, Deprecated] = {}


def told(answer: HttpResponseBase, used: Collection[str]) -> None:
    """Marks the answer, when something of what it used is going away: the first that ends."""
    going = sorted((DEPRECATED[one] for one in used if one in DEPRECATED), key=lambda d: d.until)
    if not going:
        return
    answer["Deprecation"] = f"@{_second(min(one.since for one in going))}"
    answer["Sunset"] = http_date(_second(going[0].until))
    links = [f'<{one.about}>; rel="deprecation"; type="text/html"' for one in going]
    answer["Link"] = ", ".join([*filter(None, [answer.headers.get("Link")]), *links])


def _second(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())

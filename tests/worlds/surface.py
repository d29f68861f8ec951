"""Every question that somebody outside can put, found from the site itself.

Addresses come from the URL resolver, parameters from `parameters`; `walk` adds the links and
forms that it meets. An address with a part that is not known here raises LookupError: say below
what stands in its place.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from urllib.parse import urlencode

from tests.access.test_every_url import patterns
from tests.worlds import parameters
from tests.worlds.probes import NEVER_ASKED, Probes

PERSONS = ("visitor", "analyst", "outsider")
# The parts in which the walk goes, by the beginnings of their addresses; the first that fits.
AREAS = {
    "files": ("/api/v1/exports/", "/data/", "/feeds/", "/calendar"),
    "api": ("/api/",),
    "signed in": ("/reporting/", "/secretariat/", "/admin/", "/accounts/"),
    "pages": ("/",),
}


@dataclass(frozen=True, order=True)
class Ask:
    """One request."""

    path: str
    who: str = "visitor"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def __str__(self) -> str:
        extra = "".join(f" {name}: {value}" for name, value in self.headers)
        return f"{self.who}: {self.method} {self.path}{extra} {self.body}".strip()


FEW = 3
_PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")

# What stands in the place of a part of an address: by the beginning of the address and the name
# of the part; the first line that fits counts.
Values = Callable[[Probes], list[str]]
FILLED: list[tuple[str, str, Values]] = [
    ("statements/", "code", lambda known: [*known.statements[::3], NEVER_ASKED]),
    ("commitments/", "reference", lambda known: [*known.references, NEVER_ASKED]),
    ("members/", "code", lambda known: [*known.reporting, NEVER_ASKED]),
    ("reports/", "code", lambda known: known.reports),
    ("cycles/", "code", lambda known: [*known.rounds, NEVER_ASKED]),
    ("summaries/<slug:scope>.pdf", "scope", lambda known: known.scopes[:1] + known.scopes[-3:]),
    ("summaries/<slug:scope>.csv", "scope", lambda known: known.scopes[:1] + known.scopes[-3:]),
    ("summaries/<slug:scope>.xlsx", "scope", lambda known: known.scopes[:1] + known.scopes[-3:]),
    ("summaries/", "scope", lambda known: known.scopes),
    ("secretariat/rounds/", "code", lambda known: known.rounds[-2:]),
    ("secretariat/reports/", "code", lambda known: known.reports),
    ("secretariat/members/", "code", lambda known: [*known.reporting, NEVER_ASKED]),
    ("secretariat/import/", "code", lambda known: ["members", "reports"]),
    ("secretariat/collective/", "code", lambda known: known.rounds[-2:]),
    ("secretariat/wordings/", "code", lambda known: ["2012", NEVER_ASKED]),
    ("secretariat/wordings/", "part", lambda known: ["2012-T1", "passage-1"]),
    ("secretariat/statements/", "part", lambda known: ["1"]),
    ("secretariat/", "ending", lambda known: ["csv"]),
    ("reporting/", "code", lambda known: known.reports),
    ("reporting/", "reference", lambda known: known.references),
    ("reporting/", "indicator", lambda known: ["icse_identified_victims", NEVER_ASKED]),
    ("reporting/", "year", lambda known: ["2025"]),
    ("reporting/", "number", lambda known: ["1", "2"]),
    ("reporting/", "pk", lambda known: known.ids[:1]),
    ("secretariat/", "reference", lambda known: known.references),
    ("secretariat/", "number", lambda known: ["1", "2"]),
    ("secretariat/", "member", lambda known: known.reporting),
    ("secretariat/", "day", lambda known: known.days[-2:]),
    ("data/bulk/", "day", lambda known: known.days),
    ("feeds/", "year", lambda known: ["2024", "2025", "2026"]),
    ("api/v1/exports/", "form", lambda known: ["ndjson", "json", "csv", "xlsx", NEVER_ASKED]),
    ("api/v1/statements/", "key", lambda known: [*known.statements, NEVER_ASKED]),
    ("api/v1/commitments/", "key", lambda known: [*known.references, NEVER_ASKED]),
    ("api/v1/members/", "key", lambda known: [*known.reporting, NEVER_ASKED]),
    ("api/v1/cycles/", "key", lambda known: [*known.rounds, NEVER_ASKED]),
    ("api/v1/reports/", "key", lambda known: known.reports),
    ("api/v1/summaries/", "key", lambda known: [*known.scopes, *known.reports[:2]]),
    ("api/v1/errata/", "key", lambda known: ["1", "2", "3", *known.ids[:2]]),
    ("secretariat/", "pk", lambda known: known.ids),
    ("secretariat/", "role", lambda known: known.ids),
    ("secretariat/", "reader", lambda known: known.ids),
    ("invitations/", "secret", lambda known: [NEVER_ASKED]),
    ("calendars/", "secret", lambda known: [NEVER_ASKED]),
    ("dev/mail/", "name", lambda known: known.ids[:1]),
    ("accounts/", "pk", lambda known: known.ids[:1]),
    ("accounts/", "role", lambda known: known.ids[:1]),
    ("accounts/password/", "uidb36", lambda known: known.ids),
    ("accounts/password/", "key", lambda known: ["wrong-key"]),
    ("admin/", "object_id", lambda known: known.ids[-1:]),
    ("admin/", "app_label", lambda known: ["members", "reporting"]),
    ("admin/", "url", lambda known: ["reporting/answer/", NEVER_ASKED]),
]


def area_of(path: str) -> str:
    return next(name for name, begins in AREAS.items() if path.startswith(begins))


def asks(known: Probes) -> Iterator[Ask]:
    """All that is asked before any answer is known."""
    for route, _ in patterns():
        paths = filled(route, known)
        if area_of(paths[0]) == "signed in":
            # Others get one refusal for all of them, so a few are enough.
            yield from (Ask(path, who) for who in PERSONS for path in few(paths))
        else:
            yield from map(Ask, paths)
            yield Ask(paths[0], "outsider")
    yield from map(Ask, parameters.of_the_api(known))
    yield from map(Ask, parameters.of_pages(lambda route: filled(route, known), known))
    yield from _posts(known)


def few(values: list[str]) -> list[str]:
    """Some of the values, from all parts of the list, the first and the last among them."""
    return values if len(values) <= FEW else [values[0], values[len(values) // 2], values[-1]]


def filled(route: str, known: Probes) -> list[str]:
    """The paths of a route. Raises LookupError for a part that nobody has said how to fill."""
    names = [typed or named for typed, named in _PART.findall(route)]
    blank = _PART.sub("\0", route).replace("^", "").replace("$", "")
    if not names:
        return [f"/{blank}"]
    columns = [_values(route, name, known) for name in names]
    longest = max(map(len, columns))
    rows = zip(*(islice(cycle(column), longest) for column in columns), strict=True)
    return ["/" + _put(blank, row) for row in rows]


def _put(blank: str, row: Iterable[str]) -> str:
    for value in row:
        blank = blank.replace("\0", value, 1)
    return blank


def _values(route: str, name: str, known: Probes) -> list[str]:
    for begins, part, values in FILLED:
        if route.startswith(begins) and part == name:
            return values(known)
    raise LookupError(f"tests/worlds/surface.py does not say what <{name}> of {route} can be")


def _posts(known: Probes) -> Iterator[Ask]:
    """What a visitor can send: each with values that are stored, none with the whole secret."""
    for code in known.reports:
        sent = {"reference": code, "version": "1", "sha256": "0" * 64}
        yield Ask("/verify/", method="POST", body=urlencode(sent))
    for number, email in enumerate(known.addresses):
        client = (("X-Client", f"192.0.2.{number}"),)
        wrong = urlencode({"login": email, "password": "not the password"})
        yield Ask("/accounts/login/", method="POST", headers=client, body=wrong)
        lost = urlencode({"email": email})
        yield Ask("/accounts/password/reset/", method="POST", headers=client, body=lost)
    yield Ask("/language/", method="POST", body=urlencode({"language": "en", "next": "/"}))

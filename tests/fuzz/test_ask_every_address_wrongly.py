"""Whoever mistypes an address, or whose program sends nonsense, is told so in words.

Every route is tried, by someone who may come in: no error of ours, no row changed.
"""

import pytest

from tests.access.profiles import outcomes
from tests.access.test_routes import ROWS
from tests.access.world import World, world
from tests.fuzz.corpus import DAYS, HEADERS, NOT_TEXT, NUMBERS, PERCENT_SIGNS
from tests.fuzz.visiting import VISITORS, Visitors

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("forms")]
READ = [row for row in ROWS if row.method == "GET" and not row.profile.startswith("405:")]
METHODS = ["OPTIONS", "TRACE", "PUT", "PROPFIND", "X" * 200]
SOME = [
    *("/search/?q=plan", "/members/ALB/", "/verify/", "/accounts/login/", "/calendar.ics"),
    *("/api/v1/members/", "/api/v1/exports/members.csv", "/feeds/published.atom"),
    *("/static/css/base.css", "/nowhere/", "/reporting/"),
]
MOMENTS = ["as_of=", "page_size=", "year=", "cursor=", "cycle="]


@pytest.fixture(scope="module")
def visitors(world: World) -> Visitors:
    return Visitors(world)


@pytest.fixture(scope="module")
def addresses(world: World) -> list[tuple[str, str]]:
    """Each address that is read, with somebody who may read it."""
    found = []
    for row in READ:
        may = [kind for kind in VISITORS if outcomes(row.profile)[kind] == "allow"]
        kind = may[0] if may else "administrator"
        found += [(kind, path) for path in row.paths.format_map(world).split()]
    return found


def wrong_answers(
    visitors: Visitors, tried: list[tuple[str, str, str]], **headers: str
) -> list[str]:
    """What was wrong with the answers to these requests: person, method, path with its query."""
    wrong = []
    for kind, method, address in tried:
        path, _mark, query = address.partition("?")
        visit = visitors.visit(kind, method, path, QUERY_STRING=query, **headers)
        # Readiness needs a worker, which these tests do not have.
        if visit.wrong and not (path == "/readyz" and visit.wrong == "503"):
            wrong.append(f"{kind} {method} {address[:200]}: {visit.wrong}")
    return wrong


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_nobody_uses_breaks_nothing(
    visitors: Visitors, addresses: list[tuple[str, str]], method: str
) -> None:
    assert not wrong_answers(visitors, [(kind, method, path) for kind, path in addresses])


@pytest.mark.parametrize("letters", NOT_TEXT)
def test_a_query_that_is_no_text_is_refused_everywhere_and_named(
    visitors: Visitors, addresses: list[tuple[str, str]], letters: str
) -> None:
    wrong = []
    # One letter at every address; the others are read at the same two places.
    every = addresses if letters == "a lone byte" else addresses[:: len(addresses) // 8]
    for kind, path in every:
        if path == "/readyz":
            continue
        visit = visitors.visit(kind, "GET", path, QUERY_STRING=f"odd_name={NOT_TEXT[letters]}")
        body = visit.answer.content.decode()
        if visit.answer.status_code != 400 or "odd_name" not in body or visit.wrote:
            wrong.append(f"{kind} {path}: {visit.answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_path_that_is_no_text_is_refused_or_unknown(
    visitors: Visitors, addresses: list[tuple[str, str]]
) -> None:
    tried = []
    for kind, path in addresses:
        for letters in ("\0", "\xff\xfe", "%2e%2e%2f", "a" * 5000):
            inside = path.rstrip("/").encode() + letters.encode("utf-8", "replace") + b"/"
            tried.append((kind, "GET", inside.decode("latin-1")))
    assert not wrong_answers(visitors, tried)


@pytest.mark.parametrize("headers", HEADERS, ids=lambda given: " ".join(given))
def test_headers_that_are_nonsense_break_nothing(
    visitors: Visitors, headers: dict[str, str]
) -> None:
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    given = {name.replace("HTTP_CONTENT_TYPE", "CONTENT_TYPE"): v for name, v in given.items()}
    tried = [("visitor" if path != "/reporting/" else "focal_point", "GET", path) for path in SOME]
    assert not wrong_answers(visitors, tried, **given)


@pytest.mark.parametrize("name", MOMENTS)
def test_every_odd_number_and_day_is_answered_by_name_or_taken(
    visitors: Visitors, name: str
) -> None:
    """200 where it is one, 400 that names the parameter where it is none, for rows and files."""
    values = [*DAYS, *NUMBERS, *PERCENT_SIGNS]
    quoted = [value if value in PERCENT_SIGNS else _quoted(value) for value in values]
    wrong = []
    for path in ("/api/v1/reports/", "/api/v1/exports/observations.csv"):
        for value in quoted:
            visit = visitors.visit("visitor", "GET", path, QUERY_STRING=name + value)
            answer = visit.answer
            if answer.status_code == 400:
                fields = [fault["field"] for fault in answer.json()["errors"]]
                if fields == [name.rstrip("=")]:
                    continue
            if answer.status_code != 200 or visit.wrote:
                wrong.append(f"{path}?{name}{value[:60]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def test_thousands_of_parameters_are_refused_at_once(visitors: Visitors) -> None:
    for query in ("q=a&" * 5000, "&" * 50_000, "&".join(f"a{n}=1" for n in range(5000))):
        tried = [("visitor", "GET", f"{path.partition('?')[0]}?{query}") for path in SOME]
        assert not wrong_answers(visitors, tried)

"""People who visit pages inside the tests' own process: quick, and undone after each visit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.http import HttpResponse

from tests.access.test_routes import ROWS
from tests.access.world import World
from tests.fuzz.forms import FoundForm, forms

VISITORS = ["visitor", "analyst", "contributor", "focal_point", "reviewer", "administrator"]
# What an answer may be: 200, on to a page, or a refusal that a page of docs or of the API names.
ANSWERS = {200, 204, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 411, 412, 413, 429}
# A session lives and attempts are counted whoever comes; everything else stays as it was.
NO_MATTER = ("django_session", "cache")


@dataclass(frozen=True)
class Visit:
    """An answer, and the tables that were written to on the way."""

    answer: HttpResponse
    wrote: tuple[str, ...]

    @property
    def wrong(self) -> str:
        """What is wrong with it: an answer of no known kind, or a refusal that left a trace."""
        status = self.answer.status_code
        if status not in ANSWERS:
            return f"{status}"
        if self.wrote and status >= 400:
            return f"{status}, but wrote to {', '.join(self.wrote)}"
        return ""


class Visitors:
    """Each of VISITORS with a client that stays signed in, whatever its visits did."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answered: Counter[str] = Counter()
        self.found: list[dict[str, Any]] = []
        self.clients = {kind: world["clients"][kind] for kind in VISITORS}

    def note(self, visit: Visit, address: str) -> None:
        """Counts the answer for a report."""
        self.answered[str(visit.answer.status_code)] += 1
        if visit.wrong:
            self.found.append({"title": visit.wrong, "count": 1, "operations": [address]})

    def visit(self, kind: str, method: str, path: str, body: Any = None, **more: Any) -> Visit:
        """One request of this person; nothing of it remains, and neither do its cookies."""
        sent = () if body is None else (body,)
        with transaction.atomic():
            before = _written()
            answer = self.clients[kind].ask(method, path, *sent, **more)
            after = _written()
            transaction.set_rollback(True)
        wrote = tuple(table for table, n in after.items() if n != before.get(table, 0))
        return Visit(answer, wrote)

    def forms(self) -> Iterator[tuple[str, FoundForm]]:
        """Every form that each of them finds on a page, once for those it looks the same to."""
        seen, files = set(), set()
        for kind in VISITORS:
            for path in pages(kind, self.world):
                if path in files:
                    continue
                answer = self.visit(kind, "GET", path).answer
                if answer.status_code != 200:
                    continue
                if "html" not in answer.get("Content-Type", ""):
                    files.add(path)  # for everyone who may have it
                    continue
                for form in forms(answer.content.decode(), urlsplit(path).path):
                    if form.key not in seen:
                        seen.add(form.key)
                        yield kind, form


@cache
def _paths(method: str) -> tuple[tuple[str, str], ...]:
    rows = (row for row in ROWS if row.method == method)
    return tuple((path, row.body) for row in rows for path in row.paths.split())


def pages(kind: str, world: World) -> list[str]:
    """The addresses of routes.csv; those that everyone sees alike are the visitor's."""
    found = [path.format_map(world) for path, _ in _paths("GET")]
    own = ("/accounts/", "/reporting/", "/secretariat/", "/admin/")
    return [path for path in found if (kind == "visitor") != path.startswith(own)]


def _written() -> dict[str, int]:
    """How many rows this transaction has written so far, by table, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE NOT relname = ANY(%s)",
            [list(NO_MATTER)],
        )
        return dict(cursor.fetchall())

"""What to ask with: values that are stored in either world, found without knowing the tables.

A value that only one of the two databases holds is private by the way they were made, so each
column gives a few such values; codes and days are those of both.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from commitments.models import Commitment, Statement
from reporting.models import Cycle, PublishedAnswer, Report
from tests.cast import OWN
from tests.database import Database, used

OF_EACH_COLUMN = 1
LONGEST = 60
NEVER_ASKED = "zzz"
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
ORDER BY table_name, column_name
"""
TEXTS = ("text", "character varying", "jsonb")
TIMES = ("date", "timestamp with time zone")
REGISTERED = ("reporting_cycle",)  # its days are the same in every world
A_WORD = re.compile(r"[^\W\d_][\w @.-]{2,}")  # something that a person could have typed


@dataclass(frozen=True)
class Probes:
    """Values to fill addresses and parameters with, the same for both worlds."""

    statements: list[str]
    references: list[str]
    rounds: list[str]
    reports: list[str]
    private_members: list[str]  # one that writes in the first world alone, one in the second
    words: list[str]
    addresses: list[str]
    days: list[str]
    ids: list[str]

    @property
    def reporting(self) -> list[str]:
        """The members that some report speaks of, and two of which none does."""
        return sorted({code.partition("-")[2] for code in self.reports} | {"THORN", "GB-EAW"})

    @property
    def scopes(self) -> list[str]:
        """Of each kind some key of a summary, and one of none."""
        private = [f"member-{code}" for code in self.private_members]
        one = ["statement-2012", "theme-victims", "region-Europe", "group-EU"]
        of = [f"cycle-{self.rounds[-2]}", f"commitment-{self.references[0]}", f"member-{OWN}"]
        return [*of, *one, *private, NEVER_ASKED]


@dataclass(frozen=True)
class _Stored:
    """What one database holds: texts and days by column, identifiers by table, codes."""

    texts: dict[tuple[str, str], set[str]]
    days: set[dt.date]
    ids: dict[str, set[int]]
    reports: set[str]


def gather(worlds: Iterable[Database], planted: Iterable[str]) -> Probes:
    """The probes of two worlds; `planted` are the words that stand in their private texts."""
    found = []
    for world in worlds:
        with used(world):
            found.append(_stored())
            register = _register()
    return Probes(**register, **_private(*found, planted=planted))


def _stored() -> _Stored:
    texts, days, ids = {}, set(), {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind in cursor.fetchall():
            if kind in TEXTS and table != "django_session":
                texts[table, column] = _values(cursor, table, f'"{column}"::text')
            elif kind in TIMES and table.startswith("reporting_") and table not in REGISTERED:
                days |= _values(cursor, table, f'"{column}"::date')
            elif column == "id" and kind == "bigint":
                ids[table] = _values(cursor, table, "id")
    return _Stored(texts, days, ids, {report.code for report in Report.objects.all()})


def _values(cursor: object, table: str, column: str) -> set:
    cursor.execute(f'SELECT DISTINCT {column} FROM "{table}"')  # type: ignore[attr-defined]
    return {value for (value,) in cursor.fetchall() if value is not None}  # type: ignore[attr-defined]


def _private(first: _Stored, second: _Stored, *, planted: Iterable[str]) -> dict[str, list[str]]:
    texts: set[str] = set()
    for column, values in first.texts.items():
        for only in (values - second.texts[column], second.texts[column] - values):
            texts |= {_part(value) for value in sorted(only)[:OF_EACH_COLUMN]}
    ids: set[int] = set()
    for table, keys in first.ids.items():
        for only in (keys - second.ids[table], second.ids[table] - keys):
            ids |= set(sorted(only)[:1])
    today = timezone.now().date()
    shared = sorted(first.days & second.days)
    days = {*_some(sorted(first.days ^ second.days), 2), *_some(shared, 2)}
    days |= {today, today + dt.timedelta(days=1)}
    words = sorted(text for text in texts if A_WORD.fullmatch(text))
    only = [max(first.reports - second.reports), max(second.reports - first.reports)]
    return {
        "reports": sorted(first.reports | second.reports | {"2026-XXX"}),
        "private_members": [code.partition("-")[2] for code in only],
        "words": [*planted, *_some([text for text in words if "@" not in text], 3)],
        "addresses": [*_some([text for text in words if "@" in text], 4), "nobody@cast.example"],
        "days": sorted(map(str, days)),
        "ids": [str(key) for key in _some(sorted(ids), 6)],
    }


def _some(values: list, most: int) -> list:
    """Not more than `most` of the values, from all parts of the list."""
    return values[:: -(-len(values) // most)] if values else []


def _part(value: str) -> str:
    """The value, or of a long text its longest word: what somebody would look for."""
    if len(value) <= LONGEST:
        return value
    if " " not in value:  # a digest or a token, another one in each run
        return ""
    return max(re.findall(r"[^\W\d_]+", value), key=lambda word: (len(word), word), default="")


def _register() -> dict[str, list[str]]:
    """Codes of the register: a few clauses, parents among them."""
    answered = PublishedAnswer.objects.order_by("commitment").values_list("commitment", flat=True)
    clauses = Commitment.objects.order_by("reference").values_list("reference", flat=True)
    return {
        "statements": list(Statement.objects.order_by("code").values_list("code", flat=True)),
        "references": sorted({*answered.distinct()[:2], *clauses[::21]}),
        "rounds": list(Cycle.objects.order_by("code").values_list("code", flat=True)),
    }

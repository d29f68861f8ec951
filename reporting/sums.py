"""Counts of obligations and published answers by scope, kept in a table: whole, or what changed.

`recount` adds up every obligation and answer in one statement a round (GROUPING SETS, because
there may be a million). `refresh` takes out what one member's round had put in and puts in what
it says now, by the same statement with a sign: that is why both give the same counts. The plain
twin is in the tests. docs/decisions/summaries-in-generations.md says why counts are kept.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from members.api.freshness import code_version
from members.models import Member

from .figures import Round
from .models import Cycle, PublishedReport, Sum, Summed


@dataclass(frozen=True)
class Unit:
    """One member's round: what of it is counted. `before` is its report of the round before."""

    cycle: str
    member: str
    report: int | None
    before: int | None
    silence: str

    @property
    def key(self) -> tuple[str, str]:
        return self.cycle, self.member


def units(seen: Collection[Round]) -> dict[tuple[str, str], Unit]:
    """Every unit of these rounds as the public knows it, by round and member.

    Give rounds in order; each is compared with the round before it where that is collected.
    """
    found: dict[tuple[str, str], Unit] = {}
    members = list(Member.objects.counted().order_by("code").values_list("code", flat=True))
    for one in seen:
        reports, before = _reports(one.cycle.code, one.day), _reports(one.previous, one.day)
        for code in members:
            key = one.cycle.code, code
            found[key] = Unit(*key, reports.get(code), before.get(code), one.counted_silence(code))
    return found


def _reports(cycle: str | None, day: dt.date | None) -> dict[str, int]:
    if cycle is None:
        return {}
    shown = PublishedReport.objects.shown(day).filter(cycle=cycle)
    return dict(shown.values_list("member", "pk"))


def kept() -> dict[tuple[str, str], Unit]:
    """Every unit as it stands in the sums."""
    rows = Summed.objects.values_list("cycle", "member", "report", "before", "silence")
    return {row[:2]: Unit(*row) for row in rows}


@transaction.atomic
def recount(now: dict[tuple[str, str], Unit], tell: Callable[[int, int], None]) -> None:
    """The sums counted anew from everything; `tell` hears after each round how many are done."""
    Sum.objects.all().delete()
    Summed.objects.all().delete()
    cycles = sorted({cycle for cycle, _ in now})
    for done, cycle in enumerate(cycles):
        tell(done, len(cycles))
        _add([(unit, 1) for key, unit in now.items() if key[0] == cycle])
    _keep(now.values())


@transaction.atomic
def refresh(now: dict[tuple[str, str], Unit]) -> set[tuple[str, str]]:
    """Brings the sums to these units by counting only those that changed; which these are."""
    before = kept()
    changed = {key for key in {*now, *before} if now.get(key) != before.get(key)}
    if changed:
        out = [(before[key], -1) for key in changed if key in before]
        _add([*out, *((now[key], 1) for key in changed if key in now)])
        Sum.objects.filter(obligations=0).delete()
        gone = [key for key in changed if key in before]
        for cycle in {cycle for cycle, _ in gone}:
            codes = [code for of, code in gone if of == cycle]
            Summed.objects.filter(cycle=cycle, member__in=codes).delete()
        _keep(now[key] for key in changed if key in now)
    return changed


def _keep(units: Iterable[Unit]) -> None:
    Summed.objects.bulk_create(
        Summed(
            cycle=unit.cycle,
            member=unit.member,
            report_id=unit.report,
            before_id=unit.before,
            silence=unit.silence,
        )
        for unit in units
    )


# The register's tables that the counts rest on beside what is published.
FACTS = (
    "members_member",
    "members_suspension",
    "members_groupmember",
    "commitments_statement",
    "commitments_commitment",
    "commitments_themeofcommitment",
    "commitments_signature",
    "commitments_participation",
)


def facts() -> str:
    """A digest of the register and of the code, by which it is counted and said.

    As long as it is the same, counting what changed is exact; another one counts everything anew.
    """
    given = f"{code_version()} {settings.FIRST_CYCLE}"
    digest = hashlib.md5(given.encode(), usedforsecurity=False)
    dates = Cycle.objects.values_list("code", "opens_on")
    digest.update(str(list(dates)).encode())
    with connection.cursor() as cursor:
        for table in FACTS:
            cursor.execute(f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY id)) FROM {table} t")  # noqa: S608  names from above
            digest.update(str(cursor.fetchone()).encode())
    return digest.hexdigest()


def _add(signed: list[tuple[Unit, int]]) -> None:
    """Adds what these units hold to the sums, or takes it out where the sign is negative."""
    fields: list[list[Any]] = [[], [], [], [], [], []]
    for unit, sign in signed:
        row = (unit.cycle, unit.member, unit.report, unit.before, unit.silence, sign)
        for values, value in zip(fields, row, strict=True):
            values.append(value)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a round of a thousand members, sorted
        cursor.execute(UNITS, fields)
        for statement in STEPS:
            cursor.execute(statement)


# A number for each unit: what is joined a million times is joined by two numbers.
UNITS = """
CREATE TEMPORARY TABLE summing AS
SELECT u.unit::int, u.cycle, c.opens_on, m.id AS member_id, m.code AS member, m.kind, m.region,
       u.report_id, u.before_id, u.silence, u.sign
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::int[])
     WITH ORDINALITY AS u (cycle, member, report_id, before_id, silence, sign, unit)
JOIN reporting_cycle c ON c.code = u.cycle
JOIN members_member m ON m.code = u.member
"""

# What each member owed on the day its round opened; by endorsement where that is the strongest.
OWED = """
CREATE TEMPORARY TABLE owing AS
SELECT u.unit, o.commitment_id, min(o.strength) = 2 AS endorsed
FROM summing u
JOIN commitments_obligation o ON o.member_id = u.member_id
 AND o.since <= u.opens_on AND (o.until IS NULL OR o.until > u.opens_on)
GROUP BY u.unit, o.commitment_id
"""
ANSWERED = """
CREATE TEMPORARY TABLE answering AS
SELECT u.unit, c.id AS commitment_id, a.status, a.withheld, a.support_requested
FROM summing u
JOIN reporting_publishedanswer a ON a.report_id = u.report_id
JOIN commitments_commitment c ON c.reference = a.commitment
"""
BEFORE = """
CREATE TEMPORARY TABLE answered_before AS
SELECT u.unit, c.id AS commitment_id, b.status
FROM summing u
JOIN reporting_publishedanswer b ON b.report_id = u.before_id
JOIN commitments_commitment c ON c.reference = b.commitment
"""

ADD = """
INSERT INTO reporting_sum (cycle, scope, kind, endorsed, status, obligations, withheld,
                             support, moved_on, unchanged, moved_back)
WITH RECURSIVE up AS (
    SELECT id AS leaf, id, reference, parent_id FROM commitments_commitment
  UNION ALL
    SELECT up.leaf, p.id, p.reference, p.parent_id
    FROM up JOIN commitments_commitment p ON p.id = up.parent_id
),
said AS (
    SELECT unit, u.cycle, u.kind, u.region, commitment_id, l.endorsed, u.sign,
           coalesce(a.status, u.silence) AS status,
           CASE WHEN a.withheld THEN u.sign ELSE 0 END AS withheld,
           CASE WHEN a.support_requested THEN u.sign ELSE 0 END AS support,
           array_position(way.steps, a.status) - array_position(way.steps, b.status) AS moved
    FROM owing l
    JOIN summing u USING (unit)
    LEFT JOIN answering a USING (unit, commitment_id)
    LEFT JOIN answered_before b USING (unit, commitment_id)
    -- How far a promise is; the other answers are on no such way.
    CROSS JOIN (VALUES (ARRAY['not_started', 'planned', 'in_progress', 'implemented']))
            AS way (steps)
),
counted AS MATERIALIZED (
    SELECT unit, cycle, kind, region, commitment_id, endorsed, status,
           sum(sign) AS obligations, sum(withheld) AS withheld, sum(support) AS support,
           sum(CASE WHEN moved > 0 THEN sign ELSE 0 END) AS moved_on,
           sum(CASE WHEN moved = 0 THEN sign ELSE 0 END) AS unchanged,
           sum(CASE WHEN moved < 0 THEN sign ELSE 0 END) AS moved_back
    FROM said
    GROUP BY GROUPING SETS (
        (commitment_id, status, endorsed, kind, region, cycle),
        (unit, status, endorsed, kind, cycle)
    )
),
of_clauses AS (SELECT * FROM counted WHERE unit IS NULL),
scope_of_clause AS (
    SELECT c.id AS commitment_id, 'statement-' || s.code AS scope
    FROM commitments_commitment c JOIN commitments_statement s ON s.id = c.statement_id
  UNION ALL
    SELECT up.leaf, 'commitment-' || up.reference FROM up
  UNION ALL
    SELECT tc.commitment_id, 'theme-' || t.code
    FROM commitments_themeofcommitment tc JOIN commitments_theme t ON t.id = tc.theme_id
),
scope_of_unit AS (
    SELECT unit, 'member-' || member AS scope FROM summing
  UNION ALL
    SELECT u.unit, 'group-' || g.code
    FROM summing u
    JOIN members_group g ON EXISTS (
        SELECT FROM members_groupmember p
        WHERE p.group_id = g.id AND p.member_id = u.member_id
          AND (p.since IS NULL OR p.since <= u.opens_on)
          AND (p.until IS NULL OR p.until > u.opens_on)
    )
),
scoped AS (
    SELECT 'cycle-' || cycle AS scope, of_clauses.* FROM of_clauses
  UNION ALL
    SELECT 'region-' || region, of_clauses.* FROM of_clauses WHERE region <> ''
  UNION ALL
    SELECT scope, of_clauses.* FROM of_clauses JOIN scope_of_clause USING (commitment_id)
  UNION ALL
    SELECT scope, counted.* FROM counted JOIN scope_of_unit USING (unit)
)
SELECT cycle, scope, kind, endorsed, status, sum(obligations), sum(withheld), sum(support),
       sum(moved_on), sum(unchanged), sum(moved_back)
FROM scoped
GROUP BY cycle, scope, kind, endorsed, status
HAVING sum(obligations) <> 0 OR sum(withheld) <> 0 OR sum(support) <> 0
    OR sum(moved_on) <> 0 OR sum(unchanged) <> 0 OR sum(moved_back) <> 0
ON CONFLICT (scope, cycle, kind, endorsed, status) DO UPDATE SET
    obligations = reporting_sum.obligations + excluded.obligations,
    withheld = reporting_sum.withheld + excluded.withheld,
    support = reporting_sum.support + excluded.support,
    moved_on = reporting_sum.moved_on + excluded.moved_on,
    unchanged = reporting_sum.unchanged + excluded.unchanged,
    moved_back = reporting_sum.moved_back + excluded.moved_back
"""

# Steps with statistics of their own: as one statement, a million rows are planned as a hundred.
STEPS = (
    *("ANALYZE summing", OWED, ANSWERED, BEFORE),
    *("ANALYZE owing", "ANALYZE answering", "ANALYZE answered_before"),
    *(ADD, "DROP TABLE summing, owing, answering, answered_before"),
)

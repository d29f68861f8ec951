"""What is judged beside the self-reports: by the dates of this register, by the treaty record, or
by the numbers; of clauses that are judged so, and always of everyone who is bound.
"""

import datetime as dt
from collections import Counter
from typing import Any

from commitments.models import Commitment
from members.api.parameters import Moment
from members.models import TreatyFact

from ...figures import rounds_of
from ...models import Cycle, Indicator
from ...summaries.telling import REASONS
from ...tallies import Bound, Line
from ...verdicts import MET, SIGNED_ALONE, ZERO_BASE, of_treaty
from .register import counted, counted_all, grouped

# How a report that was owed stands to its day, as receipts say it.
TIMELINESS = ("on_time", "late", "missed", "excused")


def judged(clause: Commitment, facts: Bound, moment: Moment) -> dict[str, Any]:
    """`record`: rows by round, for clauses that the register's own dates judge; `treaty`: rows by
    kind, for the one that the treaty record judges. Both None for all other clauses."""
    found: dict[str, Any] = {"record": None, "treaty": None}
    if clause.verified_by == Commitment.VerifiedBy.RECORD and clause.is_leaf:
        found["record"] = _record(facts, moment)
    if clause.verified_by == Commitment.VerifiedBy.TREATY and clause.is_leaf:
        found["treaty"] = _treaty(facts, moment)
    return found


def _record(facts: Bound, moment: Moment) -> list[dict[str, Any]]:
    """By round and kind: who of those bound when it opened reported, and whether in time."""
    begun = Cycle.objects.begun(moment.day)
    rows = []
    for seen in rounds_of(list(begun), moment.as_of):
        bound = facts.on(seen.cycle.opens_on)
        for group in grouped(bound):
            those = [ln for ln in bound if (ln.kind, ln.basis) == (group.kind, group.basis)]
            named = [line.member for line in those if line.in_counts]
            told = Counter(how for code in named if (how := seen.receipts.get(code, ("", None))[0]))
            row = {"cycle": seen.cycle.code, "words": group.words, "of": group.total}
            why = seen.untold("on_time", group.total)
            row |= {"why": REASONS.get(why, why) if why else "", "all": told}
            rows.append(row | {"counts": [told[how] for how in TIMELINESS]})
    return rows


def _treaty(facts: Bound, moment: Moment) -> dict[str, Any]:
    """By kind of member bound: of how many the treaty record meets the clause, and why of none."""
    stages: dict[str, dict[str, Any]] = {}
    known = TreatyFact.objects.filter(treaty=TreatyFact.LANZAROTE, on__lte=moment.day)
    for code, stage, on in known.values_list("member__code", "stage", "on"):
        stages.setdefault(code, {})[stage] = on
    by_kind: dict[str, list[Line]] = {}
    for line in facts.on(moment.day):
        if line.in_counts:
            by_kind.setdefault(line.kind, []).append(line)
    rows = []
    for kind, lines in by_kind.items():
        found = [of_treaty(stages.get(line.member, {}), moment.day) for line in lines]
        met = sum(one.verdict == MET for one in found)
        signed = sum(one.reason == SIGNED_ALONE for one in found)
        row = {"words": counted(kind, len(lines)), "met": met, "signed": signed}
        rows.append(row | {"unknown": len(lines) - met - signed})
    return {"rows": rows, "recorded": bool(stages)}


def with_bound(verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Verdicts on numeric targets, each with its clause, who was bound at the end of its year, and
    whether those counted gave figures for both years or for the one alone."""
    if not verdicts:
        return []
    clauses = dict(Indicator.objects.values_list("code", "commitment__reference"))
    facts = {code: Bound(commitment__reference=code) for code in set(clauses.values())}
    return [_with_bound(row, clauses[row["indicator"]], facts) for row in verdicts]


def _with_bound(row: dict[str, Any], clause: str, facts: dict[str, Bound]) -> dict[str, Any]:
    bound = facts[clause].on(dt.date(row["year"], 12, 31))
    kinds = Counter(line.kind for line in bound if line.in_counts)
    both = row["reason"] in (None, ZERO_BASE)
    return row | {"clause": clause, "bound": counted_all(kinds), "both": both}

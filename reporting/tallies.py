"""How everyone bound answered, clause by clause: the one count behind pages and summaries.

Who is bound comes from the register, what was said from the published rows. Whoever published
no answer is counted too, by what that means: it was excused, no report was expected of it, or
it has no answer. Counts are kept per kind of member and per basis, and members that report
through another are in none of them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg

from commitments.models import Commitment, Obligation
from members.models import Member

from .figures import SILENCES, Round
from .models import PublishedAnswer

# The statuses of an answer in the order of every bar and table: three fills and an empty box,
# then what is a line.
ANSWERS = ["implemented", "in_progress", "planned", "not_started"]
OTHER_ANSWERS = ["not_applicable", "nothing_to_report"]


@dataclass(frozen=True)
class Line:
    """One member's obligation on one clause, with its strongest basis."""

    member: str
    kind: str
    commitment: str
    statement: str
    basis: str
    since: dt.date
    in_counts: bool

    @property
    def key(self) -> tuple[str, str]:
        """The member and the clause, as published answers are looked up."""
        return self.member, self.commitment


@dataclass(frozen=True, order=True)
class Ended:
    """A clause that bound a member on one basis, from a day until another."""

    commitment: str
    statement: str
    basis: str
    since: dt.date
    until: dt.date


def apart(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The obligations by name or membership, and beside them those by endorsement."""
    own: list[Line] = []
    by_endorsement: list[Line] = []
    for line in lines:
        (by_endorsement if line.basis == "endorsement" else own).append(line)
    return own, by_endorsement


class Bound:
    """Who is bound by what, on any day: the dated facts are read once and folded here.

    `where` narrows the obligations as a filter does. A page that shows several rounds asks for
    each round's own day: a clause that did not bind yet is not silent.
    """

    def __init__(self, **where: Any) -> None:
        self.rows = list(
            Obligation.objects.filter(**where)
            .order_by("strength")
            .values_list(
                *("member__code", "member__kind", "commitment__reference", "statement__code"),
                *("basis", "since", "until", "member__reports_through"),
            )
        )

    def on(self, day: dt.date) -> list[Line]:
        """One line per member and clause at the end of `day`: strongest basis, earliest since."""
        found: dict[tuple[str, str], Line] = {}
        for member, kind, clause, statement, basis, since, until, through in self.rows:
            if since > day or (until and until <= day):
                continue
            line = found.get((member, clause))
            if line is None:
                line = Line(member, kind, clause, statement, basis, since, through is None)
            elif since < line.since:
                line = replace(line, since=since)
            found[member, clause] = line
        return list(found.values())

    def ended(self, day: dt.date) -> list[Ended]:
        """What bound once and no longer did at the end of `day`, on one basis each."""
        over = [row for row in self.rows if row[6] and row[6] <= day]
        return [Ended(clause, *period) for _m, _k, clause, *period, _t in over]


def owed_by_member(day: dt.date, **where: Any) -> dict[int, dict[str, str]]:
    """The clauses that bind each member at the end of `day`, each with its strongest basis.

    By the key of the member and the reference of the clause. The same as `Bound(...).on(day)`,
    for whoever draws them all: the database hands over one row for each member and basis, and no
    object is made for a line, of which there are tens of thousands.
    """
    named = dict(Commitment.objects.values_list("pk", "reference"))
    bound = Obligation.objects.filter(**where).in_force(day).values_list("member", "strength")
    rows = bound.annotate(clauses=ArrayAgg("commitment")).order_by("-strength")
    bases = Obligation.Basis.values
    found: dict[int, dict[str, str]] = {}
    for member, strength, clauses in rows:  # the strongest last: it stands
        owed = dict.fromkeys([named[clause] for clause in clauses], bases[strength - 1])
        found.setdefault(member, {}).update(owed)
    return found


@dataclass(frozen=True)
class Said:
    """The status of one published answer."""

    status: str
    withheld: bool
    synthetic: bool


def answers(seen: Round | None, **where: Any) -> dict[tuple[str, str], Said]:
    """The published answers of a round by member and clause; none without a round."""
    if seen is None:
        return {}
    rows = PublishedAnswer.objects.shown(seen.day).filter(cycle=seen.cycle.code, **where)
    shown = rows.values_list("member", "commitment", "status", "withheld", "synthetic")
    return {(member, clause): Said(*facts) for member, clause, *facts in shown}


def statuses_by_member(seen: Round | None) -> tuple[dict[str, dict[str, str]], bool]:
    """The status of each published answer of a round, by member and clause; are any synthetic?

    The same as `answers(seen)`, read by member and status as `owed_by_member` reads.
    """
    found: dict[str, dict[str, str]] = {}
    if seen is None:
        return found, False
    shown = PublishedAnswer.objects.shown(seen.day).filter(cycle=seen.cycle.code)
    rows = shown.values_list("member", "status", "synthetic").annotate(of=ArrayAgg("commitment"))
    synthetic = False
    for member, status, made_up, clauses in rows:
        found.setdefault(member, {}).update(dict.fromkeys(clauses, status))
        synthetic = synthetic or made_up
    return found, synthetic


def outcome(line: Line, said: Mapping[tuple[str, str], Said], seen: Round | None) -> str:
    """What became of an obligation in a round: the status of the answer, or a kind of silence.

    One of ANSWERS, OTHER_ANSWERS or SILENCES, as counts tell it; `waiting` where no round is shown
    at all.
    """
    if answer := said.get(line.key):
        return answer.status
    return seen.counted_silence(line.member) if seen else "waiting"


@dataclass
class Tally:
    """Members of one kind bound on one basis, and what became of it: the counts make `total`."""

    kind: str
    basis: str
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The parts of a bar, in their order: answers, then what no answer meant."""
        return [*self.said, *self.silences]

    @property
    def said(self) -> list[tuple[str, int]]:
        """Statuses that were answered at least once, in their order."""
        return self._some([*ANSWERS, *OTHER_ANSWERS])

    @property
    def silences(self) -> list[tuple[str, int]]:
        """What no answer meant at least once, in its order: those not asked first."""
        return self._some(SILENCES)

    def _some(self, names: Iterable[str]) -> list[tuple[str, int]]:
        return [(name, self.counts[name]) for name in names if self.counts[name]]


T = TypeVar("T", bound=Tally)


def tally(
    lines: Iterable[Line],
    said: Mapping[tuple[str, str], Said],
    seen: Round | None,
    made: type[T],
) -> list[T]:
    """Everyone bound, by basis and kind, with what became of it; the strongest basis first."""
    groups: dict[tuple[str, str], T] = {}
    for line in lines:
        if line.in_counts:
            group = groups.setdefault((line.basis, line.kind), made(line.kind, line.basis))
            group.total += 1
            group.counts[outcome(line, said, seen)] += 1
    bases, kinds = Obligation.Basis.values, Member.Kind.values
    return sorted(groups.values(), key=lambda g: (bases.index(g.basis), kinds.index(g.kind)))

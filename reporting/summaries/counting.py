"""The figures of each scope in each round, out of the sums and the public facts of a round."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from members.missing import NOT_APPLICABLE
from members.models import Member

from ..figures import NOT_COLLECTED, NOT_OPEN, TIMELINESS, Round
from ..models import Answer, Sum
from ..verdicts import MET, of_treaty
from .scopes import MEMBER, Register, Scope, kinds_of, members_of

# {"numerator": n, "denominator": n, "reason": None}; by kind of member and name of the figure.
Figure = dict[str, Any]
Figures = dict[str, dict[str, Figure]]

NO_EARLIER_ROUND = "no_earlier_round"
REPORTS_THROUGH_ANOTHER = "reports_through_another"
NEVER_PUBLISHED = "never_published"
NO_DATA = "no_data"
# Why a figure that would be counted of none is not given: "0 of 0" says nothing.
NO_MEMBERS, NOTHING_OWED = "no_members", "nothing_owed"
NOTHING_PUBLISHED, NOTHING_TO_COMPARE = "nothing_published", "nothing_to_compare"

# Answers to what was taken on by endorsement (a reading of the 2015 text) are counted apart.
BY_ENDORSEMENT = "_by_endorsement"
OF_REPORTS = ("expected", *TIMELINESS, "published", "nothing_to_report")
OF_OBLIGATIONS = (
    *(f"answers_{status}" for status in Answer.Status.values),
    *("unanswered", "unanswered_excused", "unanswered_not_expected"),
    *("answers_withheld", "moved_on", "unchanged", "moved_back"),
)
MOVES = ("moved_on", "unchanged", "moved_back")
# What these are counted of is less than the obligations.
NONE_OF = {"answers_withheld": NOTHING_PUBLISHED, **dict.fromkeys(MOVES, NOTHING_TO_COMPARE)}
SILENCES = {
    "none": "unanswered",
    "waiting": "unanswered",  # not yet published, as far as anyone may know: the excused too
    "excused": "unanswered_excused",
    "not_expected": "unanswered_not_expected",
}
# What was asked for and cannot be said to the public, with the reason.
NEVER = {"support_requested": NEVER_PUBLISHED}
TREATY = "treaty_status"
NAMES = (
    *OF_REPORTS,
    *OF_OBLIGATIONS,
    *(f"{name}{BY_ENDORSEMENT}" for name in OF_OBLIGATIONS),
    *NEVER,
    TREATY,
)


@dataclass
class Counts:
    """The sums of one scope, round and kind on one basis, added up by name."""

    numbers: Counter[str] = field(default_factory=Counter)

    def add(self, row: dict[str, Any]) -> None:
        status, obligations = row["status"], row["obligations"]
        name = SILENCES.get(status, f"answers_{status}")
        self.numbers[name] += obligations
        self.numbers["obligations"] += obligations
        self.numbers["answered"] += 0 if status in SILENCES else obligations
        self.numbers["answers_withheld"] += row["withheld"]
        for move in MOVES:
            self.numbers[move] += row[move]
            self.numbers["compared"] += row[move]

    def of(self, name: str) -> int:
        """What the figure `name` is counted of."""
        if name in MOVES:
            return self.numbers["compared"]
        return self.numbers["answered" if name == "answers_withheld" else "obligations"]


COLUMNS = ("scope", "kind", "endorsed", "status", "obligations", "withheld", *MOVES)


@dataclass
class Counted:
    """One round, ready to be asked for the figures of any scope: a few queries for all of them."""

    seen: Round
    register: Register

    @cached_property
    def about(self) -> dict[str, set[str]]:
        """Whom each scope is about, by its key."""
        return members_of(self.seen, self.register)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of every member in denominators."""
        return dict(Member.objects.counted().values_list("code", "kind"))

    @cached_property
    def sums(self) -> dict[tuple[str, str, bool], Counts]:
        found: dict[tuple[str, str, bool], Counts] = defaultdict(Counts)
        for row in Sum.objects.filter(cycle=self.seen.cycle.code).values(*COLUMNS):
            found[row["scope"], row["kind"], row["endorsed"]].add(row)
        return found

    @cached_property
    def with_nothing(self) -> set[str]:
        """The members whose published report says on all that they owe: nothing to report."""
        said: dict[str, set[str]] = defaultdict(set)
        rows = Sum.objects.filter(
            cycle=self.seen.cycle.code, scope__startswith=f"{MEMBER}-"
        ).exclude(status__in=SILENCES)
        for scope, status in rows.values_list("scope", "status"):
            said[scope.removeprefix(f"{MEMBER}-")].add(status)
        return {code for code, all_said in said.items() if all_said == {"nothing_to_report"}}

    def figures(self, scope: Scope) -> Figures:
        """Every figure of a scope by kind of member: numerator, denominator, reason of a null."""
        if not self.seen.collected:
            return _missing(self.seen.kinds, NOT_COLLECTED)
        about = self.about.get(scope.name, set())
        if scope.kind == MEMBER and not about:
            return _missing(_own_kind(scope), REPORTS_THROUGH_ANOTHER)
        kinds = kinds_of(scope, self.seen, about, self.kinds)
        return {kind: self._of_kind(scope, kind, about) for kind in kinds}

    def _of_kind(self, scope: Scope, kind: str, about: Collection[str]) -> dict[str, Figure]:
        codes = {code for code in about if self.kinds[code] == kind}
        if not self.seen.opened:
            return {**_empty(NAMES, NOT_OPEN), "expected": self._expected(codes)}
        found = self._of_reports(codes)
        for endorsed, ending in ((False, ""), (True, BY_ENDORSEMENT)):
            counts = self.sums.get((scope.name, kind, endorsed), Counts())
            for name in OF_OBLIGATIONS:
                found[f"{name}{ending}"] = self._of_obligations(name, counts)
        found |= {name: figure(None, None, why) for name, why in NEVER.items()}
        return found | {TREATY: self._of_treaty(kind, codes)}

    def _expected(self, codes: set[str]) -> Figure:
        return counted(len(codes & self.seen.expected.keys()), len(codes), NO_MEMBERS)

    def _of_treaty(self, kind: str, codes: set[str]) -> Figure:
        """Government members whose treaty record meets 2022-M6; of the others nothing is known."""
        stages, last = self.register.treaties, self.seen.cycle.closes_on
        if not stages:
            return figure(None, None, NO_DATA)
        if kind != Member.Kind.GOVERNMENT:
            return figure(None, None, NOT_APPLICABLE)
        day = min(self.seen.day, last) if self.seen.day else last
        met = [code for code in codes if of_treaty(stages.get(code, {}), day).verdict == MET]
        return counted(len(met), len(codes), NO_MEMBERS)

    def _of_obligations(self, name: str, counts: Counts) -> Figure:
        if name in MOVES and self.seen.previous is None:
            return figure(None, None, NO_EARLIER_ROUND)
        if counts.of(name) and (why := self.seen.untold(name)):
            return figure(None, counts.of(name), why)
        return counted(counts.numbers[name], counts.of(name), NONE_OF.get(name, NOTHING_OWED))

    def _of_reports(self, codes: set[str]) -> dict[str, Figure]:
        """Figures about reports: of those expected in the scope; `expected` of all in it."""
        seen = self.seen
        expected = codes & seen.expected.keys()
        published = expected & seen.published.keys()
        found = {"expected": self._expected(codes)}
        for name in (*TIMELINESS, "published"):
            why = seen.untold(name, len(expected))
            n = None if why else sum(map(seen.chosen(name), expected))
            found[name] = figure(n, len(expected), why)
        nothing = len(published & self.with_nothing)
        found["nothing_to_report"] = counted(nothing, len(published), NOTHING_PUBLISHED)
        return found

    def missed_by(self, scope: Scope) -> list[str] | None:
        """The members of a scope that are said to have missed the round; None before that is."""
        if not (self.seen.collected and self.seen.announced):
            return None
        about = self.about.get(scope.name, set()) & self.seen.expected.keys()
        return sorted(filter(self.seen.was("missed"), about))


def figure(numerator: int | None, denominator: int | None, reason: str | None = None) -> Figure:
    return {"numerator": numerator, "denominator": denominator, "reason": reason}


def counted(numerator: int, denominator: int, of_none: str) -> Figure:
    """The figure, or, counted of none, the reason `of_none` for the number."""
    return figure(numerator, denominator) if denominator else figure(None, 0, of_none)


def _missing(kinds: list[str], reason: str) -> Figures:
    return {kind: _empty(NAMES, reason) for kind in kinds}


def _empty(names: Iterable[str], reason: str) -> dict[str, Figure]:
    return dict.fromkeys(names, figure(None, None, reason))


def _own_kind(scope: Scope) -> list[str]:
    return list(Member.objects.filter(code=scope.code).values_list("kind", flat=True))

"""A summary in words, for pages, reports on paper and tables: one wording for all of them."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment, Statement, Theme
from members.models import Group, Member

from ..figures import NOT_OPEN, NOT_YET_PUBLISHED
from ..models import Answer, Summary
from .counting import BY_ENDORSEMENT, OF_OBLIGATIONS, OF_REPORTS
from .counting import SILENCES as NAMES_OF_SILENCE
from .judged import told
from .scopes import Scope, named

REASONS = {
    "not_collected": gettext_lazy("not collected by this register"),
    "not_yet_published": gettext_lazy("not yet published"),
    "no_earlier_round": gettext_lazy("no earlier round to compare with"),
    "reports_through_another": gettext_lazy("reports through another member"),
    "never_published": gettext_lazy("told to the secretariat alone, and never published"),
    "no_data": gettext_lazy("no data in this register yet"),
    "not_open": gettext_lazy("not open yet"),
    "no_members": gettext_lazy("no member of this kind"),
    "nothing_owed": gettext_lazy("nothing owed"),
    "nothing_published": gettext_lazy("nothing published yet"),
    "nothing_to_compare": gettext_lazy("nothing to compare"),
    "not_applicable": gettext_lazy("asked of government members alone"),
    "nobody": gettext_lazy("None is missing."),
    "not_expected": gettext_lazy("Nobody is bound, so no report was expected."),
    "of_the_alliance_alone": gettext_lazy(
        "A verdict is of the alliance; a member's own is not public."
    ),
    "no_value": gettext_lazy("None is judged: no member has published a figure yet."),
    "no_target": gettext_lazy("It holds no numeric target."),
    "no_round_yet": gettext_lazy("No round that is collected here has opened yet."),
}
WORDS = {
    "expected": gettext_lazy("Expected to report"),
    "received": gettext_lazy("Report received"),
    "on_time": gettext_lazy("On time, by the day that the member was given"),
    "on_time_by_original_date": gettext_lazy("On time, by the round's own day"),
    "late": gettext_lazy("Late"),
    "missed": gettext_lazy("Missing when the round ended"),
    "excused": gettext_lazy("Excused"),
    "published": gettext_lazy("Report published"),
    "nothing_to_report": gettext_lazy("Nothing to report at all"),
    "answers_implemented": gettext_lazy("Implemented"),
    "answers_in_progress": gettext_lazy("In progress"),
    "answers_planned": gettext_lazy("Planned"),
    "answers_not_started": gettext_lazy("Not started"),
    "answers_not_applicable": gettext_lazy("Not applicable"),
    "answers_nothing_to_report": gettext_lazy("Nothing to report"),
    "unanswered": gettext_lazy("No published answer"),
    "unanswered_excused": gettext_lazy("No answer, the member is excused"),
    "unanswered_not_expected": gettext_lazy("No answer, no report was expected"),
    "answers_withheld": gettext_lazy("Answers with their text withheld"),
    "moved_on": gettext_lazy("Further than in the round before"),
    "unchanged": gettext_lazy("As in the round before"),
    "moved_back": gettext_lazy("Less far than in the round before"),
    "support_requested": gettext_lazy("Support asked for"),
    "treaty_status": gettext_lazy("Recorded as met; of the others it is not known"),
}
REPORTS = gettext_lazy("Reports")
OBLIGATIONS = gettext_lazy("Obligations by name and by membership")
ENDORSED = gettext_lazy("Obligations by endorsement (reading of the 2015 text)")
TREATIES = gettext_lazy("Lanzarote Convention or similar legislation (2022-M6)")
UNSAID = gettext_lazy("Kept from the public")
NEED_NOT_ADD_UP = gettext_lazy(
    "A report that comes after its round has ended is received, and stays among those missing "
    "then; an excused member may report all the same. So these numbers need not add up."
)
UNTIL_ANNOUNCED = gettext_lazy(
    "Until the secretariat announces who reported, it is not public who is excused: the excused "
    "are among those without a published answer."
)
GROUPS = {
    "reports": (REPORTS, OF_REPORTS),
    "obligations": (OBLIGATIONS, OF_OBLIGATIONS),
    "endorsed": (ENDORSED, tuple(f"{name}{BY_ENDORSEMENT}" for name in OF_OBLIGATIONS)),
    "treaty": (TREATIES, ("treaty_status",)),
    "unsaid": (UNSAID, ("support_requested",)),
}
OWED = ("obligations", "endorsed")
# A clause and a statement stand on their own; these say what sort of thing they are.
SORTS = {
    "cycle": gettext_lazy("Rounds"),
    "statement": gettext_lazy("Statements"),
    "theme": gettext_lazy("Themes"),
    "region": gettext_lazy("Regions"),
    "group": gettext_lazy("Groups"),
    "commitment": gettext_lazy("Clauses"),
    "member": gettext_lazy("Members"),
}


# What a row written by an earlier release, shown until the next build, does not say.
SAYS_LESS: dict[str, Any] = {
    "cycle": None,
    "rounds": {},
    "missed_by": None,
    "verdicts": [],
    "missing": {},
}


@dataclass(frozen=True)
class Cell:
    """One figure of one kind of member, with that of the round before beside it."""

    kind: str
    n: int | None
    of: int | None
    code: str | None
    reason: Any
    before: tuple[int, int] | None
    kind_words: str
    before_words: str

    @property
    def words(self) -> str:
        """The figure with its denominator, or why there is none."""
        if self.n is None:
            return str(self.reason)
        return _("%(n)s of %(of)s") % {"n": grouped(self.n), "of": grouped(self.of)}


@dataclass(frozen=True)
class Line:
    """One figure of all kinds of member, in words."""

    name: str
    words: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Part:
    """Figures that are counted of the same, in the order of the vocabulary."""

    code: str
    title: Any
    lines: list[Line]

    @property
    def why(self) -> Any:
        """The one reason for which none of several figures is given; None where they differ."""
        cells = [cell for line in self.lines for cell in line.cells]
        reasons = {cell.reason for cell in cells}
        alone = len(self.lines) > 1 and len(reasons) == 1 and all(c.n is None for c in cells)
        return reasons.pop() if alone else None

    @property
    def caveat(self) -> Any:
        """What to mind when several of its lines are read together; empty for most."""
        if self.code == "reports":
            return NEED_NOT_ADD_UP
        excused = [cell for line in self.lines if _is_split(line.name) for cell in line.cells]
        untold = any(cell.code == NOT_YET_PUBLISHED for cell in excused)
        return UNTIL_ANNOUNCED if untold else ""


def grouped(number: int | None) -> str:
    """A number as on pages and paper: thousands are parted as the language does."""
    return str(number_format(number or 0, 0, force_grouping=True))


class Told:
    """One built summary, ready to be shown."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.scope: Scope = named(summary.scope)
        self.row: dict[str, Any] = SAYS_LESS | json.loads(summary.row)

    @cached_property
    def verdicts(self) -> list[dict[str, Any]]:
        """The verdicts on numeric targets, with their arithmetic in the reader's language."""
        return told(self.row["verdicts"])

    @property
    def kinds(self) -> list[str]:
        """The kinds of member that there are figures of."""
        return list(self.row["figures"])

    @cached_property
    def kind_words(self) -> dict[str, str]:
        """What those kinds are called in a heading, in the reader's language."""
        return {kind: capfirst(str(Member.Kind(kind).label)) for kind in self.kinds}

    @cached_property
    def before(self) -> str | None:
        """The code of the round that the figures are compared with."""
        earlier = [code for code in self.row["rounds"] if code < (self.row["cycle"] or "")]
        return max(earlier, default=None)

    @property
    def announced(self) -> bool:
        """Is it public who reported in the round that the figures are of?"""
        return self.row["missed_by"] is not None

    @property
    def opened(self) -> bool:
        """Had the round that the figures are of opened when they were built?"""
        return self.row["missing"].get("missed_by") != NOT_OPEN

    @property
    def parts(self) -> list[Part]:
        """All figures in groups; what nobody owes by endorsement is left out."""
        parts = [
            Part(code, title, [self._line(name) for name in names if self._has(name)])
            for code, (title, names) in GROUPS.items()
        ]
        return [part for part in parts if part.code != "endorsed" or _is_about_something(part)]

    def _has(self, name: str) -> bool:
        return all(name in figures for figures in self.row["figures"].values())

    @staticmethod
    def words(name: str) -> str:
        """What the figure of this name counts, in the reader's language."""
        return str(WORDS[name.removesuffix(BY_ENDORSEMENT)])

    def _line(self, name: str) -> Line:
        return Line(name, self.words(name), [self._cell(kind, name) for kind in self.kinds])

    def _cell(self, kind: str, name: str) -> Cell:
        one = self.row["figures"][kind][name]
        then = self.row["rounds"].get(self.before, {}).get(kind, {}).get(name)
        before, told = None, ""
        if then and then["numerator"] is not None and one["numerator"] is not None:
            before = then["numerator"], then["denominator"]
            words = {"round": self.before, "n": grouped(before[0]), "of": grouped(before[1])}
            told = _("%(round)s: %(n)s of %(of)s") % words
        reason = REASONS.get(one["reason"], one["reason"])
        number, of = one["numerator"], one["denominator"]
        return Cell(kind, number, of, one["reason"], reason, before, self.kind_words[kind], told)

    def answers(self, kind: str, ending: str = "") -> Iterator[tuple[str, int, Mapping[str, int]]]:
        """By round: how many obligations a kind of member had, and what became of them.

        None for a round that has not opened: that of the round before would stand alone.
        """
        if not self.opened:
            return
        for code, figures in self.row["rounds"].items():
            if counted := outcomes(figures.get(kind, {}), ending):
                yield code, sum(counted.values()), counted

    def receipts(self, kind: str) -> Iterator[tuple[str, Mapping[str, int]]]:
        """By round of which it is announced: how the reports of a kind of member came.

        Every expected one is in one of these, `untold` where there is no receipt of it.
        """
        for code, figures in self.row["rounds"].items():
            numbers = {name: one["numerator"] for name, one in figures.get(kind, {}).items()}
            if numbers.get("received") is not None and numbers["expected"]:
                found = {way: numbers[way] for way in ("on_time", "late", "missed", "excused")}
                yield code, found | {"untold": numbers["expected"] - sum(found.values())}


def outcomes(figures: Mapping[str, Any], ending: str = "") -> Counter[str]:
    """How many obligations have which answer or silence; empty where nobody owes anything.

    Until the receipts of a round are announced, a missing answer is `waiting` and no silence.
    """
    found: Counter[str] = Counter()
    for status in Answer.Status.values:
        found[status] = (figures.get(f"answers_{status}{ending}") or {}).get("numerator") or 0
    waiting = (figures.get("received") or {}).get("reason") == NOT_YET_PUBLISHED
    for silence in ("waiting" if waiting else "none", "excused", "not_expected"):
        name = f"{NAMES_OF_SILENCE[silence]}{ending}"
        found[silence] = (figures.get(name) or {}).get("numerator") or 0
    return +found


def _is_split(name: str) -> bool:
    """Does the figure of this name tell the excused apart among the obligations?"""
    return name.removesuffix(BY_ENDORSEMENT) == NAMES_OF_SILENCE["excused"]


def _is_about_something(part: Part) -> bool:
    return any(cell.of for line in part.lines for cell in line.cells)


def titles(scopes: list[Scope]) -> dict[str, str]:
    """What each scope is called, by its key, in the reader's language.

    A query for each sort of thing that is among them.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for scope in scopes:
        codes[scope.kind].append(scope.code)
    words = {kind: NAMED[kind](asked) for kind, asked in codes.items()}
    return {scope.name: str(words[scope.kind].get(scope.code, scope.code)) for scope in scopes}


def _rounds(codes: list[str]) -> dict[str, Any]:
    return {code: _("Round of %(code)s") % {"code": code} for code in codes}


def _statements(codes: list[str]) -> dict[str, Any]:
    found = Statement.objects.filter(code__in=codes).values_list("code", "title")
    return {code: f"{code}, {title}" for code, title in found}


def _clauses(codes: list[str]) -> dict[str, Any]:
    found = Commitment.objects.filter(reference__in=codes).values_list("reference", "title")
    return {code: f"{code}, {title}" for code, title in found}


def _themes(codes: list[str]) -> dict[str, Any]:
    return dict(Theme.objects.filter(code__in=codes).values_list("code", "label"))


def _groups(codes: list[str]) -> dict[str, Any]:
    return dict(Group.objects.filter(code__in=codes).values_list("code", "name"))


def _members(codes: list[str]) -> dict[str, Any]:
    found = Member.objects.named(timezone.now().date()).filter(code__in=codes)
    return dict(found.values_list("code", "display_name"))


NAMED: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    "cycle": _rounds,
    "statement": _statements,
    "commitment": _clauses,
    "theme": _themes,
    "region": lambda codes: dict(Member.Region.choices),
    "group": _groups,
    "member": _members,
}

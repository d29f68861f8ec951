"""The figures of a round, read from what is public and from nothing else.

Every page, the API and the summaries count through this file, so that no two of them differ.
Figures are given per kind of member and never added up over kinds.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from members.missing import NOT_EXPECTED
from members.models import Member, Suspension

from .models import Cycle, Extension, PublishedObservation, PublishedReport, Receipt
from .querysets import ShownQuerySet
from .rounds import expected_by_round

NOT_COLLECTED = "not_collected"
NOT_YET_PUBLISHED = "not_yet_published"
NOT_OPEN = "not_open"

# What the secretariat makes public for all members at once, when it announces receipts; and what
# is known of a round before it opens.
TIMELINESS = ("received", "on_time", "on_time_by_original_date", "late", "missed", "excused")
BY_THE_ACT = {*TIMELINESS, "unanswered_excused"}
KNOWN_BEFORE = {"members", "expected"}

# What it may mean that a member has no published answer: it was not asked, and why; it is not
# public yet who reported; or, only then, that there is no answer.
NOT_ASKED = ["excused", "not_expected", NOT_COLLECTED]
SILENCES = [*NOT_ASKED, "waiting", "none"]

# The number of members by kind, over the kinds that have members.
ByKind = dict[str, int]


@dataclass
class Reading:
    """What is public about several rounds, read with a fixed number of statements."""

    cycles: Sequence[Cycle]
    day: dt.date | None = None

    @cached_property
    def counted(self) -> list[tuple[int, str, dt.date | None, dt.date | None]]:
        """Of each member that reports for itself: key, kind, since and until when it is one."""
        return list(Member.objects.counted().values_list("pk", "kind", "joined_on", "left_on"))

    @cached_property
    def away(self) -> list[tuple[int, dt.date, dt.date]]:
        """Of members that had left and came back: key, since and until when they were none."""
        times = Suspension.objects.filter(kind=Suspension.Kind.AWAY, until__isnull=False)
        return list(times.values_list("member", "since", "until"))

    @cached_property
    def kinds(self) -> list[str]:
        found = {kind for _key, kind, _joined, _left in self.counted}
        return [kind for kind in Member.Kind.values if kind in found]

    @cached_property
    def expected(self) -> dict[str, dict[str, str]]:
        return expected_by_round(self.cycles)

    @cached_property
    def published(self) -> dict[str, dict[str, str]]:
        shown = PublishedReport.objects.shown(self.day)
        found = self._by_round()
        for cycle, member, kind in self._of_these(shown).values_list("cycle", "member", "kind"):
            found[cycle][member] = kind
        return found

    @cached_property
    def receipts(self) -> dict[str, dict[str, tuple[str, dt.date | None]]]:
        columns = ("cycle", "member", "timeliness", "received_on")
        shown = Receipt.objects.shown(self.day)
        found = self._by_round()
        for cycle, member, timeliness, on in self._of_these(shown).values_list(*columns):
            found[cycle][member] = (timeliness, on)
        return found

    @cached_property
    def excuses(self) -> dict[str, set[str]]:
        """The members whose excuse is public by its own decision."""
        return self._decided(excused=True)

    @cached_property
    def extensions(self) -> dict[str, set[str]]:
        """The members that were given a later day by a decision that is public."""
        return self._decided(excused=False)

    def _decided(self, *, excused: bool) -> dict[str, set[str]]:
        day = self.day or timezone.now().date()
        decided = Extension.objects.in_force().filter(
            cycle__in=self.cycles, due_on__isnull=excused, published_on__lte=day
        )
        found: dict[str, set[str]] = defaultdict(set)
        for cycle, member in decided.values_list("cycle__code", "member__code"):
            found[cycle].add(member)
        return found

    def _of_these(self, rows: ShownQuerySet) -> ShownQuerySet:
        return rows.filter(cycle__in=[cycle.code for cycle in self.cycles])

    @staticmethod
    def _by_round() -> dict[str, dict[str, Any]]:
        return defaultdict(dict)


class Round:
    """One round as the public may know it at the end of `day` (UTC); without a day, now.

    Read it in one go: what is asked of it later comes from the same rows. Rounds that are
    looked at together share a `reading`: `rounds_of` makes such ones.
    """

    def __init__(
        self, cycle: Cycle, day: dt.date | None = None, reading: Reading | None = None
    ) -> None:
        self.cycle, self.day = cycle, day
        self.reading = reading or Reading([cycle], day)

    @property
    def kinds(self) -> list[str]:
        """The kinds of member that have members, in the order of the vocabulary."""
        return self.reading.kinds

    @property
    def collected(self) -> bool:
        return int(self.cycle.code) >= settings.FIRST_CYCLE

    @property
    def opened(self) -> bool:
        """Has the round opened? Before that nobody can have answered, and nobody is silent."""
        return self.cycle.opens_on <= (self.day or timezone.now().date())

    @property
    def announced(self) -> bool:
        """Has the secretariat made public who reported and who did not?"""
        announced_on = self.cycle.receipts_announced_on
        return announced_on is not None and (self.day is None or announced_on <= self.day)

    @property
    def members(self) -> ByKind:
        """The members of the alliance on the opening day that report for themselves, by kind."""
        day = self.cycle.opens_on
        away = {key for key, since, until in self.reading.away if since <= day < until}
        return self.by_kind(
            kind
            for key, kind, since, until in self.reading.counted
            if (since is None or since <= day) and (until is None or day < until)
            if key not in away
        )

    @property
    def expected(self) -> dict[str, str]:
        """The kind of each expected member, by code. Excused members stay among them."""
        return self.reading.expected[self.cycle.code]

    @property
    def published(self) -> dict[str, str]:
        """The kind of each member whose report is shown, by code, voluntary reports included."""
        return self.reading.published[self.cycle.code]

    @property
    def receipts(self) -> dict[str, tuple[str, dt.date | None]]:
        """Timeliness and day of receipt by member; empty until receipts are announced."""
        return self.reading.receipts[self.cycle.code] if self.announced else {}

    @cached_property
    def excused(self) -> set[str]:
        """The members whose excuse is public: by its own decision, or with the receipts."""
        by_receipt = {code for code, (how, _on) in self.receipts.items() if how == "excused"}
        return by_receipt | self.reading.excuses[self.cycle.code]

    @property
    def without(self) -> list[str]:
        """The expected members without a published report, excused ones too."""
        return [code for code in self.expected if code not in self.published]

    @cached_property
    def previous(self) -> str | None:
        """The code of the round before this one; None when that is not collected here."""
        before = Cycle.objects.collected().filter(code__lt=self.cycle.code)
        return before.order_by("-code").values_list("code", flat=True).first()

    def untold(self, name: str, expected: int | None = None) -> str | None:
        """Why the figure of this name has no number; None where it has one.

        Of the round as a whole, or of `expected` members from whom a report was expected. The
        one rule for the rows of rounds, the summaries and the pages.
        """
        if not self.collected:
            return NOT_COLLECTED
        if name in KNOWN_BEFORE:
            return None
        if not self.opened:
            return NOT_OPEN
        if expected == 0:
            return NOT_EXPECTED
        return NOT_YET_PUBLISHED if name in BY_THE_ACT and not self.announced else None

    def chosen(self, name: str) -> Callable[[str], bool]:
        """Which of the expected members the figure of this name counts: asked by code."""
        own = {
            "expected": lambda code: True,
            "published": lambda code: code in self.published,
            "received": self.came,
            "on_time_by_original_date": self.on_time_by_original_date,
        }
        return own.get(name) or self.was(name)

    def silence(self, member: str) -> str:
        """What it means that this member published no answer in this round: one of SILENCES."""
        if not self.collected:
            return NOT_COLLECTED
        if member not in self.expected:
            return "not_expected"
        if member in self.excused:
            return "excused"
        return "none" if self.announced else "waiting"

    def counted_silence(self, member: str) -> str:
        """The same as counts tell it: who is excused is among the others until all of it is public.

        One excuse may be public earlier, with its member's report. Its member's page says so; a
        number of excuses would pass for all of them.
        """
        silence = self.silence(member)
        return "waiting" if silence == "excused" and not self.announced else silence

    def on_time_by_original_date(self, code: str) -> bool:
        """Did its report come in time without counting on the extension that it was given?

        A receipt names a day and no hour: of an extended member, by the round's own day in UTC.
        """
        timeliness, came_on = self.receipts.get(code, ("", None))
        in_time = came_on is not None and came_on <= self.cycle.due_on
        return timeliness == "on_time" and (
            in_time or code not in self.reading.extensions[self.cycle.code]
        )

    def count(self, chosen: Callable[[str], bool]) -> ByKind:
        """How many expected members are chosen, by kind; a kind without any counts 0."""
        return self.by_kind(kind for code, kind in self.expected.items() if chosen(code))

    def by_kind(self, kinds: Iterable[str]) -> ByKind:
        counted = Counter(kinds)
        return {kind: counted[kind] for kind in self.kinds}

    def came(self, code: str) -> bool:
        """Did this member's report come, in time or not? Known once receipts are announced."""
        return code in self.receipts and self.receipts[code][1] is not None

    def was(self, timeliness: str) -> Callable[[str], bool]:
        return lambda code: code in self.receipts and self.receipts[code][0] == timeliness


def rounds_of(cycles: Sequence[Cycle], day: dt.date | None = None) -> list[Round]:
    """These rounds at the end of `day`; all are read together, with as many statements as one."""
    reading = Reading(cycles, day)
    return [Round(cycle, day, reading) for cycle in cycles]


def cycle_figures(seen: Round) -> dict[str, ByKind | str | None]:
    """`members`, `expected`, `received`, `on_time`, `published`, `voluntary`: {kind: n} or None.

    `expected` is counted out of `members`, the next three out of the expected; `voluntary`
    counts the published reports of others. A kind of which nobody was expected counts 0 of 0.
    `reason` says why a figure is None: `not_collected` for all of a round before FIRST_CYCLE,
    `not_yet_published` for `received` and `on_time` until the secretariat announces receipts, also
    before the round opens (design, sections 2 and 3); it is None when nothing is missing.
    """
    counts: dict[str, ByKind | str | None] = {"members": seen.members}
    for name in ("expected", "received", "on_time", "published"):
        counts[name] = seen.count(seen.chosen(name))
    voluntary = [kind for code, kind in seen.published.items() if code not in seen.expected]
    counts["voluntary"] = seen.by_kind(voluntary)
    told = {name: None if _untold(seen, name) else count for name, count in counts.items()}
    return told | {"reason": _untold(seen, "received")}


def _untold(seen: Round, name: str) -> str | None:
    """The same reason, where a round that has not opened is one that waits for the act."""
    why = seen.untold(name)
    if why != NOT_OPEN:
        return why
    return NOT_YET_PUBLISHED if name in BY_THE_ACT and not seen.announced else None


def measured(
    indicators: Collection[str],
) -> tuple[dict[str, dict[str, dict[int, int | None]]], set[str]]:
    """Published values by indicator, member and year, and the indicators with synthetic ones."""
    found: dict[str, dict[str, dict[int, int | None]]] = {}
    made_up = set()
    for one in PublishedObservation.objects.shown().filter(indicator__in=indicators):
        series = found.setdefault(one.indicator, {}).setdefault(one.member, {})
        series[one.year] = one.value
        if one.synthetic:
            made_up.add(one.indicator)
    return found, made_up

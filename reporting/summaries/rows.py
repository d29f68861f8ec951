"""The row of one scope: its figures in the round that counts now, in each round, and the rest."""

import datetime as dt
from collections import defaultdict
from functools import cached_property
from typing import Any

from members.missing import NOT_EXPECTED

from ..figures import NOT_YET_PUBLISHED, Round
from ..models import PublishedReport, Receipt
from .counting import Counted
from .judged import Verdicts, reasons_of
from .scopes import CYCLE, Register, Scope

NO_ROUND = "no_round_yet"
NOBODY = "nobody"


class World:
    """All that is public, read once, out of which every row of one build is made."""

    def __init__(self, rounds: list[Round], day: dt.date) -> None:
        self.day = day
        register = Register()
        self.rounds = {one.cycle.code: Counted(one, register) for one in rounds}
        self.verdicts = Verdicts(register)

    @cached_property
    def begun(self) -> list[str]:
        """The codes of the collected rounds that have opened, the oldest first."""
        return [
            code
            for code, counted in self.rounds.items()
            if counted.seen.collected and counted.seen.opened
        ]

    @cached_property
    def newest(self) -> str | None:
        """The round that counts now, as on the pages of clauses: the newest announced one.

        Without any, the newest with a published report; without any, the newest.
        """
        newest_first = [self.rounds[code].seen for code in reversed(self.begun)]
        announced = (seen for seen in newest_first if seen.announced and seen.published)
        published = (seen for seen in newest_first if seen.published)
        found = next(announced, None) or next(published, None) or next(iter(newest_first), None)
        return found.cycle.code if found else None

    @cached_property
    def synthetic(self) -> dict[str, set[str]]:
        """Of whom demonstration data is shown, by round."""
        found: dict[str, set[str]] = defaultdict(set)
        for model in (PublishedReport, Receipt):
            shown = model.objects.shown(self.day).filter(synthetic=True)
            for cycle, member in shown.values_list("cycle", "member"):
                found[cycle].add(member)
        return found

    def row(self, scope: Scope) -> dict[str, Any]:
        """What the summary of this scope says, but for its key and when it was built."""
        own = scope.code if scope.kind == CYCLE else self.newest
        codes = [code for code in [self._previous(scope), own] if code]
        if scope.kind != CYCLE:
            codes = self.begun
        rounds = {code: self.rounds[code].figures(_in_round(scope, code)) for code in codes}
        figures = rounds[own] if own else {}
        missed_by = self.rounds[own].missed_by(scope) if own else None
        verdicts = self.verdicts.of(scope, self._previous(scope))
        row: dict[str, Any] = {"cycle": own, "figures": figures, "rounds": rounds}
        row |= {"missed_by": missed_by, "verdicts": verdicts}
        return row | {
            "missing": self._missing(scope, row),
            "synthetic": self._is_synthetic(scope, codes),
        }

    def _previous(self, scope: Scope) -> str | None:
        return self.rounds[scope.code].seen.previous if scope.kind == CYCLE else None

    def _missing(self, scope: Scope, row: dict[str, Any]) -> dict[str, str]:
        """Why what is null or empty beside the figures is so, by the name of the field."""
        own, why = row["cycle"], dict[str, str]()
        if own is None:
            why["cycle"] = NO_ROUND
        if row["missed_by"] is None:
            untold = self.rounds[own].seen.untold("missed") if own else None
            why["missed_by"] = untold or NOT_YET_PUBLISHED
        elif not row["missed_by"]:
            why["missed_by"] = NOBODY if row["figures"] else NOT_EXPECTED
        if not row["rounds"]:
            why["rounds"] = NO_ROUND
        if own and not row["figures"]:
            why["figures"] = NOT_EXPECTED
        if not row["verdicts"]:
            why["verdicts"] = self.verdicts.why_none(scope)
        return why | reasons_of(row["verdicts"])

    def _is_synthetic(self, scope: Scope, codes: list[str]) -> bool:
        """Does anything that is counted here come from the demonstration?"""
        return any(
            self.rounds[code].about.get(_in_round(scope, code).name, set()) & self.synthetic[code]
            for code in codes
            if self.synthetic[code]
        )


def _in_round(scope: Scope, code: str) -> Scope:
    """What a scope is compared with in another round: a round with that one, all else itself."""
    return Scope(CYCLE, code) if scope.kind == CYCLE else scope

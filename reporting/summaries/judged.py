"""The public verdicts on numeric targets, as the summaries of rounds and clauses carry them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

from members.missing import NOT_APPLICABLE, with_reasons

from ..figures import measured
from ..models import Indicator
from ..verdicts import Series, of_alliance
from .scopes import CYCLE, Register, Scope

# The kinds of scope that a verdict of the alliance is about; one on a member is not public.
JUDGED = (CYCLE, "statement", "commitment", "theme")
OF_THE_ALLIANCE, NO_TARGET, NO_VALUE = "of_the_alliance_alone", "no_target", "no_value"


class Verdicts:
    """Every public verdict, read once, and which scopes it belongs to."""

    def __init__(self, register: Register) -> None:
        targets = dict(Indicator.objects.values_list("code", "commitment"))
        self.with_target = {name for one in targets.values() for name in register.scopes[one]}
        self.by_scope: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.all: list[dict[str, Any]] = []
        values, made_up = measured(targets)
        for code in sorted(values):
            for year in sorted({year for series in values[code].values() for year in series}):
                with translation.override("en"):  # kept; pages write theirs anew, see `told`
                    verdict = asdict(of_alliance(values[code], year))
                row = {"indicator": code, "year": year, **verdict, "synthetic": code in made_up}
                self.all.append(row)
                for name in register.scopes[targets[code]]:
                    self.by_scope[name].append(row)

    def of(self, scope: Scope, previous: str | None) -> list[dict[str, Any]]:
        """The verdicts of a scope; of a round those on the years since the one before it."""
        if scope.kind not in JUDGED:
            return []
        if scope.kind != CYCLE:
            return self.by_scope[scope.name]
        first = int(previous or int(scope.code) - 2)
        return [row for row in self.all if first <= row["year"] < int(scope.code)]

    def why_none(self, scope: Scope) -> str:
        """Why there is no verdict on a scope."""
        if scope.kind not in JUDGED:
            return OF_THE_ALLIANCE
        return NO_VALUE if scope.kind == CYCLE or scope.name in self.with_target else NO_TARGET


def told(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept verdicts with their arithmetic in the language in force, written anew from the numbers.

    Where the numbers that are published by now would say something else, the words stay as they
    were kept, and `quoted` says that they are English.
    """
    if not kept or get_language() == settings.LANGUAGE_CODE:
        return kept
    values, _made_up = measured({row["indicator"] for row in kept})
    return [row | _in_words(row, values.get(row["indicator"], {})) for row in kept]


def _in_words(row: dict[str, Any], values: Mapping[str, Series]) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        is_the_same = of_alliance(values, row["year"]).arithmetic == row["arithmetic"]
    if not is_the_same:
        return {"quoted": True}
    return {"arithmetic": of_alliance(values, row["year"]).arithmetic}


OF_A_VERDICT = {"reason": NOT_APPLICABLE, "value": NO_VALUE}


def reasons_of(verdicts: list[dict[str, Any]]) -> dict[str, str]:
    """Why fields of these verdicts are null, by their path in the row that carries them."""
    return with_reasons({"verdicts": verdicts}, {}, {"verdicts": OF_A_VERDICT})["missing"]

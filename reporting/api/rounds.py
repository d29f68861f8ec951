"""The reporting rounds with their figures."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from members.api.parameters import Moment
from members.api.resources import Resource, Row
from members.missing import NOT_APPLICABLE, with_reasons

from ..deadlines import state
from ..figures import Round, cycle_figures, rounds_of
from ..filters import CycleFilters
from ..models import Cycle, PublishedReport, Receipt
from .rows import CycleRow

FIGURES = ("members", "expected", "received", "on_time", "published", "voluntary")
OF_CYCLES = {
    **dict.fromkeys(FIGURES, lambda row: row["reason"]),
    "reason": NOT_APPLICABLE,
}


class Cycles(Resource):
    """Few rows: each is counted by the one function that pages and summaries count with."""

    name = "cycles"
    about = (
        "The biennial reporting rounds. Figures are given per kind of member and never over "
        "kinds; who reported in time is public only after the secretariat has announced it."
    )
    key = ("code",)
    item = "code"
    dated = True
    filters = CycleFilters
    row = CycleRow
    orders = {"code": "code"}

    def found(self, moment: Moment) -> QuerySet:
        return Cycle.objects.all()

    def rows(self, objects: Sequence[Cycle], moment: Moment) -> list[Row]:
        made_up = _synthetic_rounds(moment)
        rounds = rounds_of(objects, moment.as_of)
        return [cycle_row(seen, moment, seen.cycle.code in made_up) for seen in rounds]

    def is_synthetic(self, objects: Sequence[Any], rows: Sequence[Row]) -> bool:
        return any(row["synthetic"] for row in rows)


def cycle_row(seen: Round, moment: Moment, counts_synthetic: bool) -> Row:
    """One row of `cycles`; `counts_synthetic`: whether its figures count demonstration data."""
    cycle, figures = seen.cycle, cycle_figures(seen)
    row = {
        "code": cycle.code,
        "opens_on": cycle.opens_on,
        "due_on": cycle.due_on,
        "closes_on": cycle.closes_on,
        "state": state(cycle, moment.at, settings.FIRST_CYCLE),
        **figures,
        "synthetic": counts_synthetic and figures["expected"] is not None,
    }
    return with_reasons(row, OF_CYCLES)


def _synthetic_rounds(moment: Moment) -> set[str]:
    return {
        code
        for model in (PublishedReport, Receipt)
        for code in model.objects.shown(moment.as_of)
        .filter(synthetic=True)
        .values_list("cycle", flat=True)
        .distinct()
    }

"""What was published wrong, and what is right."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from members.api.parameters import Moment
from members.api.resources import Resource, Row
from members.missing import NOT_APPLICABLE, NOT_STATED, with_reasons

from ..filters import ErratumFilters
from ..models import Erratum
from .rows import ErratumRow

AS_THEY_ARE = ("number", "published_on", "what", "published_in")
FIGURES = ("old_value", "old_denominator", "new_value", "new_denominator")

OF_ERRATA = {
    **dict.fromkeys(("dataset", "figure", *FIGURES, "corrects"), NOT_APPLICABLE),
    "wrong_since": NOT_STATED,
}


class Errata(Resource):
    """Few rows, made from entries that never change."""

    name = "errata"
    about = (
        "Mistakes in what was published, each with the figure as it was and as it is. Entries "
        "stay; a mistaken one is corrected by another. as_of gives those published by that day."
    )
    key = ("number",)
    item = "number"
    dated = True
    filters = ErratumFilters
    row = ErratumRow
    orders = {"number": "number", "published_on": "published_on"}

    def found(self, moment: Moment) -> QuerySet:
        return Erratum.objects.shown(moment.as_of).select_related("corrects")

    def rows(self, objects: Sequence[Erratum], moment: Moment) -> list[Row]:
        return [erratum_row(entry) for entry in objects]

    def is_synthetic(self, objects: Sequence[Any], rows: Sequence[Row]) -> bool:
        return any(row["synthetic"] for row in rows)

    def one(self, key: str, moment: Moment) -> Any:
        """The entry of this number; what is no number is nobody's, and so is 007."""
        number = key if key == key.lstrip("0") and key.isascii() and key.isdigit() else "0"
        return super().one(number, moment)


def erratum_row(entry: Erratum) -> Row:
    """One row of `errata`."""
    row = {
        **{name: getattr(entry, name) for name in AS_THEY_ARE},
        "dataset": entry.dataset or None,
        "figure": entry.figure or None,
        **{name: getattr(entry, name) for name in FIGURES},
        "wrong_since": entry.wrong_since,
        "corrected_on": entry.corrected_on,
        "corrects": entry.corrects.number if entry.corrects else None,
        "synthetic": entry.synthetic,
    }
    return with_reasons(row, OF_ERRATA)

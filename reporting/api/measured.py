"""What is measured, the published values, and the computed judgement on a numeric target."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Coalesce

from commitments.api import OF_COMMITMENT, OF_MEMBER
from members.api.parameters import Moment
from members.api.resources import Resource, Row
from members.api.shape import Inclusion
from members.missing import FEWER_THAN_5, NOT_APPLICABLE, with_reasons

from ..figures import measured
from ..filters import IndicatorFilters, ObservationFilters, VerdictFilters
from ..models import Indicator, PublishedObservation
from ..verdicts import of_alliance
from .rows import IndicatorRow, ObservationRow, VerdictRow


class Indicators(Resource):
    name = "indicators"
    about = "The measured quantities that judge numeric targets."
    key = ("code",)
    filters = IndicatorFilters
    row = IndicatorRow
    includes = OF_COMMITMENT

    def found(self, moment: Moment) -> QuerySet:
        return Indicator.objects.select_related("commitment")

    def rows(self, objects: Sequence[Indicator], moment: Moment) -> list[Row]:
        return [
            {
                "indicator": indicator.code,
                "title": indicator.title,
                "commitment": indicator.commitment.reference,
                "unit": indicator.unit,
                "definition": indicator.definition,
            }
            for indicator in objects
        ]


OF_INDICATOR = {"indicator": Inclusion(Indicators(), lambda row: row["indicator"])}
# A withheld count is from 1 to 4; it is put among the fewest, before all that are told.
FEWEST = Value(-1, BigIntegerField())


class Observations(Resource):
    name = "observations"
    about = "Published yearly values of members. Counts from 1 to 4 are null: fewer than 5."
    key = ("indicator", "member", "year")
    filters = ObservationFilters
    row = ObservationRow
    orders = {"member": "member", "year": "year", "value": Coalesce("value", FEWEST)}
    includes = OF_MEMBER | OF_INDICATOR

    def found(self, moment: Moment) -> QuerySet:
        return PublishedObservation.objects.shown()

    def rows(self, objects: Sequence[PublishedObservation], moment: Moment) -> list[Row]:
        return [
            with_reasons(
                {
                    "indicator": one.indicator,
                    "member": one.member,
                    "year": one.year,
                    "value": one.value,
                    "synthetic": one.synthetic,
                },
                {"value": FEWER_THAN_5},
            )
            for one in objects
        ]

    def is_synthetic(self, objects: Sequence[Any], rows: Sequence[Row]) -> bool:
        return any(row["synthetic"] for row in rows)


OF_VERDICTS = {"member": NOT_APPLICABLE, "reason": NOT_APPLICABLE, "value": "no_value"}


class Verdicts(Observations):
    """One row per indicator and year that has published values: the alliance's verdict."""

    name = "verdicts"
    about = (
        "Whether the alliance met a numeric target in a year, with the arithmetic. A member's "
        "own verdict is not public."
    )
    key = ("indicator", "year")
    filters = VerdictFilters
    row = VerdictRow
    orders = {"year": "year"}
    includes = OF_INDICATOR

    def found(self, moment: Moment) -> QuerySet:
        return super().found(moment).order_by().values(*self.key).distinct()

    def key_of(self, thing: dict[str, Any]) -> list[Any]:
        return [thing[name] for name in self.key]

    def rows(self, objects: Sequence[dict[str, Any]], moment: Moment) -> list[Row]:
        values, made_up = measured({thing["indicator"] for thing in objects})
        return [
            with_reasons(
                thing
                | {"member": None, "synthetic": thing["indicator"] in made_up}
                | asdict(of_alliance(values[thing["indicator"]], thing["year"])),
                OF_VERDICTS,
            )
            for thing in objects
        ]

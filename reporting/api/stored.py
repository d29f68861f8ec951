"""Rows that are served as they were stored at publication: reports, progress, summaries."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet

from commitments.api import OF_COMMITMENT, OF_MEMBER, OF_STATEMENT, Members, told_of_search
from members.api.parameters import Moment
from members.api.problems import Fault, Refused
from members.api.resources import Resource, Row
from members.api.shape import Inclusion

from ..filters import FigureFilters, ProgressFilters, ReportFilters, SummaryFilters
from ..models import Figure, PublishedAnswer, PublishedReport, Summary
from ..models.published import Shown
from .rows import ProgressRow, ReportRow, SingleFigureRow, SummaryRow


class StoredRows(Resource):
    """Rows kept as JSON text, which a page puts side by side without reading them.

    That is why a page costs one query and no serialising. What is read of each is a tuple:
    the text, whether it is synthetic, and the values of the key.
    """

    model: ClassVar[type[Shown]]
    dated = True

    def found(self, moment: Moment) -> QuerySet:
        shown = self.model.objects.shown(moment.as_of)
        return shown.values_list("row", "synthetic", *self.key)

    def rows(self, objects: Sequence[Any], moment: Moment) -> list[Row]:
        return [orjson.Fragment(text) for text, *_ in objects]

    def opened(self, objects: Sequence[Any], rows: Sequence[Row]) -> Sequence[dict[str, Any]]:
        return [orjson.loads(text) for text, *_ in objects]

    def key_of(self, thing: Any) -> list[Any]:
        return list(thing[2 : 2 + len(self.key)])

    def ordered_by(self, thing: Any) -> Any:
        return thing[-1]

    def is_synthetic(self, objects: Sequence[Any], rows: Sequence[Row]) -> bool:
        return any(synthetic for _, synthetic, *_ in objects)


class Reports(StoredRows):
    name = "reports"
    about = "The newest published version of each report, as shown on a day."
    model = PublishedReport
    key = ("cycle", "member")
    item = "id"
    filters = ReportFilters
    row = ReportRow
    orders = {"member": "member", "published_on": "shown_from", "version": "version"}
    includes = OF_MEMBER

    def one(self, key: str, moment: Moment) -> Any:
        cycle, _, member = key.partition("-")
        found = self.found(moment).filter(cycle=cycle, member=member).first()
        if found is None:
            raise _gone(cycle, member, moment) or Refused(
                404, Fault("address", "not_found", f"No report {key} is published on {moment.day}.")
            )
        return found


class Progress(StoredRows):
    name = "progress"
    about = "What members published about each leaf, as shown on a day."
    model = PublishedAnswer
    key = ("cycle", "member", "commitment")
    filters = ProgressFilters
    row = ProgressRow
    orders = {"commitment": "commitment", "published_on": "shown_from"}
    includes = {
        "member": Inclusion(Members(), lambda row: row["member"]["code"]),
        **OF_COMMITMENT,
        **OF_STATEMENT,
    }

    def notes(self, given: Mapping[str, str]) -> dict[str, str]:
        return told_of_search(given)


class Summaries(StoredRows):
    name = "summaries"
    about = (
        "Built figures of a scope, each with numerator, denominator and the reason of a null. Kept "
        "from the first build of this site on: of an earlier day there are none."
    )
    model = Summary
    key = ("scope",)
    item = "scope"
    filters = SummaryFilters
    row = SummaryRow
    orders = {"built_at": "built_at"}

    def one(self, key: str, moment: Moment) -> Any:
        if (thing := self.found(moment).filter(scope=key).first()) is not None:
            return thing
        first = Summary.objects.filter(scope=key).order_by("shown_from").first()
        if first and moment.day < first.shown_from:
            detail = (
                f"There is no {key} among the summaries on {moment.day}: the first was built on "
                f"{first.shown_from}, and none is made up for the days before. What was published "
                "by then can be counted in reports and progress, which take the same day."
            )
            raise Refused(404, Fault("as_of", "before_first_build", detail))
        return super().one(key, moment)


class Figures(StoredRows):
    name = "figures"
    about = (
        "The figures of the summaries, one a row: a scope, a round, a kind of member and a figure, "
        "with numerator, denominator and what that counts. Made for tables; summaries says the "
        "same, all figures of a scope in one row, and of an earlier day than its first there are "
        "none."
    )
    model = Figure
    key = ("scope", "cycle", "kind", "figure")
    filters = FigureFilters
    row = SingleFigureRow
    orders = {"cycle": "cycle", "figure": "figure"}


def _gone(cycle: str, member: str, moment: Moment) -> Refused | None:
    """410 with the public note, where the last version shown by that day was withdrawn."""
    last = (
        PublishedReport.objects.filter(cycle=cycle, member=member, shown_until__lte=moment.day)
        .order_by("-shown_until", "-version", "-pk")
        .first()
    )
    if last is None or not last.withdrawn_because:
        return None
    headers = {"X_Data": "synthetic"} if last.synthetic else {}
    detail = f"Withdrawn on {last.shown_until}. {last.withdrawn_because}"
    return Refused(410, Fault("address", "withdrawn", detail), **headers)

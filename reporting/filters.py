"""The filters of rounds, published reports and answers, measured values and summaries."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from commitments import search
from commitments.filters import (
    SEARCHED,
    SearchFilter,
    leaves_of,
    references,
    statement_codes,
    themes,
)
from members.filters import (
    KINDS,
    REGIONS,
    CodesFilter,
    DatedFilterSet,
    YearsFilter,
    member_codes,
)

from .deadlines import STATES, state
from .models import Answer, Cycle, Erratum, Indicator, PublishedObservation, Summary
from .summaries.counting import NAMES
from .summaries.scopes import KINDS as SCOPES


def cycle_codes() -> Collection[str]:
    return Cycle.objects.values_list("code", flat=True)


def indicator_codes() -> Collection[str]:
    return Indicator.objects.values_list("code", flat=True)


def scopes() -> Collection[str]:
    """What a summary can be of: every round, and whatever else was summed up."""
    built = Summary.objects.order_by().values_list("scope", flat=True).distinct()
    return {*built, *(f"cycle-{code}" for code in cycle_codes())}


class CycleFilters(DatedFilterSet):
    state = CodesFilter(method="in_state", known=STATES, label="Where the round stands.")

    def in_state(self, found: QuerySet, name: str, states: list[str]) -> QuerySet:
        chosen = [
            cycle.pk
            for cycle in Cycle.objects.all()
            if state(cycle, self.at, settings.FIRST_CYCLE) in states
        ]
        return found.filter(pk__in=chosen)


class ReportFilters(DatedFilterSet):
    cycle = CodesFilter(known=cycle_codes, label="Codes of rounds: 2026.")
    member = CodesFilter(known=member_codes, label="Codes of members.")
    kind = CodesFilter(known=KINDS, label="Kinds of member.")
    region = CodesFilter(known=REGIONS, label="UN M49 regions, a statistical grouping.")


class ProgressFilters(ReportFilters):
    commitment = CodesFilter(
        method="of_clauses", known=references, label="References; a parent stands for its leaves."
    )
    statement = CodesFilter(known=statement_codes, label="Codes of statements.")
    status = CodesFilter(known=Answer.Status.values, label="What the member answered.")
    theme = CodesFilter("themes", lookup_expr="overlap", known=themes, label="Codes of themes.")
    q = SearchFilter(method="saying", label=f"Words in the published text. {SEARCHED}")

    def of_clauses(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        return found.filter(commitment__in=leaves_of(codes))

    def saying(self, found: QuerySet, name: str, question: search.Question) -> QuerySet:
        return search.holding(found, "words", question)


class ObservationFilters(DatedFilterSet):
    indicator = CodesFilter(known=indicator_codes, label="Codes of indicators.")
    member = CodesFilter(known=member_codes, label="Codes of members.")
    year = YearsFilter(label="Years.")


class IndicatorFilters(DatedFilterSet):
    indicator = CodesFilter("code", known=indicator_codes, label="Codes of indicators.")
    member = CodesFilter(method="seen", known=member_codes, label="With published values of these.")
    year = YearsFilter(method="seen", label="With published values for these years.")

    def seen(self, found: QuerySet, name: str, values: list[str]) -> QuerySet:
        observed = PublishedObservation.objects.shown().filter(indicator=OuterRef("code"))
        return found.filter(Exists(observed.filter(**{f"{name}__in": values})))


class VerdictFilters(ObservationFilters):
    member = CodesFilter(
        method="none", known=member_codes, label="No verdict on one member is public: gives none."
    )

    def none(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        return found.none()


class SummaryFilters(DatedFilterSet):
    scope = CodesFilter(known=scopes, label="What is summed up: cycle-2026.")


class FigureFilters(SummaryFilters):
    scope_kind = CodesFilter(known=SCOPES, label="What sorts of thing are summed up.")
    cycle = CodesFilter(known=cycle_codes, label="Codes of rounds: 2026.")
    kind = CodesFilter(known=KINDS, label="Kinds of member.")
    figure = CodesFilter(known=NAMES, label="Names of figures.")


class ErratumFilters(DatedFilterSet):
    dataset = CodesFilter(
        known=Erratum.Dataset.values, label="Datasets in which the mistake stood."
    )

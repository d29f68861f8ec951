"""What can be asked of commitments, signatures and obligations."""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, RowRange, Value, Window
from django.db.models.functions import Coalesce, NullIf

from members.querysets import DatedQuerySet, in_force

END_OF_TIME = dt.date.max


class CommitmentQuerySet(models.QuerySet):
    def with_leaf(self) -> Self:
        """The commitments with `is_leaf`: true for a clause without sub-clauses."""
        children = self.model._default_manager.filter(parent=OuterRef("pk"))
        return self.annotate(is_leaf=~Exists(children))

    def leaves(self) -> Self:
        return self.filter(children__isnull=True)

    def binding(self) -> Self:
        """The leaves that give obligations: each for itself, and more than a recognition."""
        return self.leaves().filter(duty="individual").exclude(kind="recognition")


class StatementQuerySet(models.QuerySet):
    def with_clauses(self) -> Self:
        """The statements with `clauses`, how many they have: without those that only hold others.

        Every page that tells a number of clauses tells this one.
        """
        leaf = Q(commitments__children__isnull=True)
        return self.annotate(clauses=Count("commitments", filter=leaf, distinct=True))


class SignatureQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        """The signatures in force at the end of `day` (UTC)."""
        return self.filter(in_force(day, "signed_on", "withdrawn_on"))


class ObligationQuerySet(DatedQuerySet):
    def lines(self, day: dt.date) -> Self:
        """One row per member and clause in force on `day`, in the order of members and texts.

        The row is that of the strongest basis, with `bases`, all bases in force, the strongest
        first, and the period of the line: `first_since`, the earliest beginning, and
        `last_until`, the latest end, null while one of the bases is open.

        Filter it by what names whole lines (member, commitment, statement), in any order; by
        `with_basis` and never by `basis`, which would fold fewer bases.
        """
        line: dict[str, Any] = {"partition_by": [F("member_id"), F("commitment_id")]}
        last = Window(Max(Coalesce("until", Value(END_OF_TIME))), **line)
        in_order: dict[str, Any] = {"order_by": "strength", "frame": RowRange()}
        return (
            self.in_force(day)
            .annotate(
                strongest=Window(Min("strength"), **line),
                bases=Window(ArrayAgg("basis"), **line, **in_order),
                first_since=Window(Min("since"), **line),
                last_until=NullIf(last, Value(END_OF_TIME)),
            )
            .filter(strength=F("strongest"))
            .order_by("member__code", "commitment__statement__position", "commitment__position")
        )

    def with_basis(self, *bases: str) -> Self:
        """Of the lines, those whose strongest basis is one of these."""
        order = self.model.Basis.values  # type: ignore[attr-defined]
        return self.filter(strongest__in=[order.index(basis) + 1 for basis in bases])

    def counted(self) -> Self:
        """The obligations of members that stand in denominators."""
        return self.filter(Q(member__reports_through__isnull=True))

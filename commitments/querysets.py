"""What can be asked of commitments, signatures and obligations."""

import datetime as dt
from typing import Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Window

from members.querysets import DatedQuerySet, in_force


class CommitmentQuerySet(models.QuerySet):
    def with_leaf(self) -> Self:
        """The commitments with `is_leaf`: true for a clause without sub-clauses."""
        children = self.model.objects.filter(parent=OuterRef("pk"))
        return self.annotate(is_leaf=~Exists(children))

    def leaves(self) -> Self:
        return self.filter(children__isnull=True)

    def binding(self) -> Self:
        """The leaves that give obligations: each for itself, and more than a recognition."""
        return self.leaves().filter(duty="individual").exclude(kind="recognition")


class SignatureQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        """The signatures in force at the end of `day` (UTC)."""
        return self.filter(in_force(day, "signed_on", "withdrawn_on"))


class ObligationQuerySet(DatedQuerySet):
    def lines(self, day: dt.date) -> Self:
        """One row per member and clause in force on `day`.

        The row is that of the strongest basis, with `first_since`, the earliest beginning, and
        `bases`, all bases in order of strength.
        """
        same_line = [F("member_id"), F("commitment_id")]
        return (
            self.in_force(day)
            .annotate(
                first_since=Window(Min("since"), partition_by=same_line),
                bases=Window(ArrayAgg("basis"), partition_by=same_line),
            )
            .order_by("member_id", "commitment_id", "strength")
            .distinct("member_id", "commitment_id")
        )

    def counted(self) -> Self:
        """The obligations of members that stand in denominators."""
        return self.filter(Q(member__reports_through__isnull=True))

from django.db import models

from commitments.models import Commitment
from members.models import User
from members.text import ProseField
from members.triggers import append_only

from ..querysets import GuidanceQuerySet


class Guidance(models.Model):
    """What the secretariat tells the writers about answering one clause; the newest row counts.

    Rows are only added, so what a writer was told when can still be read. An empty text takes
    the guidance away.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="guidance")
    number = models.PositiveIntegerField()
    text = ProseField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        ordering = ["commitment", "number"]
        triggers = append_only("guidance")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="guidance_numbered"),
            models.CheckConstraint(
                name="guidance_counts_from_one", condition=models.Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}, guidance {self.number}"

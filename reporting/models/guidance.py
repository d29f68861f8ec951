from django.db import models
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members.models import User
from members.text import ProseField
from members.triggers import append_only

from ..querysets import GuidanceQuerySet


class Guidance(models.Model):
    """What the secretariat tells the writers about answering one clause; the newest row counts.

    Rows are only added, so what a writer was told when can still be read. An empty text takes
    the guidance away. A row that nobody wrote came with the register (`reporting/data`).
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="guidance")
    number = models.PositiveIntegerField()
    text = ProseField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        ordering = ["commitment", "number"]
        triggers = append_only("guidance")
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="guidance_numbered"),
            models.CheckConstraint(
                name="guidance_counts_from_one", condition=models.Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="guidance_is_taken_away_by_somebody",
                condition=~models.Q(text="") | models.Q(written_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}, guidance {self.number}"

    @property
    def author(self) -> str:
        """Who wrote it, as the desk is told."""
        return str(self.written_by) if self.written_by else _("The register")

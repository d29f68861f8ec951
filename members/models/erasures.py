from django.db import models
from django.db.models import F, Q

from ..text import ProseField
from .people import User


class Erasure(models.Model):
    """A text that two administrators take out of the register, wherever it stands.

    It holds the text until it is done or dropped, and not a moment longer. The database's own
    function `erase_text` does the work, and asks once more that there are two.
    """

    text = ProseField(blank=True)
    folded = models.TextField(blank=True, help_text="The text as searches compare it.")
    reason = ProseField()
    places = models.JSONField(default=list, help_text="[{table, column, rows}], as previewed.")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    erratum = models.PositiveIntegerField(null=True, help_text="Its number, where it was public.")
    files = models.JSONField(default=list, help_text="The kept zips that held the text.")
    files_at = models.DateTimeField(null=True, help_text="When those were made anew.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="erasure_by_two",
                condition=Q(confirmed_by__isnull=True, done_at__isnull=True)
                | (Q(confirmed_by__isnull=False, done_at__isnull=False, dropped_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="erasure_not_by_one",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="erasure_keeps_no_text",
                condition=Q(done_at__isnull=True, dropped_at__isnull=True) | Q(text="", folded=""),
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def state(self) -> str:
        """`asked`, `done` or `dropped`."""
        return "done" if self.done_at else "dropped" if self.dropped_at else "asked"

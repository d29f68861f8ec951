"""Corrections of a published wording: what stood, what stands now, since when and why."""

from django.db import models
from django.db.models import F, Q

from members.models import User
from members.text import LineField, ProseField
from members.triggers import append_only, bumps_public_version

from .register import Commitment, Passage
from .wording import SAYS_WHAT_STOOD, TAKES_EFFECT


class Correction(models.Model):
    """A version of a clause's or a passage's wording after the first; rows are only ever added.

    The database writes the words where they stand, and refuses to change them otherwise.
    """

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    passage = models.ForeignKey(
        Passage, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    number = models.PositiveSmallIntegerField(help_text="The version; the first correction is 2.")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = LineField(max_length=300)
    lead_in_before = ProseField(blank=True)
    text_before = ProseField()
    lead_in = ProseField(blank=True)
    text = ProseField()

    class Meta:
        ordering = ["number", "pk"]
        triggers = [
            bumps_public_version(),
            *append_only("correction"),
            SAYS_WHAT_STOOD,
            TAKES_EFFECT,
        ]
        constraints = [
            models.CheckConstraint(
                name="correction_is_of_a_clause_or_a_passage",
                condition=Q(commitment__isnull=True) ^ Q(passage__isnull=True),
            ),
            models.CheckConstraint(
                name="correction_changes_words_and_says_why",
                condition=(~Q(text=F("text_before")) | ~Q(lead_in=F("lead_in_before")))
                & ~Q(text="")
                & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["commitment", "passage", "number"],
                nulls_distinct=False,
                name="correction_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment or self.passage} version {self.number}"

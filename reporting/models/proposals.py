from django.db import models
from django.db.models import F, Q

from members.models import User
from members.text import LineField
from members.triggers import append_only

from .reports import Answer, Said


class Proposal(Said):
    """What contributors propose as an answer, kept apart from it until it is taken over.

    Saved as an answer is: `version` grows by one with each save. `settled` is the newest version
    that was taken over or set aside; a proposal waits while its version is a later one.
    """

    answer = models.OneToOneField(Answer, models.PROTECT, related_name="proposal")
    version = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["answer"]
        constraints = [
            models.CheckConstraint(
                name="proposal_settled_as_far_as_written", condition=Q(settled__lte=F("version"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer}, proposed"

    @property
    def waits(self) -> bool:
        """Is there a version that nobody has taken over or set aside?"""
        return self.version > self.settled


class ProposalVersion(Said):
    """One kept version of a proposal; rows are only ever added."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    origin = LineField(max_length=12, default="form", help_text="form, autosave, import")

    class Meta:
        ordering = ["proposal", "version"]
        triggers = append_only("proposal_version")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "version"], name="proposal_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal} version {self.version}"

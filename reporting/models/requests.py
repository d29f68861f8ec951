"""What a member asks of the secretariat about its due date."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from members.models import Member, User
from members.text import ProseField

from .rounds import Cycle


class ExtensionRequest(models.Model):
    """A member asks to report later in a round, or not at all (`wanted_until` empty).

    The secretariat grants it, which makes the dated decision (`Extension`), or refuses it; either
    way with a reason. None of it is public: the decision becomes so, as every decision does.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    wanted_until = models.DateField(null=True, blank=True)
    reason = ProseField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answer = ProseField(blank=True, help_text="The reason of the decision; the member reads it.")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        triggers = [
            pgtrigger.ReadOnly(
                name="request_reads_the_same",
                exclude=["granted", "answer", "decided_by", "decided_on"],
            ),
            pgtrigger.Protect(
                name="decided_request_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__granted__isnull=False),
            ),
            pgtrigger.Protect(name="request_stays", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "member"],
                condition=Q(granted__isnull=True),
                name="request_open_once",
            ),
            models.CheckConstraint(name="request_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="request_decided_with_a_reason",
                condition=Q(
                    granted__isnull=True,
                    answer="",
                    decided_by__isnull=True,
                    decided_on__isnull=True,
                )
                | (
                    Q(
                        granted__isnull=False,
                        decided_by__isnull=False,
                        decided_on__isnull=False,
                    )
                    & ~Q(answer="")
                    & ~Q(decided_by=F("asked_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member}: asked on {self.asked_at:%Y-%m-%d}"

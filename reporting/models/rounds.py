from django.db import models
from django.db.models import F, Q

from commitments.models import Commitment
from members.models import Member, User
from members.text import LineField, ProseField
from members.triggers import (
    bumps_public_version,
    bumps_public_version_once,
    counts_changes,
)

from ..querysets import CycleQuerySet, ExtensionQuerySet


class Cycle(models.Model):
    """One biennial reporting round (pages say "round"); its code is the year it is due in."""

    code = LineField(max_length=4, unique=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField()
    receipts_announced_on = models.DateField(
        null=True,
        blank=True,
        help_text="When the secretariat made public who reported and who did not.",
    )

    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often its days have changed; calendars tell it."
    )

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version(), counts_changes("opens_on", "due_on", "closes_on")]
        constraints = [
            models.CheckConstraint(
                name="cycle_opens_then_is_due_then_closes",
                condition=Q(opens_on__lt=F("due_on")) & Q(due_on__lt=F("closes_on")),
            ),
            models.CheckConstraint(
                name="receipts_announced_after_closing",
                condition=Q(receipts_announced_on__isnull=True)
                | Q(receipts_announced_on__gt=F("closes_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AnnouncementNotice(models.Model):
    """That the members of a round were told who will be said to have reported, before everyone.

    A row of its own: a round's row is public, and that its members were told is not.
    """

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="announcement_notice")
    told_on = models.DateField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.cycle}, {self.told_on}"


class Extension(models.Model):
    """A dated, justified change of one member's due date; the cycle keeps the original.

    An excuse (`due_on` empty) means that no report is asked for in this round. One that was taken
    back has the round's own date.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="extensions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="extensions")
    due_on = models.DateField(null=True, blank=True)
    reason = ProseField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    published_on = models.DateField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(
        default=1, editable=False, help_text="How often the day was decided; calendars tell it."
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        triggers = [*bumps_public_version_once("published_on"), counts_changes("due_on")]
        constraints = [models.UniqueConstraint(fields=["cycle", "member"], name="extension_once")]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member}"


class Indicator(models.Model):
    """A measured quantity that judges a numeric target."""

    code = LineField(max_length=40, unique=True)
    title = LineField(max_length=200)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="indicators")
    unit = LineField(max_length=60)
    definition = ProseField()

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version()]

    def __str__(self) -> str:
        return self.code

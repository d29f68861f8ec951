from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Member, Message
from members.text import LineField

from .rounds import Cycle


class Milestone(models.Model):
    """A day of every round on which those who have not submitted are reminded; data, not code."""

    class RelativeTo(models.TextChoices):
        OPENING = "opens_on", _("the opening of the round")
        DUE = "due_on", _("the due date, extended where it was")

    kind = LineField(max_length=20, unique=True)
    relative_to = models.CharField(max_length=10, choices=RelativeTo)
    offset_days = models.SmallIntegerField(help_text=_("Negative: before."))

    class Meta:
        ordering = ["relative_to", "offset_days"]

    def __str__(self) -> str:
        return self.kind


class Reminder(models.Model):
    """What is due to whom: one row per milestone, member's report and recipient, ever."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="reminders")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reminders")
    member = models.ForeignKey(Member, models.PROTECT, related_name="reminders")
    recipient = models.EmailField()
    due_on = models.DateField(help_text=_("The day this milestone fell on."))
    planned_at = models.DateTimeField()
    message = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    overtaken = models.BooleanField(
        default=False, help_text=_("A later milestone was due at the same time; not sent.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "cycle", "member", "recipient"], name="reminder_once"
            ),
            models.CheckConstraint(
                name="reminder_sent_or_overtaken",
                condition=models.Q(overtaken=True, message__isnull=True)
                | models.Q(overtaken=False, message__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.cycle}-{self.member} to {self.recipient}"

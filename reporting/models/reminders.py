from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Member, Message
from members.text import LineField

from .rounds import Cycle


class Contact(models.TextChoices):
    """Who is written to about a missing report, nearest first.

    The second contacts are those who write for the member without being its focal point.
    """

    FOCAL_POINT = "focal_point", _("focal point")
    SECOND = "second", _("second contact")
    SECRETARIAT = "secretariat", _("secretariat")

    @property
    def rank(self) -> int:
        """1 for the nearest."""
        return list(Contact).index(self) + 1


class ReminderPlan(models.Model):
    """The milestones of one round that has its own; all others follow the default ones.

    A table of its own, and not a column of the round: what the secretariat plans moves no public
    byte. `version` is what the editor of the plan read.
    """

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="reminder_plan")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.cycle}, version {self.version}"


class Milestone(models.Model):
    """A day of a round on which those who have not submitted are reminded; data, not code.

    `kind` says which milestone it is, and stays when its offset moves: nobody is reminded of it
    twice for one date. `reaches` is how far the reminder goes when there is no sign of the report.
    """

    class RelativeTo(models.TextChoices):
        OPENING = "opens_on", _("the opening of the round")
        DUE = "due_on", _("the due date, extended where it was")

    plan = models.ForeignKey(
        ReminderPlan,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="milestones",
        help_text=_("Empty: of every round that has no plan of its own."),
    )
    kind = LineField(max_length=20)
    relative_to = models.CharField(max_length=10, choices=RelativeTo)
    offset_days = models.SmallIntegerField(help_text=_("Negative: before."))
    reaches = models.CharField(max_length=12, choices=Contact, default=Contact.FOCAL_POINT)

    class Meta:
        ordering = ["-relative_to", "offset_days"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind"], nulls_distinct=False, name="milestone_once_in_its_plan"
            )
        ]

    def __str__(self) -> str:
        return self.kind

    def clean(self) -> None:
        """Each kind once in its plan; said here because a form without the plan does not ask."""
        others = Milestone.objects.exclude(pk=self.pk)
        if others.filter(plan=self.plan, kind=self.kind).exists():
            raise ValidationError({"kind": _("There is a milestone of this kind already.")})


class Reminder(models.Model):
    """What is due to whom: one row per milestone of a date, member's report and recipient, ever.

    A milestone is counted from a date: the opening, or the due date that holds for the member. Who
    was reminded of one date is reminded of the next as well, when the date is moved.
    """

    class Because(models.TextChoices):
        DUTY = "", _("acts for the member")
        SILENCE = "silence", _("no sign of the report")
        REFUSED = "refused", _("mail to the nearer contacts could not be delivered")

    milestone = LineField(max_length=20, help_text=_("Its kind: milestones may be changed."))
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reminders")
    member = models.ForeignKey(Member, models.PROTECT, related_name="reminders")
    recipient = models.EmailField()
    contact = models.CharField(max_length=12, choices=Contact, default=Contact.FOCAL_POINT)
    because = models.CharField(max_length=8, choices=Because, default=Because.DUTY, blank=True)
    reckoned_from = models.DateField(help_text=_("The date the milestone was counted from."))
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
                fields=["milestone", "cycle", "member", "recipient", "reckoned_from"],
                name="reminder_once_for_a_date",
            ),
            models.CheckConstraint(
                name="reminder_sent_or_overtaken",
                condition=models.Q(overtaken=True, message__isnull=True)
                | models.Q(overtaken=False, message__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.cycle}-{self.member} to {self.recipient}"

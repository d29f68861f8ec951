import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member, User
from members.triggers import append_only, ends_once

from ..querysets import AssignmentQuerySet, RestrictionQuerySet
from .reports import Answer

_ACTS_FOR = (
    "IF NOT EXISTS (SELECT FROM members_role AS role WHERE role.user_id = NEW.person_id "
    "AND role.kind IN ('contributor', 'focal_point') AND role.member_id = ({member}) "
    "AND role.since <= ({day} AT TIME ZONE 'UTC')::date "
    "AND (role.until IS NULL OR role.until > ({day} AT TIME ZONE 'UTC')::date)) THEN "
    "RAISE EXCEPTION 'this person does not act for the member'; END IF; RETURN NEW;"
)


def _only_for_its_people(member: str, day: str) -> pgtrigger.Trigger:
    """A trigger that refuses a row for a person without a role in the member on that day."""
    return pgtrigger.Trigger(
        name="only_for_its_people",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_ACTS_FOR.format(member=member, day=day),
    )


class Assignment(models.Model):
    """One answer asked of one colleague, until it is given to another or taken back.

    Counts only while the person acts for the member: ask `.counting(day)`.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    due_on = models.DateField(null=True, blank=True)
    apart = models.BooleanField(
        default=True, help_text="What contributors write is a proposal until it is taken over."
    )
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "assigned_at"]
        triggers = [
            *ends_once("assignment"),
            _only_for_its_people(
                "SELECT report.member_id FROM reporting_answer AS answer JOIN reporting_report "
                "AS report ON report.id = answer.report_id WHERE answer.id = NEW.answer_id",
                "NEW.assigned_at",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(ended_at__isnull=True), name="assignment_open_once"
            ),
            models.CheckConstraint(
                name="assignment_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.person}"


class AssignmentReminder(models.Model):
    """That a person was reminded of a question whose day comes near or is over: each once."""

    class Kind(models.TextChoices):
        NEAR = "near", _("its day comes near")
        OVER = "over", _("its day is over")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=4, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("assignment_reminder")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind"], name="assignment_reminded_once_of_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.kind}"


class Restriction(models.Model):
    """That a contributor of a member is shown only what is asked of it, until this is ended."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="restrictions")
    person = models.ForeignKey(User, models.PROTECT, related_name="restrictions")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["member", "person", "set_at"]
        triggers = [
            *ends_once("restriction"),
            _only_for_its_people("NEW.member_id", "NEW.set_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "person"],
                condition=Q(ended_at__isnull=True),
                name="restriction_open_once",
            ),
            models.CheckConstraint(
                name="restriction_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.person}"

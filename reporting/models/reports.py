import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models import Commitment
from members.models import Member, User
from members.text import LineField, ProseField
from members.triggers import append_only

from ..querysets import AnswerQuerySet, ReportQuerySet
from .rounds import Cycle


class Report(models.Model):
    """What one member says in one round. Only `reporting.actions` moves it from state to state."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", _("accepted")
        PUBLISHED = "published", _("published")

    class Channel(models.TextChoices):
        ONLINE = "online", _("written here")
        PAPER = "paper", _("on paper")
        LETTER = "letter", _("by letter")
        EMAIL = "email", _("by e-mail")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    # What came on another way is entered by the secretariat, and its member confirms it.
    received_as = models.CharField(
        max_length=6, choices=Channel, default=Channel.ONLINE, editable=False
    )
    received_on = models.DateField(null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # The keys of those who entered it before somebody of the secretariat went on in their place.
    entered_before = ArrayField(models.BigIntegerField(), default=list, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    language = models.CharField(max_length=10, default="en")
    unofficial_translation = models.BooleanField(default=False)
    # The first submission decides whether the report came in time. A return leaves it;
    # a recall empties it, so that the next submission counts.
    first_submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    review_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    returned_because = ProseField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when the member says that something is wrong with what the public would read. While
    # that is unanswered the report is not published (docs/decisions/objections.md).
    objected_at = models.DateTimeField(null=True, blank=True, editable=False)
    synthetic = models.BooleanField(default=False, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["cycle__code", "member__code"]
        triggers = [
            pgtrigger.FSM(
                name="legal_moves",
                field="state",
                transitions=[
                    ("draft", "submitted"),
                    ("submitted", "draft"),
                    ("submitted", "returned"),
                    ("submitted", "accepted"),
                    ("returned", "submitted"),
                    ("accepted", "published"),
                    ("accepted", "returned"),
                    ("published", "accepted"),
                    ("published", "draft"),
                ],
            ),
            pgtrigger.Protect(name="report_stays", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "member"], name="report_once"),
            models.CheckConstraint(
                name="report_submitted_says_when",
                condition=Q(state="draft") | Q(first_submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_entered_says_how",
                condition=Q(received_as="online", received_on__isnull=True)
                | (
                    ~Q(received_as="online")
                    & Q(received_on__isnull=False, entered_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="report_confirmed_before_accepted",
                condition=Q(received_as="online")
                | Q(confirmed_at__isnull=False)
                | ~Q(state__in=["accepted", "published"]),
            ),
            models.CheckConstraint(
                name="report_stays_while_its_member_objects",
                condition=Q(objected_at__isnull=True) | Q(state="accepted", agreed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="report_reviewed_by_another",
                condition=~Q(reviewer=models.F("entered_by")),
            ),
            models.CheckConstraint(
                name="report_reviewed_by_none_who_entered_it",
                condition=~Q(entered_before__contains=[models.F("reviewer")]),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The identifier `2026-ALB`."""
        return f"{self.cycle.code}-{self.member.code}"

    @property
    def was_entered(self) -> bool:
        """Does the report stand as the secretariat entered it, from what came another way?"""
        return self.received_as != self.Channel.ONLINE

    @property
    def is_unconfirmed(self) -> bool:
        """Was it entered, and has its member not said yet that this is what it sent?"""
        return self.was_entered and self.confirmed_at is None

    @property
    def is_being_entered(self) -> bool:
        """Is it open to somebody of the secretariat who writes what came?"""
        return self.is_unconfirmed and self.state in (self.State.DRAFT, self.State.RETURNED)


class Version(models.Model):
    """An immutable submission of a report: its answers as canonical JSON, and their hash."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submission_key = models.UUIDField(unique=True, help_text="Makes a repeated submit one.")
    content = models.TextField(help_text="Canonical JSON.")
    sha256 = models.CharField(max_length=64)
    name_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="Of sha256 and who submitted, folded."
    )

    class Meta:
        ordering = ["report", "number"]
        triggers = append_only("version")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.report} version {self.number}"


class Said(models.Model):
    """What can be said on one leaf: shared by an answer and by each kept version of it."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        PLANNED = "planned", _("planned")
        IN_PROGRESS = "in_progress", _("in progress")
        IMPLEMENTED = "implemented", _("implemented")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        NOTHING_TO_REPORT = "nothing_to_report", _("nothing to report")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("everyone")
        MEMBERS = "members", _("members of the alliance")
        SECRETARIAT = "secretariat", _("the secretariat")

    status = models.CharField(max_length=20, choices=Status, blank=True)
    narrative = ProseField(blank=True)
    next_steps = ProseField(blank=True)
    obstacles = ProseField(blank=True)
    support_requested = ProseField(blank=True)
    not_applicable_because = ProseField(blank=True)
    evidence = models.JSONField(default=list, blank=True, help_text="[{title, url}]")
    no_change = models.BooleanField(default=False)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    WORDS = (
        "status",
        "narrative",
        "next_steps",
        "obstacles",
        "support_requested",
        "not_applicable_because",
        "evidence",
        "no_change",
        "visibility",
    )

    class Meta:
        abstract = True

    def said(self) -> dict[str, object]:
        """The answer's words by field name."""
        return {field: getattr(self, field) for field in self.WORDS}


class Answer(Said):
    """What a report says on one leaf commitment. `version` grows by one with each save."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["report", "commitment__statement__position", "commitment__position"]
        triggers = [
            pgtrigger.Trigger(
                name="answer_kept_once_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF NOT EXISTS (SELECT FROM reporting_report WHERE id = NEW.report_id "
                    "AND state IN ('draft', 'returned')) THEN "
                    "RAISE EXCEPTION 'answers of a submitted report stay'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(name="answer_stays", operation=pgtrigger.Delete),
        ]
        constraints = [models.UniqueConstraint(fields=["report", "commitment"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.report}: {self.commitment}"


class AnswerVersion(Said):
    """One kept version of an answer; rows are only ever added."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    origin = LineField(max_length=12, default="form", help_text="form, autosave, import, desk")

    class Meta:
        ordering = ["answer", "version"]
        triggers = append_only("answer_version")
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="answer_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer} version {self.version}"

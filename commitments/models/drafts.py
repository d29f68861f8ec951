"""A statement that is being entered. Nothing public reads these rows: publication copies them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member, User
from members.text import LineField, ProseField
from members.triggers import keeps_history

from ..parting import NUMBER
from .register import Commitment, Passage, Statement

STATEMENT_CODE = r"[0-9]{4}(-[A-Z]{2,4})?"


def _as(pattern: str) -> RegexValidator:
    return RegexValidator(rf"\A{pattern}\Z", _("This is not written as such a code is."))


@keeps_history
class Draft(models.Model):
    """The facts and the whole text of a statement to be; once published it only tells of it."""

    class Binding(models.TextChoices):
        """Whom a text entered here can bind (docs/decisions/entering-a-statement.md)."""

        SIGNATURE = "signature", _("those whose names stand under it")
        MEMBERSHIP = "membership", _("every member of the alliance")
        BODY = "body", _("a body of the alliance")

    code = LineField(max_length=12, validators=[_as(STATEMENT_CODE)])
    title = LineField(max_length=300)
    place = LineField(max_length=60, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    act_as_printed = LineField(max_length=100, blank=True)
    binding = LineField(max_length=12, choices=Binding, default=Binding.SIGNATURE)
    source = LineField(max_length=300, blank=True)
    text = ProseField(blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    statement = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="draft"
    )

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(published_at__isnull=True),
                name="one_open_draft_per_code",
            ),
            models.CheckConstraint(
                name="published_draft_names_its_statement",
                condition=Q(published_at__isnull=True, statement__isnull=True)
                | Q(published_at__isnull=False, statement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


@keeps_history
class DraftPart(models.Model):
    """A part of a draft's text, in its order: a clause, or a passage that is none.

    `under` is the number of the clause that this one stands under; `themes` and `refers_to` are
    codes with commas between them. What a passage has no use for is empty.
    """

    class What(models.TextChoices):
        CLAUSE = "clause", _("clause")
        TITLE = Passage.Kind.TITLE.value, Passage.Kind.TITLE.label
        PREAMBLE = Passage.Kind.PREAMBLE.value, Passage.Kind.PREAMBLE.label
        HEADING = Passage.Kind.HEADING.value, Passage.Kind.HEADING.label
        LEAD_IN = Passage.Kind.LEAD_IN.value, Passage.Kind.LEAD_IN.label
        NOTE = Passage.Kind.NOTE.value, Passage.Kind.NOTE.label
        CALL = Passage.Kind.CALL.value, Passage.Kind.CALL.label
        SIGNATORIES = Passage.Kind.SIGNATORIES.value, Passage.Kind.SIGNATORIES.label
        DATELINE = Passage.Kind.DATELINE.value, Passage.Kind.DATELINE.label

    class AppliesTo(models.TextChoices):
        """Whom of those that the statement binds."""

        ALL = "", _("all whom the statement binds")
        GOVERNMENT = Member.Kind.GOVERNMENT.value, _("government members alone")
        DELEGATES = "delegates", _("those who took part in the summit")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    what = LineField(max_length=12, choices=What)
    text = ProseField(blank=True)
    note = ProseField(blank=True)
    number = LineField(max_length=4, blank=True, validators=[_as(NUMBER)])
    section = LineField(max_length=80, blank=True)
    under = LineField(max_length=4, blank=True)
    kind = LineField(max_length=20, choices=Commitment.Kind, blank=True)
    duty = LineField(max_length=12, choices=Commitment.Duty, blank=True)
    verified_by = LineField(max_length=12, choices=Commitment.VerifiedBy, blank=True)
    applies_to = LineField(max_length=12, choices=AppliesTo, blank=True)
    title = LineField(max_length=80, blank=True)
    lead_in = ProseField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_precision = LineField(max_length=6, choices=Commitment.Precision, blank=True)
    due_modality = LineField(max_length=10, choices=Commitment.Modality, blank=True)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    themes = LineField(max_length=300, blank=True)
    refers_to = LineField(max_length=300, blank=True)

    class Meta:
        ordering = ["draft", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "position"],
                name="draft_part_one_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="date_of_a_draft_says_how_exact_and_how_firm",
                condition=Q(due_on__isnull=True, due_precision="", due_modality="")
                | (Q(due_on__isnull=False) & ~Q(due_precision="") & ~Q(due_modality="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft} part {self.position}"

    @property
    def is_clause(self) -> bool:
        return self.what == self.What.CLAUSE

    @property
    def reference(self) -> str:
        """What the clause will be called."""
        return f"{self.draft.code}-{self.number}" if self.number else ""


@keeps_history
class DraftName(models.Model):
    """A name as the draft's text prints it; `member` once a person has said whom it means.

    One that stands in the text and binds nobody is `left_out`, for the reason given.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="names")
    position = models.PositiveSmallIntegerField()
    printed = LineField(max_length=200)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="draft_names"
    )
    left_out = LineField(
        max_length=300, blank=True, help_text=_("Why a line of the text is no name of a member.")
    )

    class Meta:
        ordering = ["draft", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "position"], name="draft_name_one_per_position"
            ),
            models.UniqueConstraint(
                fields=["draft", "member"], name="member_stands_in_a_draft_once"
            ),
            models.CheckConstraint(
                name="name_left_out_means_nobody",
                condition=Q(left_out="") | Q(member__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed} in {self.draft}"

"""What was promised: statements, their clauses, and the names under them."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from members.models import Member, Name
from members.text import LineField, ProseField
from members.triggers import bumps_public_version, counts_changes, keeps_history

from .. import deadlines
from ..querysets import CommitmentQuerySet, ObligationQuerySet, SignatureQuerySet, StatementQuerySet
from .wording import CLAUSE_STAYS, PASSAGE_STAYS, STATEMENT_STAYS, never_deleted


@keeps_history
class Statement(models.Model):
    """A public text by which members bound themselves."""

    class Binding(models.TextChoices):
        SIGNATURE = "signature", _("those whose names stand under it")
        MEMBERSHIP = "membership", _("every member of the alliance")
        BODY = "body", _("a body of the alliance")

    code = LineField(max_length=12, unique=True)
    title = LineField(max_length=300)
    place = LineField(max_length=60)
    adopted_on = models.DateField()
    act_as_printed = LineField(max_length=100, blank=True)
    binding = LineField(max_length=12, choices=Binding)
    endorses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="endorsed_by"
    )
    position = models.PositiveSmallIntegerField()
    source = LineField(max_length=300)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        triggers = [bumps_public_version(), STATEMENT_STAYS, never_deleted()]

    def __str__(self) -> str:
        return self.code


class Theme(models.Model):
    """A word of the small vocabulary under which clauses of all statements are found."""

    code = LineField(max_length=40, unique=True)
    label = LineField(max_length=80)

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version()]

    def __str__(self) -> str:
        return self.code


class Commitment(models.Model):
    """One clause of a statement. `lead_in` and `text` are quotations; `title` is our own."""

    class Kind(models.TextChoices):
        POLICY_TARGET = "policy_target", _("policy target")
        OPERATIONAL_GOAL = "operational_goal", _("operational goal")
        UNDERTAKING = "undertaking", _("undertaking")
        RECOGNITION = "recognition", _("recognition")
        FUNCTION = "function", _("function")

    class Duty(models.TextChoices):
        INDIVIDUAL = "individual", _("each for itself")
        COLLECTIVE = "collective", _("all together")
        NONE = "none", _("no duty")

    class VerifiedBy(models.TextChoices):
        SELF_REPORT = "self_report", _("the member's own report")
        RECORD = "record", _("the dates of this register")
        INDICATOR = "indicator", _("a measured quantity")
        TREATY = "treaty", _("the treaty record")
        SECRETARIAT = "secretariat", _("the secretariat")

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    class Modality(models.TextChoices):
        FIRM = "firm", _("firm")
        INDICATIVE = "indicative", _("indicative")

    reference = LineField(max_length=20, unique=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="commitments")
    section = LineField(max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(help_text=_("1, 2, ... within the statement."))
    kind = LineField(max_length=20, choices=Kind)
    duty = LineField(max_length=12, choices=Duty)
    verified_by = LineField(max_length=12, choices=VerifiedBy, blank=True)
    applies_to = LineField(max_length=12, blank=True)
    title = LineField(max_length=80)
    lead_in = ProseField(blank=True)
    text = ProseField()
    due_on = models.DateField(null=True, blank=True)
    due_precision = LineField(max_length=6, choices=Precision, blank=True)
    due_modality = LineField(max_length=10, choices=Modality, blank=True)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    source_note = ProseField(blank=True)
    sequence = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("How often its day was corrected; calendars tell it."),
    )
    themes = models.ManyToManyField(Theme, related_name="commitments", through="ThemeOfCommitment")

    objects = CommitmentQuerySet.as_manager()
    is_leaf: bool  # from `CommitmentQuerySet.with_leaf`

    class Meta:
        ordering = ["statement__position", "position"]
        triggers = [
            bumps_public_version(),
            counts_changes("due_on", "due_precision", "every_months"),
            CLAUSE_STAYS,
            never_deleted(),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"],
                name="commitment_one_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="due_date_says_how_exact_and_how_firm",
                condition=Q(due_on__isnull=True, due_precision="", due_modality="")
                | (Q(due_on__isnull=False) & ~Q(due_precision="") & ~Q(due_modality="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def first_due(self) -> dt.date | None:
        """The date that is printed; where a rhythm prints none, that of the setting FIRST_DUE."""
        return self.due_on or settings.FIRST_DUE.get(self.reference)

    @property
    def counts_any_year(self) -> bool:
        """More than once a year, in any twelve months: no single day can be computed for it."""
        return self.every_months is not None and self.every_months < 12

    def next_due(self, now: dt.datetime) -> dt.date | None:
        """The first day this is due that is not over at `now`; None for what has no such day."""
        if self.first_due is None or self.counts_any_year:
            return None
        precision = self.due_precision or "day"
        return deadlines.next_due(self.first_due, precision, self.every_months, now)


class ThemeOfCommitment(models.Model):
    """A commitment's place under a theme."""

    commitment = models.ForeignKey(Commitment, models.CASCADE)
    theme = models.ForeignKey(Theme, models.PROTECT)

    class Meta:
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "theme"], name="theme_once_per_commitment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.theme}"


class Passage(models.Model):
    """A sentence of a statement that is no clause, kept so that the page shows the whole text.

    It stands before the commitment `before`, or after the last one when `before` is null.
    """

    class Kind(models.TextChoices):
        TITLE = "title", _("title")
        PREAMBLE = "preamble", _("preamble")
        HEADING = "heading", _("heading")
        LEAD_IN = "lead_in", _("opening words")
        NOTE = "note", _("note")
        CALL = "call", _("call")
        SIGNATORIES = "signatories", _("names")
        DATELINE = "dateline", _("place and date")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField()
    before = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="passages_before"
    )
    kind = LineField(max_length=12, choices=Kind)
    text = ProseField()
    note = ProseField(blank=True)

    class Meta:
        ordering = ["statement__position", "position"]
        triggers = [bumps_public_version(), PASSAGE_STAYS, never_deleted()]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"], name="passage_one_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} passage {self.position}"


def _only(field: str) -> Func:
    return Func(field, field, Value("[]"), function="int8range")


@keeps_history
class Signature(models.Model):
    """A member's name under a statement, as printed there, and until when it stood.

    Who withdrew and acceded again has a row for each time.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, models.PROTECT, related_name="signatures")
    name = models.ForeignKey(Name, models.PROTECT, related_name="signatures")
    signed_on = models.DateField()
    signed_on_inferred = models.BooleanField(default=False)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal_source = LineField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(help_text=_("Order of the printed list."))
    source_note = ProseField(blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["statement__position", "position"]
        triggers = [bumps_public_version()]
        constraints = [
            # Ranges of one number each, for PostgreSQL compares plain numbers here by an extension.
            ExclusionConstraint(
                name="member_stands_once_under_a_statement",
                expressions=[
                    (_only("statement"), RangeOperators.OVERLAPS),
                    (_only("member"), RangeOperators.OVERLAPS),
                    (
                        Func("signed_on", "withdrawn_on", function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                name="withdrawal_after_the_signature",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("signed_on")),
            ),
            models.CheckConstraint(
                name="withdrawal_has_a_source",
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawal_source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} under {self.statement}"


@keeps_history
class Position(models.Model):
    """What a member has said about a statement, or about how it is read; it changes no obligation.

    `on_endorsement` marks a position on the reading that 2015 takes on 2014-GOV.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="positions")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="positions")
    on_endorsement = models.BooleanField(default=False)
    text = ProseField()
    on = models.DateField()
    source = LineField(max_length=300)

    class Meta:
        ordering = ["member", "statement__position", "on"]
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "statement", "on_endorsement", "on"], name="position_once_a_day"
            ),
            models.CheckConstraint(
                name="position_has_text_and_source", condition=~Q(text="") & ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.statement}"


class Lineage(models.Model):
    """A typed link between two texts; each end is a commitment or a whole statement."""

    class Kind(models.TextChoices):
        ENDORSES = "endorses", _("endorses")
        REFERS_TO = "refers_to", _("refers to")
        RESTATES = "restates", _("restates")
        EXTENDS = "extends", _("extends")
        SUPERSEDES = "supersedes", _("supersedes")

    kind = LineField(max_length=12, choices=Kind)
    source_commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="links_out"
    )
    source_statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, blank=True, related_name="links_out"
    )
    target_commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="links_in"
    )
    target_statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, blank=True, related_name="links_in"
    )

    class Meta:
        triggers = [bumps_public_version()]
        constraints = [
            models.CheckConstraint(
                name="lineage_has_one_source_and_one_target",
                condition=(Q(source_commitment__isnull=True) ^ Q(source_statement__isnull=True))
                & (Q(target_commitment__isnull=True) ^ Q(target_statement__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=[
                    "kind",
                    "source_commitment",
                    "source_statement",
                    "target_commitment",
                    "target_statement",
                ],
                nulls_distinct=False,
                name="lineage_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"

    @property
    def source(self) -> str:
        """The reference or code of the text that links."""
        return str(self.source_commitment or self.source_statement)

    @property
    def target(self) -> str:
        """The reference or code of the text that is linked to."""
        return str(self.target_commitment or self.target_statement)


class Obligation(models.Model):
    """A member's political (not legal) commitment to one leaf clause, on one basis.

    Rows of a database view over the dated facts (members, signatures, participations): they are
    computed, never typed in and never stale. `ObligationQuerySet.lines` folds the bases of one
    member and clause into one line.
    """

    class Basis(models.TextChoices):
        """In order of strength, the strongest first."""

        SIGNATURE = "signature", _("its name stands under the statement")
        ENDORSEMENT = "endorsement", _("by endorsement (reading of the 2015 text)")
        MEMBERSHIP = "membership", _("as a member of the alliance")
        PARTICIPATION = "participation", _("took part in the summit")

    id = models.TextField(primary_key=True, help_text="`ALB:2012-T1:signature`")
    member = models.ForeignKey(Member, models.DO_NOTHING, related_name="obligations")
    commitment = models.ForeignKey(Commitment, models.DO_NOTHING, related_name="obligations")
    statement = models.ForeignKey(Statement, models.DO_NOTHING, related_name="obligations")
    basis = models.TextField(choices=Basis)
    strength = models.SmallIntegerField(help_text="1 is the strongest.")
    via = models.ForeignKey(Statement, models.DO_NOTHING, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = ObligationQuerySet.as_manager()
    first_since: dt.date  # from `ObligationQuerySet.lines`

    class Meta:
        managed = False
        db_table = "commitments_obligation"

    def __str__(self) -> str:
        return self.id

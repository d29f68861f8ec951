"""What summaries are built from and how their building goes: kept counts, and a row a build.

None of it is public: what the public reads of it are the rows of `Summary`, whole or, by the view
`Figure`, one figure a row.
"""

from django.db import models

from members.text import LineField

from .published import PublishedReport, Shown, Summary


class Sum(models.Model):
    """How many obligations of one kind of member in one scope and round have which answer.

    `status` is that of the published answer or, without one, what its silence means (SILENCES
    in `reporting.figures`). Kept up by `reporting.sums` alone.
    """

    cycle = LineField(max_length=4)
    scope = LineField(max_length=60)
    kind = LineField(max_length=20)
    endorsed = models.BooleanField(help_text="Owed by endorsement alone: counted apart.")
    status = LineField(max_length=20)
    obligations = models.IntegerField()
    withheld = models.IntegerField()
    support = models.IntegerField(help_text="Answers that ask for support. Never published.")
    moved_on = models.IntegerField()
    unchanged = models.IntegerField()
    moved_back = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "cycle", "kind", "endorsed", "status"], name="sum_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} in {self.cycle}: {self.kind}, {self.status}"


class Summed(models.Model):
    """What of one member's round is in the sums: its report, the one before, its silence."""

    cycle = LineField(max_length=4)
    member = LineField(max_length=12)
    report = models.ForeignKey(PublishedReport, models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(PublishedReport, models.PROTECT, null=True, related_name="+")
    silence = LineField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "member"], name="summed_once")]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member}"


class Build(models.Model):
    """One run of a long job, as its progress is shown while it goes on.

    A run that was killed has no `finished_at`, and another one of its job began after it.
    """

    class Job(models.TextChoices):
        SUMMARIES = "summaries", "summaries"
        REPORTS = "reports", "reports"

    job = LineField(max_length=12, choices=Job)
    whole = models.BooleanField(help_text="Everything was counted anew, not what changed.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    step = LineField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    facts = LineField(max_length=32, blank=True, help_text="The register that was counted by.")
    public_version = models.BigIntegerField(null=True, help_text="The stamp that it left.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["job", "-id"], name="build_newest")]

    def __str__(self) -> str:
        return f"{self.job} of {self.started_at}"


class Printed(models.Model):
    """The newest report on paper of a scope, of the built summary that it was made from.

    It moves no public stamp: no page and no answer tells whether it is there yet.
    """

    recalled = models.BooleanField(
        default=False, help_text="Not given out: something that it may count was withdrawn since."
    )
    summary = models.OneToOneField(Summary, models.CASCADE, related_name="printed")
    pdf = models.BinaryField()
    sha256 = LineField(max_length=64)

    def __str__(self) -> str:
        return str(self.summary)


class Figure(Shown):
    """One figure of a summary, by round and kind. Keyset order: scope, cycle, kind, figure.

    Rows of a database view that takes `Summary` apart: none is written, none can differ from it.
    """

    id = models.TextField(primary_key=True)
    scope = LineField(max_length=60)
    scope_kind = LineField(max_length=20)
    cycle = LineField(max_length=4)
    kind = LineField(max_length=20)
    figure = LineField(max_length=60)

    class Meta:
        managed = False
        db_table = "reporting_figure"

    def __str__(self) -> str:
        return f"{self.scope} in {self.cycle}: {self.kind}, {self.figure}"

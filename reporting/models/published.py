"""The published read model: the only rows of this app that anything public may read.

Publication copies an accepted version into these rows. A row is shown over the half-open
period of days [shown_from, shown_until); `row` holds the API's row as canonical JSON text.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q

from commitments.search import CONFIG
from members.text import LineField, ProseField
from members.triggers import bumps_public_version

from ..querysets import ShownQuerySet


class Shown(models.Model):
    shown_from = models.DateField()
    shown_until = models.DateField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    row = models.TextField(help_text="The API's row, canonical JSON.")

    objects = ShownQuerySet.as_manager()

    class Meta:
        abstract = True


def shown_forwards(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{name}_shown_forwards",
        condition=Q(shown_until__isnull=True) | Q(shown_until__gte=F("shown_from")),
    )


def stays_as_published(name: str, *may_end: str) -> list[pgtrigger.Trigger]:
    """Triggers that keep a published row: it can be ended, but neither changed nor deleted."""
    return [
        pgtrigger.ReadOnly(name=f"{name}_reads_the_same", exclude=["shown_until", *may_end]),
        pgtrigger.Protect(name=f"{name}_stays", operation=pgtrigger.Delete),
    ]


class PublishedReport(Shown):
    """A published version of a report. A withdrawal ends it with a public note."""

    cycle = LineField(max_length=4)
    member = LineField(max_length=12)
    kind = LineField(max_length=20)
    region = LineField(max_length=10, blank=True)
    version = models.PositiveSmallIntegerField()
    withdrawn_because = ProseField(blank=True)
    language = LineField(max_length=10, default="en")
    unofficial_translation = models.BooleanField(default=False)

    class Meta:
        ordering = ["cycle", "member", "shown_from"]
        triggers = [
            bumps_public_version(),
            *stays_as_published("published_report", "withdrawn_because"),
        ]
        constraints = [
            shown_forwards("published_report"),
            models.UniqueConstraint(
                fields=["cycle", "member"],
                condition=Q(shown_until__isnull=True),
                name="published_report_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member} version {self.version}"


class PublishedAnswer(Shown):
    """One published answer. Keyset order: cycle, member, commitment."""

    report = models.ForeignKey(
        PublishedReport, models.PROTECT, related_name="answers", db_index=False
    )
    cycle = LineField(max_length=4)
    member = LineField(max_length=12)
    commitment = LineField(max_length=20)
    statement = LineField(max_length=12)
    status = LineField(max_length=20)
    kind = LineField(max_length=20)
    region = LineField(max_length=10, blank=True)
    themes = ArrayField(models.CharField(max_length=40), default=list)
    withheld = models.BooleanField(default=False)
    owed = models.BooleanField(
        default=True, help_text="False for a voluntary answer, which no denominator counts."
    )
    support_requested = models.BooleanField(default=False)
    words = models.TextField(blank=True, help_text="Published text as searches compare it.")
    line = models.TextField(help_text="The row as a line of CSV, for exports; made of `row`.")

    class Meta:
        triggers = [bumps_public_version(), *stays_as_published("published_answer", "line")]
        constraints = [
            shown_forwards("published_answer"),
            models.CheckConstraint(  # without the sign that COPY quotes with
                name="published_answer_has_its_line",
                condition=~Q(line="") & ~Q(line__contains="\x01"),
            ),
            models.UniqueConstraint(
                fields=["cycle", "member", "commitment"],
                condition=Q(shown_until__isnull=True),
                name="published_answer_current_once",
            ),
        ]
        indexes = [
            models.Index(  # what the sums count is read without the texts
                fields=["report", "commitment"],
                include=["status", "withheld", "support_requested"],
                name="published_answer_of_report",
            ),
            models.Index(
                fields=["commitment", "cycle", "member"],
                condition=Q(shown_until__isnull=True),
                name="published_answer_by_clause",
            ),
            models.Index(
                fields=["cycle", "member", "commitment", "shown_from"],
                name="published_answer_over_time",
            ),
            GinIndex(  # q; the expression of `commitments.search.holding`
                SearchVector("words", config=CONFIG), name="published_answer_words"
            ),
            models.Index(  # ordering=published_on
                fields=["shown_from", "cycle", "member", "commitment"],
                condition=Q(shown_until__isnull=True),
                name="published_answer_by_day",
            ),
            models.Index(
                fields=["cycle", "member"],
                condition=Q(synthetic=True),
                name="published_answer_synthetic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member}: {self.commitment}"


class PublishedObservation(Shown):
    """A published yearly value of an indicator; `value` is null when withheld as a small number."""

    indicator = LineField(max_length=40)
    member = LineField(max_length=12)
    year = models.PositiveSmallIntegerField()
    value = models.BigIntegerField(null=True)

    class Meta:
        triggers = [bumps_public_version(), *stays_as_published("published_observation")]
        constraints = [
            shown_forwards("published_observation"),
            models.UniqueConstraint(
                fields=["indicator", "member", "year"],
                condition=Q(shown_until__isnull=True),
                name="published_observation_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.member} {self.year}"


class Receipt(Shown):
    """The published fact that a member's report came, or did not, and whether in time."""

    cycle = LineField(max_length=4)
    member = LineField(max_length=12)
    kind = LineField(max_length=20)
    received_on = models.DateField(null=True)
    timeliness = LineField(max_length=12, help_text="on_time, late, missed, excused, voluntary")

    class Meta:
        triggers = [bumps_public_version()]
        constraints = [
            shown_forwards("receipt"),
            models.UniqueConstraint(
                fields=["cycle", "member"],
                condition=Q(shown_until__isnull=True),
                name="receipt_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}-{self.member}: {self.timeliness}"


class Summary(Shown):
    """A built roll-up of one scope (`cycle-2026`), complete or not there at all."""

    scope = LineField(max_length=60)
    built_at = models.DateTimeField()
    public_version = models.BigIntegerField(help_text="The stamp that the figures were read at.")

    class Meta:
        triggers = [bumps_public_version()]
        constraints = [
            shown_forwards("summary"),
            models.UniqueConstraint(
                fields=["scope"],
                condition=Q(shown_until__isnull=True),
                name="summary_current_once",
            ),
        ]

    def __str__(self) -> str:
        return self.scope

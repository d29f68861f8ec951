"""What became of the clauses that the alliance owes as a whole; no member's answer is here."""

from django.db import models
from django.db.models import F, Q

from commitments.models import Commitment
from members.models import User
from members.text import LineField, ProseField
from members.triggers import append_only, bumps_public_version

from .published import Shown, shown_forwards, stays_as_published
from .rounds import Cycle


class CollectiveProgress(models.Model):
    """One version of what the secretariat records of a collective clause in a round.

    Rows are only added, the newest counts. None of it is public before it is published, which
    copies it.
    """

    class Status(models.TextChoices):
        NOT_STARTED = "not_started"
        PLANNED = "planned"
        IN_PROGRESS = "in_progress"
        IMPLEMENTED = "implemented"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="collective_progress")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="collective_progress")
    number = models.PositiveIntegerField()
    status = LineField(max_length=12, choices=Status)
    narrative = ProseField()
    evidence = models.JSONField(default=list, blank=True, help_text="[{title, url}]")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["cycle__code", "commitment__statement__position", "commitment", "number"]
        triggers = append_only("collective_progress")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "cycle", "number"], name="collective_progress_numbered"
            ),
            models.CheckConstraint(
                name="collective_progress_says_something",
                condition=Q(number__gte=1)
                & ~Q(narrative="")
                & Q(status__in=["not_started", "planned", "in_progress", "implemented"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle.code} {self.commitment}, version {self.number}"


class PublishedCollective(Shown):
    """A published version; `row` holds its words. A withdrawal ends it with a public note.

    No figure is counted from these rows.
    """

    cycle = LineField(max_length=4)
    commitment = LineField(max_length=20)
    version = models.PositiveIntegerField()
    status = LineField(max_length=12)
    withdrawn_because = ProseField(blank=True)

    class Meta:
        ordering = [F("cycle").desc(), "commitment"]
        triggers = [
            bumps_public_version(),
            *stays_as_published("published_collective", "withdrawn_because"),
        ]
        constraints = [
            shown_forwards("published_collective"),
            models.CheckConstraint(
                name="published_collective_withdrawn_on_a_day",
                condition=Q(withdrawn_because="") | Q(shown_until__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["cycle", "commitment"],
                condition=Q(shown_until__isnull=True),
                name="published_collective_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.commitment} version {self.version}"

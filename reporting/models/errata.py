"""What was published wrong, and what is right: entries that are only added."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.text import LineField, ProseField
from members.triggers import append_only, bumps_public_version

from ..querysets import ErratumQuerySet


class Erratum(models.Model):
    """One mistake in what was published, with the figure as it was and as it is.

    Its number is that of its event in the chain `errata`. An entry that is itself mistaken is
    corrected by a new one that names it in `corrects`.
    """

    class Dataset(models.TextChoices):
        """Where in the data the mistake stood: the names of the datasets."""

        STATEMENTS = "statements", _("Statements")
        COMMITMENTS = "commitments", _("Commitments")
        MEMBERS = "members", _("Members")
        SIGNATURES = "signatures", _("Signatures")
        OBLIGATIONS = "obligations", _("Obligations")
        CYCLES = "cycles", _("Rounds")
        REPORTS = "reports", _("Reports")
        PROGRESS = "progress", _("Progress")
        INDICATORS = "indicators", _("Indicators")
        OBSERVATIONS = "observations", _("Observations")
        VERDICTS = "verdicts", _("Verdicts")
        SUMMARIES = "summaries", _("Summaries")
        FIGURES = "figures", _("Figures")
        ERRATA = "errata", _("Errata")

    number = models.PositiveIntegerField(unique=True)
    published_on = models.DateField()
    what = ProseField(help_text="What was wrong.")
    published_in = ProseField(help_text="Where it was published or quoted.")
    dataset = LineField(max_length=20, choices=Dataset, blank=True)
    figure = LineField(max_length=200, blank=True, help_text="What is counted, of whom.")
    old_value = models.BigIntegerField(null=True, blank=True)
    old_denominator = models.BigIntegerField(null=True, blank=True)
    new_value = models.BigIntegerField(null=True, blank=True)
    new_denominator = models.BigIntegerField(null=True, blank=True)
    wrong_since = models.DateField(null=True, blank=True)
    corrected_on = models.DateField(help_text="Since when the right one is shown.")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    synthetic = models.BooleanField(default=False)
    key = models.UUIDField(unique=True, help_text="Of the form that was sent: once is once.")

    objects = ErratumQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        triggers: list[pgtrigger.Trigger] = [bumps_public_version(), *append_only("erratum")]
        constraints = [
            models.CheckConstraint(
                name="erratum_figure_is_named",
                condition=Q(old_value__isnull=True, new_value__isnull=True)
                | (Q(old_value__isnull=False) & ~Q(figure="")),
            ),
            models.CheckConstraint(
                name="erratum_denominator_has_a_figure",
                condition=(Q(old_denominator__isnull=True) | Q(old_value__isnull=False))
                & (Q(new_denominator__isnull=True) | Q(new_value__isnull=False)),
            ),
            models.CheckConstraint(
                name="erratum_corrected_after_it_was_wrong",
                condition=(Q(wrong_since__isnull=True) | Q(wrong_since__lte=F("corrected_on")))
                & Q(corrected_on__lte=F("published_on")),
            ),
            models.CheckConstraint(
                name="erratum_corrects_an_earlier_one",
                condition=Q(corrects__isnull=True) | Q(corrects__lt=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"erratum {self.number}"

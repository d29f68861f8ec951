from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Member, User
from members.text import LineField, ProseField

from .rounds import Indicator


class Observation(models.Model):
    """What a member gives as an indicator's value for a year; only its reports carry it on.

    `version` grows by one with each save. A year that was never told has no row; one whose
    number was taken back has the state "".
    """

    class State(models.TextChoices):
        NOT_GIVEN = "", _("not given")
        VALUE = "value", _("a number")
        NOT_AVAILABLE = "not_available", _("not available")

    member = models.ForeignKey(Member, models.PROTECT, related_name="observations")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=13, choices=State, blank=True, default="")
    value = models.BigIntegerField(null=True, blank=True)
    source = LineField(max_length=200, blank=True, help_text="The title of where it is from.")
    note = ProseField(blank=True, help_text="Another definition, or why there is no number.")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    SAID = ("state", "value", "source", "note")

    class Meta:
        ordering = ["indicator", "member", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "member", "year"], name="observation_once"
            ),
            models.CheckConstraint(
                name="observation_state_known",
                condition=Q(state__in=["", "value", "not_available"]),
            ),
            models.CheckConstraint(
                name="observation_has_a_value_or_none",
                condition=Q(state="value", value__isnull=False)
                | (~Q(state="value") & Q(value__isnull=True)),
            ),
            models.CheckConstraint(
                name="observation_counts_from_zero",
                condition=Q(value__isnull=True) | Q(value__gte=0),
            ),
            models.CheckConstraint(
                name="observation_names_its_source",
                condition=~Q(state="value") | ~Q(source=""),
            ),
            models.CheckConstraint(
                name="observation_says_why_not",
                condition=~Q(state="not_available") | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.member} {self.year}"

    def said(self) -> dict[str, object]:
        """What is told of the year, by field name."""
        return {field: getattr(self, field) for field in self.SAID}

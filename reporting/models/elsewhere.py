from django.db import models
from django.db.models import Q

from members.models import Member
from members.text import LineField
from members.triggers import bumps_public_version, keeps_history


@keeps_history
class ReportElsewhere(models.Model):
    """A member's report of an earlier round that is kept at another place: a link, never a copy.

    Public as soon as it is recorded. It answers no clause and stands in no figure, and its
    address is read as text alone.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="reports_elsewhere")
    year = models.PositiveSmallIntegerField(help_text="Of the round, or in which it was written.")
    title = LineField(max_length=200, help_text="As the report calls itself.")
    url = LineField(max_length=500, help_text="https alone; never fetched.")
    language = LineField(max_length=10, default="en")
    source = LineField(max_length=300, help_text="Where the link is from, with its date.")

    class Meta:
        ordering = ["member", "year", "title"]
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(fields=["member", "url"], name="report_elsewhere_once"),
            models.CheckConstraint(
                name="report_elsewhere_is_a_public_link",
                condition=Q(url__startswith="https://"),
            ),
            models.CheckConstraint(
                name="report_elsewhere_says_what_and_whence",
                condition=~Q(title="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="report_elsewhere_is_of_a_likely_year",
                condition=Q(year__gte=2012, year__lte=2199),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.year}: {self.title}"

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import DatedQuerySet, MemberQuerySet
from ..text import LineField, ProseField
from ..triggers import bumps_public_version


class Member(models.Model):
    """An entity of the alliance. Its names are dated rows of their own (`Name`)."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government member")
        INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organisation")
        CIVIL_SOCIETY = "civil_society", _("civil-society organisation")
        PRIVATE_SECTOR = "private_sector", _("company")

    class Region(models.TextChoices):
        """The regions of the UN M49 standard: a statistical grouping, nothing else."""

        AFRICA = "Africa", _("Africa")
        AMERICAS = "Americas", _("Americas")
        ASIA = "Asia", _("Asia")
        EUROPE = "Europe", _("Europe")
        OCEANIA = "Oceania", _("Oceania")

    code = LineField(max_length=12, unique=True)
    kind = LineField(max_length=20, choices=Kind)
    region = LineField(max_length=10, choices=Region, blank=True)
    region_source = LineField(max_length=40, blank=True)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    reports_through = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports_for"
    )
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    note = ProseField(blank=True, help_text=_("A note shown wherever the name is shown."))
    tile_column = models.PositiveSmallIntegerField(default=0)
    tile_row = models.PositiveSmallIntegerField(default=0)

    objects = MemberQuerySet.as_manager()
    display_name: str  # from `MemberQuerySet.named`

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version()]
        constraints = [
            models.CheckConstraint(
                name="member_leaves_after_joining",
                condition=models.Q(joined_on__isnull=True)
                | models.Q(left_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
            ),
            models.CheckConstraint(
                name="member_not_part_of_itself",
                condition=~models.Q(part_of=models.F("id"))
                & ~models.Q(reports_through=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Name(models.Model):
    """A dated name of a member with its source.

    With `statement` it is a printed name: a quotation that is never corrected. Without, it is
    a name of the member's own; the newest one known on a day is the name displayed that day.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="names")
    text = LineField(max_length=200)
    statement = LineField(
        max_length=12, blank=True, help_text=_("Code of the statement that prints this name.")
    )
    source = LineField(max_length=200)
    since = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["member", "statement", models.F("since").asc(nulls_first=True), "text"]
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "statement", "text", "since"],
                nulls_distinct=False,
                name="name_once_per_member_and_source",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Group(models.Model):
    """A dated set of members with roles, such as the Global Taskforce."""

    code = LineField(max_length=20, unique=True)
    name = LineField(max_length=200)

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version()]

    def __str__(self) -> str:
        return self.code


class GroupMember(models.Model):
    """A member's place in a group, in force over the half-open period [since, until)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="places")
    member = models.ForeignKey(Member, models.PROTECT, related_name="places")
    role = LineField(max_length=40)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = LineField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "member", "since"]
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "role", "since"],
                nulls_distinct=False,
                name="place_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.group} ({self.role})"

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import DatedQuerySet, MemberQuerySet
from ..text import LineField, ProseField
from ..triggers import bumps_public_version, keeps_history


def _never_again() -> pgtrigger.Trigger:
    """The code of a record that was merged is given to no other."""
    return pgtrigger.Trigger(
        name="former_code_is_not_given_again",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("code"),
        func=(
            "IF EXISTS (SELECT FROM members_formercode WHERE code = NEW.code) THEN "
            "RAISE EXCEPTION 'this code was that of a record that was merged'; END IF; RETURN NEW;"
        ),
    )


@keeps_history
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
    joined_source = LineField(max_length=300, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_source = LineField(max_length=300, blank=True)
    note = ProseField(blank=True, help_text=_("A note shown wherever the name is shown."))
    tile_column = models.PositiveSmallIntegerField(default=0)
    tile_row = models.PositiveSmallIntegerField(default=0)

    objects = MemberQuerySet.as_manager()
    display_name: str  # from `MemberQuerySet.named`

    class Meta:
        ordering = ["code"]
        triggers = [bumps_public_version(), _never_again()]
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


@keeps_history
class Name(models.Model):
    """A dated name of a member with its source.

    With `statement` it is a printed name: a quotation that is never corrected. Without, it is
    a name of the member's own; of those without a `kind` the newest one known on a day is the
    name displayed that day, the others are names by which the member is found.
    """

    class Kind(models.TextChoices):
        SHOWN = "", _("name that is shown")
        FORMAL = "formal", _("formal name")
        ALSO = "also", _("also known as")

    member = models.ForeignKey(Member, models.PROTECT, related_name="names")
    text = LineField(max_length=200)
    kind = LineField(max_length=8, choices=Kind, blank=True)
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
            ),
            models.CheckConstraint(
                name="printed_name_has_no_kind",
                condition=models.Q(statement="") | models.Q(kind=""),
            ),
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


@keeps_history
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
            ),
            models.CheckConstraint(
                name="place_ends_after_it_begins",
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.group} ({self.role})"


@keeps_history
class Suspension(models.Model):
    """A time in which a member is none, over the half-open period [since, until).

    Its membership rests, or it had left and came back. In both it owes nothing as a member; who
    had left stands in no list of those days either.
    """

    class Kind(models.TextChoices):
        RESTS = "rests", _("the membership rests")
        AWAY = "away", _("it had left and came back")

    kind = LineField(max_length=5, choices=Kind, default=Kind.RESTS)
    member = models.ForeignKey(Member, models.PROTECT, related_name="suspensions")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = LineField(max_length=300)
    end_source = LineField(max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["member", "since"]
        triggers = [bumps_public_version()]
        constraints = [
            models.CheckConstraint(
                name="suspension_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(
                name="who_came_back_has_a_day_of_it",
                condition=models.Q(kind="rests") | models.Q(until__isnull=False),
            ),
            # A range of one number, for PostgreSQL compares plain numbers here by an extension.
            ExclusionConstraint(
                name="suspensions_do_not_overlap",
                expressions=[
                    (
                        models.Func("member", "member", models.Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        models.Func("since", "until", function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two such times of one member cannot overlap."),
            ),
            models.UniqueConstraint(fields=["member", "since"], name="suspension_once_a_day"),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(until__isnull=True),
                name="suspension_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_kind_display()}, since {self.since}"


@keeps_history
class Succession(models.Model):
    """The dated fact that one member took the place of another that ceased."""

    former = models.OneToOneField(Member, models.PROTECT, related_name="succeeded_by")
    member = models.ForeignKey(Member, models.PROTECT, related_name="successions")
    on = models.DateField()
    source = LineField(max_length=300)

    class Meta:
        ordering = ["member", "on"]
        triggers = [bumps_public_version()]
        constraints = [
            models.CheckConstraint(
                name="nobody_succeeds_itself", condition=~models.Q(former=models.F("member"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} for {self.former}"


@keeps_history
class TreatyFact(models.Model):
    """What is known of a government member and a treaty: one dated, sourced fact a stage."""

    class Stage(models.TextChoices):
        SIGNED = "signed", _("signed")
        RATIFIED = "ratified", _("ratified or acceded")
        IN_FORCE = "in_force", _("in force")
        SIMILAR = "similar_legislation", _("similar legislation in force")

    LANZAROTE = "lanzarote"

    member = models.ForeignKey(Member, models.PROTECT, related_name="treaty_facts")
    treaty = LineField(max_length=20, default=LANZAROTE)
    stage = LineField(max_length=20, choices=Stage)
    on = models.DateField()
    source = LineField(max_length=300)

    class Meta:
        ordering = ["member", "treaty", "on", "stage"]
        triggers = [bumps_public_version()]
        constraints = [
            models.UniqueConstraint(fields=["member", "treaty", "stage"], name="treaty_stage_once"),
            models.CheckConstraint(name="treaty_fact_has_a_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.treaty} {self.stage}"

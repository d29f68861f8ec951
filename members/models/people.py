import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..languages import joined, long_date
from ..querysets import InvitationQuerySet, PeopleQuerySet, RoleQuerySet
from ..text import LineField
from .register import Member


class People(BaseUserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """A new person with this address; without a password nobody can sign in yet."""
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. What a person may do stands in `Role` rows."""

    email = models.EmailField(unique=True)
    name = LineField(max_length=120, blank=True)
    language = LineField(max_length=10, default="en")
    time_zone = LineField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(
        default=False, help_text=_("May be entered from the demonstration sign-in page.")
    )
    joined_at = models.DateTimeField(default=timezone.now)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="email_in_lower_case", condition=Q(email=models.functions.Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles_now(self) -> list["Role"]:
        """The roles in force today, read once per request; none for a disabled person.

        Those for a member that the secretariat has frozen rest.
        """
        if not self.is_active:
            return []
        today = dt.datetime.now(dt.UTC).date()
        return list(self.roles.in_force(today).awake().select_related("member"))

    # What Django's admin asks of a user: administrators and editors, nobody by a flag.
    @property
    def is_staff(self) -> bool:
        return any(r.kind in (Role.Kind.EDITOR, Role.Kind.ADMINISTRATOR) for r in self.roles_now)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Role(models.Model):
    """What a person may do, from when until when; focal points and contributors for one member."""

    class Kind(models.TextChoices):
        ANALYST = "analyst", _("analyst")
        CONTRIBUTOR = "contributor", _("contributor")
        FOCAL_POINT = "focal_point", _("focal point")
        EDITOR = "editor", _("editor")
        REVIEWER = "reviewer", _("reviewer")
        ADMINISTRATOR = "administrator", _("administrator")

    OF_A_MEMBER = (Kind.CONTRIBUTOR, Kind.FOCAL_POINT)
    OF_THE_SECRETARIAT = (Kind.EDITOR, Kind.REVIEWER, Kind.ADMINISTRATOR)

    user = models.ForeignKey(User, models.PROTECT, related_name="roles")
    kind = LineField(max_length=20, choices=Kind)
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="people")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "kind", "since"]
        constraints = [
            models.CheckConstraint(
                name="role_has_a_member_exactly_when_it_acts_for_one",
                condition=Q(kind__in=["contributor", "focal_point"], member__isnull=False)
                | (~Q(kind__in=["contributor", "focal_point"]) & Q(member__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "member"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="role_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}" + (f" of {self.member}" if self.member else "")


class Freeze(models.Model):
    """While it lasts the roles of a member's people rest: they can neither write nor read drafts.

    Nothing that the public reads depends on it.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="freezes")
    because = LineField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(until__isnull=True), name="member_frozen_once"
            ),
            models.CheckConstraint(
                name="freeze_lifted_by_somebody",
                condition=Q(until__isnull=True, lifted_by__isnull=True)
                | Q(until__gte=models.F("since"), lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, since {self.since:%Y-%m-%d}"


class Invitation(models.Model):
    """A single-use way in, sent to an address; only the hash of its secret is kept."""

    email = models.EmailField()
    kind = LineField(max_length=20, choices=Role.Kind)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    nomination = LineField(
        max_length=200, blank=True, help_text=_("The reference of the letter of nomination.")
    )
    nominated_by = LineField(max_length=200, blank=True, help_text=_("Who signed the letter."))
    nominated_on = models.DateField(null=True, blank=True, help_text=_("The letter's date."))
    language = LineField(max_length=10, default="en", help_text=_("Of its mail and its page."))
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations_sent",
        help_text=_("Empty for the first administrator, who is invited at the command line."),
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.email} ({self.kind})"

    @property
    def letter(self) -> str:
        """The letter of nomination in one line: who, date, reference; empty without one."""
        day = long_date(self.nominated_on) if self.nominated_on else ""
        return joined(part for part in (self.nominated_by, day, self.nomination) if part)

    def state_at(self, now: dt.datetime) -> str:
        """`accepted`, `revoked`, `expired` or `open`."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "open" if now < self.expires_at else "expired"


class CalendarKey(models.Model):
    """What lets a calendar program read one person's calendar; only its hash is kept here."""

    user = models.OneToOneField(User, models.PROTECT, related_name="calendar_key")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}, since {self.made_at:%Y-%m-%d}"

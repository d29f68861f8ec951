import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..text import LineField
from .people import User


class ApiToken(models.Model):
    """What lets a person's program ask the API more often; only its hash is kept here.

    It opens nothing: all that the API answers is published. While its person is disabled, or no
    role of theirs is in force, it is nobody's.
    """

    class Scope(models.TextChoices):
        ROWS = "rows", _("rows, page by page")
        FILES = "files", _("rows and whole files")

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = LineField(max_length=60, help_text=_("What it is for, in words of its person."))
    prefix = models.CharField(max_length=12, unique=True, help_text=_("Its beginning, to tell it."))
    secret_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10, choices=Scope)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, help_text=_("To the hour."))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="api_token_expires_within_a_year",
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + dt.timedelta(days=366)),
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(revoked_at__isnull=True),
                name="api_token_named_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} ({self.name})"

    def state_at(self, now: dt.datetime) -> str:
        """`revoked`, `expired` or `open`."""
        if self.revoked_at:
            return "revoked"
        return "open" if now < self.expires_at else "expired"

    def covers(self, scope: str) -> bool:
        """Whether what needs this scope is among what the token is for."""
        return scope in (self.scope, self.Scope.ROWS)

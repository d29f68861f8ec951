import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..text import LineField, ProseField
from ..triggers import append_only
from .people import User


class PublicVersion(models.Model):
    """One row: a number that grows with every change of what the public can read.

    Moved by triggers (`members.triggers.bumps_public_version`), read for ETag and Last-Modified.
    """

    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(name="public_version_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.number)


class Event(models.Model):
    """Who did what, when, to which object. Rows are only ever added.

    `chain` names what the event belongs to (`report:2026-ALB`, `accounts`); within a chain each
    row holds the digest of the row before it, so that a missing or altered row shows.
    """

    chain = LineField(max_length=60)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    verb = LineField(max_length=40)
    about = LineField(max_length=120, help_text="Natural key of the object.")
    detail = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    sealed = models.CharField(
        max_length=64,
        blank=True,
        help_text="The salted hash of a detail that words were erased from.",
    )
    erasure = models.PositiveIntegerField(null=True, blank=True, help_text="Which erasure did.")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "number"]
        triggers = append_only("event")
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="event_numbered_in_its_chain")
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.verb} {self.about}"


class Message(models.Model):
    """One envelope in the outbox. Sending it is the work of `members.outbox`."""

    class State(models.TextChoices):
        PENDING = "pending"
        LEASED = "leased"
        HANDING = "handing"
        SENT = "sent"
        DEAD = "dead"
        DROPPED = "dropped"

    class Kind(models.TextChoices):
        REMINDER = "reminder"
        WORKFLOW = "workflow"
        ACCOUNT = "account"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    to = models.EmailField()
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    subject = LineField(max_length=200)
    body = ProseField()
    language = models.CharField(max_length=10, default="en")
    about = LineField(max_length=2000, blank=True, help_text="Natural keys of what it speaks of.")
    calendar = models.TextField(
        blank=True, default="", help_text="The entries that go with it, as iCalendar."
    )
    synthetic = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = ProseField(blank=True)
    maybe_twice = models.BooleanField(
        default=False, help_text="Handed over once without our having kept the server's answer."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["pending", "leased", "handing"]),
                name="message_waiting",
            ),
            # Which addresses refuse what we send: asked by each run of the planner.
            models.Index(fields=["to"], condition=Q(state="dead"), name="message_dead"),
            models.Index(fields=["to", "sent_at"], condition=Q(state="sent"), name="message_sent"),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_sent_says_when",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}: {self.subject}"

    @property
    def message_id(self) -> str:
        """The Message-ID header's local part, the same for every copy of this message."""
        return str(self.key)


class Heartbeat(models.Model):
    """When a part of the running system last gave a sign of life."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"


class LoadedRow(models.Model):
    """What `load_registry` last wrote for one row; so it tells a person's edit from its own."""

    dataset = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="row_loaded_once")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.key}"

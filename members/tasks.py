"""What the worker does for this app. Each task may run twice, or at the same time as itself."""

from celery import shared_task
from django.utils import timezone

from . import outbox
from .models import Heartbeat


@shared_task
def drain_outbox() -> None:
    """Sends the messages that are due."""
    outbox.drain()


@shared_task
def beat_heart() -> None:
    """Writes down that a worker lives, and that the timetable reaches it."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})

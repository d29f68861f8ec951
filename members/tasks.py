"""What the worker does for this app. Each task may run twice, or at the same time as itself."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from . import actions, lateness, outbox


@shared_task
def drain_outbox() -> None:
    """Sends the messages that are due."""
    outbox.drain()
    lateness.mark(lateness.DRAIN)


@shared_task
def beat_heart() -> None:
    """Writes down that a worker lives, and that the timetable reaches it."""
    lateness.mark(lateness.WORKER)


@shared_task
def begin() -> None:
    """Writes down that a worker has begun, and so that it lives."""
    lateness.mark(lateness.STARTED)
    lateness.mark(lateness.WORKER)


@shared_task
def clear_sessions() -> None:
    """Removes the sessions that have ended, with any text that was kept in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def remove_contact_data() -> None:
    """Removes names and addresses that have not been needed for as long as the settings say."""
    actions.remove_contact_data(at=timezone.now())

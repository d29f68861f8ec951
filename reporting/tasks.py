"""What the worker does for this app. Each task may run twice, or at the same time as itself."""

from celery import shared_task
from django.utils import timezone

from members import lateness

from . import reminders, summaries


@shared_task
def build_summaries(scopes: list[str] | None = None) -> None:
    """Builds the summaries of these scopes whose figures changed; of all when none is named."""
    summaries.build(scopes, now=timezone.now())
    if scopes is None:
        lateness.mark(lateness.SUMMARIES)


@shared_task
def plan_reminders() -> None:
    """Queues the reminders that are due and have no row."""
    reminders.plan(now=timezone.now())
    lateness.mark(lateness.PLAN)

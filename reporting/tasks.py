"""What the worker does for this app. Each task may run twice, or at the same time as itself."""

from celery import shared_task
from django.utils import timezone

from members import lateness

from . import actions, reminders, summaries
from .actions.erasure import files_made_anew, unfinished
from .actions.erasure.files import days_of, take_away
from .exports import bulk
from .printing import keeping


@shared_task
def build_summaries(scopes: list[str] | None = None, whole: bool = False) -> None:
    """Builds the summaries of these scopes whose figures changed; of all when none is named.

    `whole` counts everything anew: what the night's build does.
    """
    if scopes or whole:
        summaries.build(scopes, now=timezone.now(), whole=whole)
    else:
        summaries.build_what_changed(now=timezone.now())
    if scopes is None:
        lateness.mark(lateness.SUMMARIES)


@shared_task
def plan_reminders() -> None:
    """Queues the reminders that are due and have no row, of reports and of single questions."""
    now = timezone.now()
    reminders.plan(now=now)
    actions.remind_of_dates(at=now)
    lateness.mark(lateness.PLAN)


@shared_task
def print_reports() -> None:
    """Makes reports on paper of the summaries that have none, for a few seconds in each turn."""
    keeping.print_reports()


@shared_task
def build_bulk() -> None:
    """Builds the zips of the days that have none yet, or none of the whole day.

    First those that held a text which was erased: they lie there no longer.
    """
    now = timezone.now()
    for erasure in unfinished():
        take_away(erasure.files)
        for day in days_of(erasure.files):
            bulk.build(day, now=now)
        files_made_anew(erasure, at=now)
    for day in bulk.due(now):
        bulk.build(day, now=now)

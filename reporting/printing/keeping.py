"""Reports on paper are made after their summaries and kept beside them, each exactly once."""

import datetime as dt
import hashlib
import time

import structlog
from django.db import connection, transaction
from django.utils import translation

from ..models import Build, Printed, Summary
from ..summaries.progress import Run
from .matter import matter
from .typesetting import pdf

log = structlog.get_logger(__name__)

# What is printed: what ministers ask for. Clauses and members have their pages.
PRINTED = ("cycle", "statement", "theme", "region", "group")


NO_FIGURES = '"reason":"not_collected"'


def is_for_paper(summary: Summary) -> bool:
    """Whether this summary has a report, or will have one as soon as it is printed."""
    return summary.scope.startswith(tuple(f"{kind}-" for kind in PRINTED)) and (
        NO_FIGURES not in summary.row
    )


def unprinted() -> list[Summary]:
    """The shown summaries that have figures, should be on paper and are not yet, in order."""
    # Narrowed by the database first: it is asked every few seconds, and rows of clauses are long.
    wanted = Summary.objects.shown().filter(scope__regex=f"^({'|'.join(PRINTED)})-")
    waiting = wanted.filter(printed__isnull=True).order_by("scope")
    return [summary for summary in waiting if is_for_paper(summary)]


TURN_SECONDS = 5.0  # the worker has mail to send as well; the next turn prints the next ones


def print_reports(seconds: float = TURN_SECONDS) -> int:
    """How many reports were made: of summaries that had none, until the seconds are used up.

    The first is made in any case. One run at a time: a second one leaves at once. A run that is
    killed keeps what it made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('print reports', 0))")
        if not cursor.fetchone()[0]:
            return 0
    try:
        waiting = unprinted()
        return _print(waiting, seconds) if waiting else 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('print reports', 0))")


def _print(waiting: list[Summary], seconds: float) -> int:
    run, end, made = Run(Build.Job.REPORTS, whole=False), time.monotonic() + seconds, 0
    while made < len(waiting) and (not made or time.monotonic() < end):
        run.tell("printing", made, len(waiting))
        keep(waiting[made])
        made += 1
    run.finish(made)
    log.info("reports_printed", written=made, waiting=len(waiting) - made)
    return made


def keep(summary: Summary) -> Printed:
    """The report of this summary, made now and stored with it."""
    with translation.override("en"):
        made = pdf(matter(summary), at=summary.built_at.astimezone(dt.UTC))
    with transaction.atomic():
        return Printed.objects.create(
            summary=summary, pdf=made, sha256=hashlib.sha256(made).hexdigest()
        )

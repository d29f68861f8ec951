"""Reports on paper are made after their summaries and kept beside them, each exactly once."""

import datetime as dt
import hashlib
import json
import time

import structlog
from django.db import connection, transaction
from django.utils import translation

from members.models import PublicVersion

from .. import summaries
from ..models import Build, Printed, Summary
from ..summaries.progress import Run
from ..summaries.scopes import named
from .matter import matter
from .typesetting import pdf

log = structlog.get_logger(__name__)

# What is printed, in the order in which it is asked for.
PRINTED = ("cycle", "statement", "theme", "region", "group", "member", "commitment")

NO_FIGURES = '"reason":"not_collected"'


def is_for_paper(summary: Summary) -> bool:
    """Whether this summary has a report, or will have one as soon as it is printed."""
    return summary.scope.startswith(tuple(f"{kind}-" for kind in PRINTED)) and (
        NO_FIGURES not in summary.row
    )


def given_out(shown: Summary) -> Printed | None:
    """The report of this summary or, until that is made, the one before it, with its as-of date.

    None where none was made yet, and where the one before may not be read any more: something
    that it counts was withdrawn, or it names somebody as missing who is not said to be.
    """
    made = Printed.objects.filter(summary__scope=shown.scope, recalled=False)
    newest = made.select_related("summary").order_by("-summary").first()
    return newest if newest and _missed(newest.summary) <= _missed(shown) else None


def _missed(summary: Summary) -> set[str]:
    return set(json.loads(summary.row).get("missed_by") or ())


def recall() -> None:
    """Gives out no report made so far until what it says is known to be public still.

    Call it in the transaction that takes something back. The summaries are built anew then; where
    one stays as it was, so does its report.
    """
    Printed.objects.update(recalled=True)


def unprinted() -> list[Summary]:
    """The shown summaries that have figures, should be on paper and are not yet: first those of
    which no report is given out, and each kind in the order in which it is asked for."""
    # Narrowed by the database first: it is asked every few seconds, and rows of clauses are long.
    wanted = Summary.objects.shown().filter(scope__regex=f"^({'|'.join(PRINTED)})-")
    waiting = [one for one in wanted.filter(printed__isnull=True) if is_for_paper(one)]
    made = set(Printed.objects.filter(recalled=False).values_list("summary__scope", flat=True))
    return sorted(waiting, key=lambda one: (one.scope in made, _rank(one), one.scope))


def _rank(summary: Summary) -> int:
    return PRINTED.index(named(summary.scope).kind)


TURN_SECONDS = 5.0  # the worker has mail to send as well; the next turn prints the next ones


def print_reports(seconds: float = TURN_SECONDS) -> int:
    """How many reports were made: of summaries that had none, until the seconds are used up.

    The first is made in any case. None is made while the summaries are behind what is public: they
    might count what was withdrawn. One run at a time: a second one leaves at once. A run that is
    killed keeps what it made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('print reports', 0))")
        if not cursor.fetchone()[0]:
            return 0
    try:
        stamp = summaries.current_stamp()
        if stamp is None or not _settle(stamp):
            return 0
        waiting = unprinted()
        return _print(waiting, stamp, seconds) if waiting else 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('print reports', 0))")


@transaction.atomic
def _settle(stamp: int) -> bool:
    """Gives out again what was recalled and is still said; the rest of it goes. False where
    something public moved meanwhile, and nothing is done."""
    if not _still(stamp):
        return False
    recalled = Printed.objects.filter(recalled=True)
    recalled.filter(summary__shown_until__isnull=False).delete()
    recalled.update(recalled=False)
    return True


def _still(stamp: int) -> bool:
    """Is this the public state? It stays so until the transaction ends: who publishes waits."""
    PublicVersion.objects.select_for_update().first()
    return PublicVersion.objects.filter(number=stamp).exists()


def _print(waiting: list[Summary], stamp: int, seconds: float) -> int:
    run, end, made = Run(Build.Job.REPORTS, whole=False), time.monotonic() + seconds, 0
    while made < len(waiting) and (not made or time.monotonic() < end):
        run.tell("printing", made, len(waiting))
        if keep(waiting[made], stamp) is None:
            break
        made += 1
    run.finish(made)
    log.info("reports_printed", written=made, waiting=len(waiting) - made)
    return made


def keep(summary: Summary, stamp: int) -> Printed | None:
    """The report of this summary, made now and stored in the place of the one before.

    `stamp` is that of the public state in which the summary was found to be current; None, and
    nothing is stored, where something public moved while it was made.
    """
    with translation.override("en"):
        made = pdf(matter(summary), at=summary.built_at.astimezone(dt.UTC))
    digest = hashlib.sha256(made).hexdigest()
    with transaction.atomic():
        if not _still(stamp):
            return None
        kept = Printed.objects.create(summary=summary, pdf=made, sha256=digest)
        Printed.objects.filter(summary__scope=summary.scope).exclude(pk=kept.pk).delete()
    return kept

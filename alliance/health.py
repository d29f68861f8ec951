"""Whether the site answers, and whether all it needs is ready.

Each check is a function that returns None when its part is ready, or what is still missing.
"""

import smtplib
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from members import lateness
from members.access import access, anyone

READY = "ready"
HEART_SILENT_AFTER = timedelta(seconds=60)
MAIL_PATIENCE_SECONDS = 3
MAIL_CHECK_KEPT_SECONDS = 10


@access(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers, whatever else is away."""
    return HttpResponse("alive\n", content_type="text/plain")


@access(anyone)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every part is ready, else 503; the body says which part is not, and why.

    What is merely late stands in the body too, and changes nothing about the status.
    """
    parts = told(CHECKS)
    ready = all(answer == READY for answer in parts.values())
    body = {"ready": ready, "parts": parts, "late": _late()}
    return JsonResponse(body, status=200 if ready else 503)


def _late() -> dict[str, str | None] | None:
    """What is late, each with its last sign of life; None when the database cannot be asked.

    It is told and no more: a site whose backup is late answers all the same. Since when a message
    waits is not told here: that is the moment at which somebody did something.
    """
    try:
        late = [part for part in lateness.told(timezone.now()) if part.late]
    except DatabaseError:
        return None
    return {part.name: _last(part) for part in late}


def _last(part: lateness.Part) -> str | None:
    return part.last.isoformat() if part.last and part.name != lateness.MESSAGE else None


def told(names: Iterable[str]) -> dict[str, str]:
    """What each of these checks says: READY, or what is missing."""
    return {name: _asked(CHECKS[name]) for name in names}


def _asked(check: Callable[[], str | None]) -> str:
    try:
        return check() or READY
    except (DatabaseError, LookupError, OSError) as error:
        return f"away: {type(error).__name__}"


def database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def migrations() -> str | None:
    """Reads every migration file, so once all are applied this process asks no more."""
    if caches["process"].get("migrated"):
        return None
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    caches["process"].set("migrated", not waiting, timeout=None)
    return f"{len(waiting)} migrations wait" if waiting else None


def registry() -> str | None:
    commitments = apps.get_model("commitments", "Commitment")
    return None if commitments.objects.exists() else "the registry is not loaded"


def demonstration() -> str | None:
    if not settings.DEMO:
        return None
    reports = apps.get_model("reporting", "Report")
    return None if reports.objects.exists() else "the demonstration is not made"


def summaries() -> str | None:
    if not settings.DEMO:
        return None
    built = apps.get_model("reporting", "Summary")
    return None if built.objects.exists() else "the demonstration's summaries are not built"


def worker() -> str | None:
    hearts = apps.get_model("members", "Heartbeat")
    last = hearts.objects.filter(name=lateness.WORKER).values_list("at", flat=True).first()
    if last is None:
        return "no worker was heard yet"
    silent = timezone.now() - last
    return f"silent since {last:%H:%M:%S} UTC" if silent > HEART_SILENT_AFTER else None


def mail() -> str | None:
    """Asks the mail server for its greeting, at most once in a few seconds."""
    answered = caches["process"]
    if answered.get("mail"):
        return None
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_PATIENCE_SECONDS):
        answered.set("mail", True, MAIL_CHECK_KEPT_SECONDS)
    return None


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": database,
    "migrations": migrations,
    "registry": registry,
    "demonstration": demonstration,
    "summaries": summaries,
    "worker": worker,
    "mail": mail,
}

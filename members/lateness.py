"""What is late: how long ago each part of the running system did its work.

The tasks write their own signs of life, `mark`; whoever asks gets all of them at once, `told`.
Lateness is said, and changes nothing by itself. docs/operations.md says what to do about each.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, DateTimeField, F, Min, When

from .models import Heartbeat, Message

# The names of the signs of life, here and nowhere else.
BEAT, WORKER, DRAIN, PLAN = "beat", "worker", "drain", "plan"
SUMMARIES, BACKUP = "summaries", "backup"
STARTED = "started"  # when a worker last began; what it is to do counts from then
AFTER_A_START = {DRAIN, PLAN, SUMMARIES}
MESSAGE = "message"  # not a sign of life: the message that waits longest
PATIENCE = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Part:
    """One thing that should have happened lately.

    `last` is when it last did (of messages: since when the oldest is due), `limit` how long ago
    that may be. `awaited`: it is not late only because the worker has just begun.
    """

    name: str
    last: dt.datetime | None
    limit: dt.timedelta
    late: bool
    awaited: bool = False


def mark(name: str, *, at: dt.datetime | None = None) -> None:
    """Writes down that this part has just done its work. May be repeated."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at or dt.datetime.now(dt.UTC)})


def limits() -> dict[str, dt.timedelta]:
    """How long ago each sign of life may be before its part is late."""
    return {
        BEAT: PATIENCE,
        WORKER: PATIENCE,
        DRAIN: _turns(settings.OUTBOX_EVERY_SECONDS),
        PLAN: _turns(settings.PLAN_EVERY_SECONDS),
        SUMMARIES: _turns(settings.SUMMARIES_EVERY_SECONDS),
        BACKUP: dt.timedelta(hours=settings.BACKUP_EVERY_HOURS + 2),
    }


def told(now: dt.datetime) -> list[Part]:
    """Every part with its last sign of life, in two queries. One never heard of is late.

    What a worker does is not late while the worker has been there for less than the limit.
    """
    heard = dict(Heartbeat.objects.values_list("name", "at"))
    due = oldest_due(now)
    parts = [Part(MESSAGE, due, PATIENCE, due is not None and now - due > PATIENCE)]
    for name, limit in limits().items():
        last, begun = heard.get(name), heard.get(STARTED) if name in AFTER_A_START else None
        over = last is None or now - last > limit
        awaited = over and begun is not None and now - begun <= limit
        parts.append(Part(name, last, limit, over and not awaited, awaited))
    return parts


def oldest_due(now: dt.datetime) -> dt.datetime | None:
    """Since when the oldest message that is due and not sent has been due.

    A message that was put off after a failed attempt counts from the day it was written:
    a mail server that is away must not look like an empty outbox.
    """
    waiting = Message.objects.filter(
        state__in=[Message.State.PENDING, Message.State.LEASED, Message.State.HANDING]
    )
    since = Case(
        When(attempts__gt=0, then=F("created_at")),
        default=F("not_before"),
        output_field=DateTimeField(),
    )
    due = waiting.annotate(since=since).filter(since__lte=now)
    return due.aggregate(oldest=Min("since"))["oldest"]


def _turns(seconds: int) -> dt.timedelta:
    """Three turns of the timetable, and never less than the general patience."""
    return max(PATIENCE, dt.timedelta(seconds=3 * seconds))

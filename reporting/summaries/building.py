"""Building: counts brought up to date, figures made, and what changed written in one go.

One build at a time (an advisory lock). Nothing is written unless all that was read comes from
one public state; the rows whose figures changed are then ended and succeeded in one transaction.
A build that is killed anywhere leaves the summaries as they were.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from celery import current_app
from django.db import connection, transaction

from members.models import PublicVersion

from .. import sums
from ..figures import Round, rounds_of
from ..models import Build, Cycle, Summary
from .progress import Run, newest
from .rows import World
from .scopes import Scope, every_scope

log = structlog.get_logger(__name__)

TRIES = 5


class NeverStill(Exception):
    """What is public changed during each reading; the summaries stay, the next build tries."""


def build(
    scopes: list[str] | None = None, *, now: dt.datetime, whole: bool = False
) -> list[Summary]:
    """The new summaries of these scopes (`cycle-2026`; all when None) as of `now`.

    Returns the rows written: none for a scope whose figures are as before, whose `built_at`
    then stays too. `whole` counts every answer anew; without it only what changed is counted,
    unless the register changed. Raises LookupError for an unknown scope, ValueError for a day
    before that of a summary which is there. May be repeated and run twice at once.
    """
    chosen = _chosen(scopes)
    with _one_at_a_time():
        run = Run(Build.Job.SUMMARIES, whole=whole)
        for _ in range(TRIES):
            stamp = _stamp()
            rounds = rounds_of(list(Cycle.objects.order_by("code")), now.date())
            _count(rounds, run, whole=whole)
            rows = _made(chosen, World(rounds, now.date()), run)
            written = _written(rows, stamp, now=now, run=run if scopes is None else None)
            if written is not None:
                run.finish(len(written))
                log.info("summaries_built", read=len(rows), written=len(written))
                return written
    raise NeverStill


def build_what_changed(*, now: dt.datetime) -> list[Summary]:
    """As `build` of everything; nothing is read where nothing public moved since the last one."""
    last = newest(Build.Job.SUMMARIES)
    still = (
        last is not None
        and last.public_version == _stamp()
        and last.started_at.date() == now.date()
        and last.facts == sums.facts()
    )
    return [] if still else build(now=now)


def current_stamp() -> int | None:
    """The public stamp, where the summaries say all that is public; None while a build is due."""
    built = Build.objects.filter(job=Build.Job.SUMMARIES, public_version__isnull=False)
    last = built.order_by("-pk").values_list("public_version", flat=True).first()
    return last if last == _stamp() else None


_queued = ContextVar("_queued", default=True)


@contextmanager
def built_by_the_caller() -> Iterator[None]:
    """Within, nothing is queued: who makes many changes at once builds when all are made."""
    before = _queued.set(False)
    try:
        yield
    finally:
        _queued.reset(before)


def rebuild_when_committed() -> None:
    """Queues a build of what changed once the caller's transaction is kept.

    A broker that is away costs nothing: the timetable builds whatever is out of date.
    """
    if not _queued.get():
        return
    transaction.on_commit(
        lambda: current_app.send_task("reporting.tasks.build_summaries"), robust=True
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Waits for its turn. A lock of the session: the steps are transactions of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('summaries', 0))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('summaries', 0))")


def _chosen(scopes: list[str] | None) -> list[Scope]:
    every = {scope.name: scope for scope in every_scope()}
    if scopes is None:
        return list(every.values())
    if unknown := set(scopes) - set(every):
        raise LookupError(f"No such scope: {', '.join(sorted(unknown))}")
    return [every[name] for name in dict.fromkeys(scopes)]


def _stamp() -> int:
    return PublicVersion.objects.values_list("number", flat=True).first() or 0


@transaction.atomic
def _count(rounds: list[Round], run: Run, *, whole: bool) -> None:
    """Brings the sums up to date: what changed, or all where that would not be exact."""
    facts = sums.facts()
    last = Build.objects.exclude(facts="").order_by("-pk").first()
    units = sums.units([one for one in rounds if one.collected])
    run.note(facts=facts)
    if whole or last is None or last.facts != facts:
        run.note(whole=True)
        sums.recount(units, lambda done, of: run.tell("counting", done, of))
    else:
        sums.refresh(units)


def _made(chosen: list[Scope], world: World, run: Run) -> dict[str, dict[str, Any]]:
    """The row of each scope by its key."""
    rows = {}
    for done, scope in enumerate(chosen):
        if done % 20 == 0:
            run.tell("figures", done, len(chosen))
        rows[scope.name] = world.row(scope)
    return rows


@transaction.atomic
def _written(
    rows: dict[str, dict[str, Any]], stamp: int, *, now: dt.datetime, run: Run | None
) -> list[Summary] | None:
    """Writes the rows that changed; None, and nothing is written, when something else did.

    Whoever publishes meanwhile waits for the stamp, for as long as the writing takes.
    """
    PublicVersion.objects.select_for_update().first()
    if _stamp() != stamp:
        return None
    before = {row.scope: row for row in Summary.objects.shown().filter(scope__in=rows)}
    if any(row.shown_from > now.date() for row in before.values()):
        raise ValueError("A summary of a later day is there already.")
    changed = {
        name: row for name, row in rows.items() if name not in before or _said(before[name]) != row
    }
    written = _write(changed, stamp=stamp, now=now) if changed else []
    if run is not None:
        run.note(public_version=_stamp())
    return written


def _said(summary: Summary) -> dict[str, Any]:
    """What a stored summary says, but for its key and when it was built."""
    row = json.loads(summary.row)
    return {name: said for name, said in row.items() if name not in ("scope", "built_at")}


def _write(changed: dict[str, dict[str, Any]], *, stamp: int, now: dt.datetime) -> list[Summary]:
    """Ends what is shown of these scopes and shows the new rows, in two statements."""
    Summary.objects.shown().filter(scope__in=changed).update(shown_until=now.date())
    built_at = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Summary.objects.bulk_create(
        Summary(
            scope=name,
            built_at=now,
            public_version=stamp,
            shown_from=now.date(),
            synthetic=row["synthetic"],
            row=json.dumps(
                {"scope": name, "built_at": built_at, **row},
                ensure_ascii=False,
                separators=(",", ":"),
            ),
        )
        for name, row in changed.items()
    )

"""Built roll-ups of what is public. A summary is complete, or it is the one before.

A build reads everything, compares, and writes the rows whose figures changed as a new
generation, all in one transaction and one build at a time: a build that is killed leaves the
summaries as they were. docs/decisions/summaries-in-generations.md says why.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from celery import current_app
from django.db import connection, transaction
from django.db.models import Count

from commitments.models import Obligation
from members.models import PublicVersion

from .figures import NOT_COLLECTED, NOT_YET_PUBLISHED, ByKind, Round, rounds_of
from .models import Answer, Cycle, PublishedAnswer, PublishedReport, Receipt, Summary

log = structlog.get_logger(__name__)

# {kind: {name: {"numerator": n, "denominator": n, "reason": None}}}
Figure = dict[str, Any]
Figures = dict[str, dict[str, Figure]]

PUBLISHED_BY_ACT = ("received", "on_time", "late", "missed", "excused")
# Answers to what was taken on by endorsement (a reading of the 2015 text) are counted apart.
BY_ENDORSEMENT = "_by_endorsement"
OF_ANSWERS = [f"answers_{status}" for status in Answer.Status.values]
OF_ENDORSED = [f"{name}{BY_ENDORSEMENT}" for name in OF_ANSWERS]
ABOUT_ANSWERS = [*OF_ANSWERS, "answers_withheld"]
ABOUT_ENDORSED = [f"{name}{BY_ENDORSEMENT}" for name in ABOUT_ANSWERS]
NAMES = ["expected", *PUBLISHED_BY_ACT, "published", "nothing_to_report"]
NAMES += [*ABOUT_ANSWERS, *ABOUT_ENDORSED]
TRIES = 5


class NeverStill(Exception):
    """What is public changed during each reading; the summaries stay, the next build tries."""


def build(scopes: list[str] | None = None, *, now: dt.datetime) -> list[Summary]:
    """The new summaries of these scopes (`cycle-2026`; all when None) as of `now`.

    Returns the rows written: none for a scope whose figures are as before, whose `built_at`
    then stays too. Raises LookupError for an unknown scope, ValueError for a day before that of
    a summary which is there. May be repeated and run twice at once.
    """
    with transaction.atomic():
        _one_at_a_time()
        stamp, found = _read_still(_cycles(scopes), now.date())
        before = {row.scope: row for row in Summary.objects.shown().filter(scope__in=found)}
        if any(row.shown_from > now.date() for row in before.values()):
            raise ValueError("A summary of a later day is there already.")
        changed = {
            scope: figures
            for scope, figures in found.items()
            if scope not in before or json.loads(before[scope].row)["figures"] != figures
        }
        written = _write(changed, stamp=stamp, now=now) if changed else []
    log.info("summaries_built", read=len(found), written=len(written))
    return written


_queued = ContextVar("_queued", default=True)


@contextmanager
def built_by_the_caller() -> Iterator[None]:
    """Within, nothing is queued: who makes many changes at once builds when all are made."""
    before = _queued.set(False)
    try:
        yield
    finally:
        _queued.reset(before)


def rebuild_when_committed(*codes: str) -> None:
    """Queues the build of these rounds' summaries once the caller's transaction is kept.

    A broker that is away costs nothing: the timetable builds whatever is out of date.
    """
    if not _queued.get():
        return
    scopes = [f"cycle-{code}" for code in codes]
    transaction.on_commit(
        lambda: current_app.send_task("reporting.tasks.build_summaries", [scopes]), robust=True
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('summaries', 0))")


def _cycles(scopes: list[str] | None) -> list[Cycle]:
    cycles = {f"cycle-{cycle.code}": cycle for cycle in Cycle.objects.order_by("code")}
    if scopes is None:
        return list(cycles.values())
    if unknown := set(scopes) - set(cycles):
        raise LookupError(f"No such scope: {', '.join(sorted(unknown))}")
    return [cycles[scope] for scope in dict.fromkeys(scopes)]


def _read_still(cycles: list[Cycle], day: dt.date) -> tuple[int, dict[str, Figures]]:
    """The figures by scope and the public version they were read at.

    Read again when something public changed meanwhile, so that all come from one state.
    """
    for _ in range(TRIES):
        stamp = _stamp()
        found = {f"cycle-{seen.cycle.code}": figures_of(seen) for seen in rounds_of(cycles, day)}
        if _stamp() == stamp:
            return stamp, found
    raise NeverStill


def _stamp() -> int:
    return PublicVersion.objects.values_list("number", flat=True).first() or 0


def _write(changed: dict[str, Figures], *, stamp: int, now: dt.datetime) -> list[Summary]:
    """Ends what is shown of these scopes and shows the new rows, in two statements."""
    demonstration = _synthetic_scopes(changed)
    Summary.objects.shown().filter(scope__in=changed).update(shown_until=now.date())
    return Summary.objects.bulk_create(
        Summary(
            scope=scope,
            built_at=now,
            public_version=stamp,
            shown_from=now.date(),
            synthetic=scope in demonstration,
            row=_row(scope, figures, built_at=now, synthetic=scope in demonstration),
        )
        for scope, figures in changed.items()
    )


def _row(scope: str, figures: Figures, *, built_at: dt.datetime, synthetic: bool) -> str:
    row = {
        "scope": scope,
        "built_at": built_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "figures": figures,
        "synthetic": synthetic,
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _synthetic_scopes(scopes: dict[str, Figures]) -> set[str]:
    """Those of the scopes that count synthetic rows."""
    made_up = {
        f"cycle-{code}"
        for model in (PublishedReport, Receipt)
        for code in model.objects.shown().filter(synthetic=True).values_list("cycle", flat=True)
    }
    return made_up & set(scopes)


def figures_of(seen: Round) -> Figures:
    """Every figure of a round by kind of member, each with numerator, denominator and reason."""
    if not seen.collected:
        missing = {"numerator": None, "denominator": None, "reason": NOT_COLLECTED}
        return {kind: dict.fromkeys(NAMES, missing) for kind in seen.kinds}
    numerators, denominators = _counts(seen)
    return {
        kind: {
            name: _figure(name, numerators[name][kind], denominators[name][kind], seen)
            for name in NAMES
        }
        for kind in seen.kinds
    }


def _figure(name: str, numerator: int, denominator: int, seen: Round) -> Figure:
    if name in PUBLISHED_BY_ACT and not seen.announced:
        return {"numerator": None, "denominator": denominator, "reason": NOT_YET_PUBLISHED}
    return {"numerator": numerator, "denominator": denominator, "reason": None}


def _counts(seen: Round) -> tuple[dict[str, ByKind], dict[str, ByKind]]:
    """Numerators and denominators by name and kind."""
    expected = seen.count(lambda code: True)
    published = seen.count(lambda code: code in seen.published)
    answers = _answers(seen)
    numerators = {
        "expected": expected,
        "received": seen.count(seen.came),
        **{name: seen.count(seen.was(name)) for name in ("on_time", "late", "missed", "excused")},
        "published": published,
        "nothing_to_report": seen.count(lambda code: _says_nothing(answers.get(code))),
        **{name: _sum(seen, answers, name) for name in [*ABOUT_ANSWERS, *ABOUT_ENDORSED]},
    }
    denominators = dict.fromkeys(NAMES, expected)
    denominators["expected"] = seen.members
    denominators["nothing_to_report"] = published
    denominators |= dict.fromkeys(ABOUT_ANSWERS, _sum(seen, answers, *OF_ANSWERS))
    denominators |= dict.fromkeys(ABOUT_ENDORSED, _sum(seen, answers, *OF_ENDORSED))
    return numerators, denominators


def _answers(seen: Round) -> dict[str, Counter[str]]:
    """How many owed answers each expected member published, by status, withheld and basis."""
    rows = (
        PublishedAnswer.objects.shown(seen.day)
        .filter(cycle=seen.cycle.code, owed=True)
        .values_list("member", "statement", "status", "withheld")
        .annotate(n=Count("id"))
        .order_by()
    )
    endorsed = _endorsed(seen)
    found: dict[str, Counter[str]] = {}
    for member, statement, status, withheld, n in rows:
        if member in seen.expected:
            counted = found.setdefault(member, Counter())
            apart = BY_ENDORSEMENT if (member, statement) in endorsed else ""
            counted[f"answers_{status}{apart}"] += n
            counted[f"answers_withheld{apart}"] += n if withheld else 0
    return found


def _endorsed(seen: Round) -> set[tuple[str, str]]:
    """Who had taken on which statement by endorsement alone when the round opened.

    An endorsement takes on a whole statement, and a name under that statement is stronger.
    """
    lines = Obligation.objects.lines(seen.cycle.opens_on).with_basis(Obligation.Basis.ENDORSEMENT)
    return set(lines.values_list("member__code", "statement__code"))


def _says_nothing(answers: Counter[str] | None) -> bool:
    """Is this a report, with nothing to report on every clause that it answers?"""
    if not answers:
        return False
    said = {name.removesuffix(BY_ENDORSEMENT) for name, n in answers.items() if n}
    return said - {"answers_withheld"} == {f"answers_{Answer.Status.NOTHING_TO_REPORT}"}


def _sum(seen: Round, answers: dict[str, Counter[str]], *names: str) -> ByKind:
    totals: Counter[str] = Counter()
    for member, counted in answers.items():
        totals[seen.expected[member]] += sum(counted[name] for name in names)
    return {kind: totals[kind] for kind in seen.kinds}

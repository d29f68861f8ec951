"""Making the demonstration: every step of every report goes through `reporting.actions`.

Only the answers are written in bulk; `telling.fill` keeps what `save_answer` would have kept, and
a test compares the two. Everything is one transaction: a run that is killed leaves nothing behind.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.db import connection, transaction

from commitments.models import Commitment
from members.models import Member

from .. import actions, summaries
from ..models import Cycle, Report
from ..rounds import expected_members
from . import collective, errata, people, sharing
from .lives import FIXED, PLANS, Plan
from .telling import SEED, Telling


class NotBesideReports(Exception):
    """There are reports already that nobody invented: the demonstration stays out of them."""


@dataclass
class Made:
    """What was made: the number of reports by round, and of people; nothing on a second run."""

    reports: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def make(now: dt.datetime) -> Made | None:
    """The demonstration as far as its days have come by `now`, and the summaries of its rounds.

    None when it is there already. Changes no member, statement, clause or signature. May be
    repeated; two at once follow one another. Raises NotBesideReports where reports were begun
    that are not synthetic.
    """
    with summaries.built_by_the_caller(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('demonstration', 0))")
        if Report.objects.filter(synthetic=True).exists():
            return None
        if Report.objects.exists():
            raise NotBesideReports
        made, cast = Made(), people.of_the_secretariat()
        collected = {cycle.code: cycle for cycle in Cycle.objects.collected()}
        for plan in PLANS:
            if plan is PLANS[-1]:
                people.add_those_of_members(cast)
            if plan.cycle in collected:
                made.reports[plan.cycle] = _make_round(plan, collected[plan.cycle], cast, now)
            else:
                made.left_out.append(plan.cycle)
        collective.tell(cast, now)
        errata.publish(cast, now)
        sharing.share(cast, now)
    summaries.build(now=now)
    return made


def _make_round(plan: Plan, cycle: Cycle, cast: people.People, now: dt.datetime) -> int:
    clauses = Commitment.objects.prefetch_related("themes")
    themes = {c.reference: sorted(theme.code for theme in c.themes.all()) for c in clauses}
    for member, life in lives_of(plan, cycle):
        Telling(cycle, member, cast, themes, now).tell(life)
    if plan.announce_after_closing:
        on = cycle.closes_on + dt.timedelta(days=plan.announce_after_closing)
        told = on - dt.timedelta(days=settings.ANNOUNCEMENT_NOTICE_DAYS)
        if on <= now.date():
            actions.tell_members(cycle, by=cast.reviewer, on=told, synthetic=True)
            actions.announce_receipts(cycle, by=cast.reviewer, on=on, synthetic=True)
    return Report.objects.filter(cycle=cycle).count()


def lives_of(plan: Plan, cycle: Cycle) -> Iterator[tuple[Member, str]]:
    """Each member of the round with the life that its report leads; the same at every call."""
    expected = sorted(expected_members(cycle), key=lambda member: member.code)
    others = Member.objects.counted().exclude(pk__in=[m.pk for m in expected]).order_by("code")
    given = [life for life, times in plan.expected.items() for _ in range(times)]
    fixed = {m.code: FIXED[m.code, plan.cycle] for m in expected if (m.code, plan.cycle) in FIXED}
    for life in fixed.values():
        given.remove(life)
    free = [member for member in expected if member.code not in fixed]
    Random(f"{SEED} {plan.cycle}").shuffle(free)  # noqa: S311
    chosen = dict(zip([m.code for m in free], given, strict=False)) | fixed
    yield from ((member, chosen.get(member.code, "none")) for member in expected)
    yield from zip(others, plan.voluntary, strict=False)

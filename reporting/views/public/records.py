"""What a member's public page tells of its record: its treaty record, and its positions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Position
from members.models import Member

from ...languages import name_of
from ...models import ReportElsewhere
from ...verdicts import CANNOT_TELL, MET, NOT_MET, of_treaty

VERDICTS = {MET: _("met"), NOT_MET: _("not met"), CANNOT_TELL: _("cannot be told")}


def with_positions(members: QuerySet[Member]) -> QuerySet[Member]:
    """The members with `has_positions` and `has_reports_elsewhere`, which `record_of` reads."""
    own = {"member": OuterRef("pk")}
    return members.annotate(
        has_positions=Exists(Position.objects.filter(**own)),
        has_reports_elsewhere=Exists(ReportElsewhere.objects.filter(**own)),
    )


def record_of(member: Member, day: dt.date) -> dict[str, Any]:
    """`treaty`: the verdict on 2022-M6 and the facts behind it, for government members alone;
    `positions`: what the member has said about statements, beside its obligations;
    `elsewhere`: its reports of earlier rounds that exist at another place, as (link, language)."""
    links: Iterable[ReportElsewhere] = []
    if member.has_reports_elsewhere:  # type: ignore[attr-defined]
        links = member.reports_elsewhere.all()  # type: ignore[attr-defined]
    positions: Iterable[Position] = []
    if member.has_positions:  # type: ignore[attr-defined]  # few have; the others save a query
        positions = member.positions.filter(on__lte=day).select_related("statement__endorses")
    treaty = _treaty(member, day) if member.kind == Member.Kind.GOVERNMENT else None
    elsewhere = [(link, name_of(link.language)) for link in links]
    return {"positions": list(positions), "treaty": treaty, "elsewhere": elsewhere}


def _treaty(member: Member, day: dt.date) -> dict[str, Any]:
    facts = list(member.treaty_facts.filter(on__lte=day))
    found = of_treaty({fact.stage: fact.on for fact in facts}, day)
    return {"facts": facts, "verdict": VERDICTS[found.verdict], "arithmetic": found.arithmetic}

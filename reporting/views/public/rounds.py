"""The rounds of reports: the list, and each round with its figures and what was published."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.access import access, anyone
from members.models import Member
from members.templatetags.look import timeliness_word
from members.text import fold

from ... import deadlines
from ...models import Cycle, PublishedReport, Receipt, Summary
from ...summaries.telling import Told
from . import described, sums
from .register import members_by_code, missed_words, notes

STATES = {
    "not_collected": _("not collected by this register"),
    "planned": _("planned"),
    "open": _("open"),
    "overdue": _("open for late reports"),
    "closed": _("closed"),
}


@access(anyone)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round with its dates and state, and how many reports are published."""
    now = timezone.now()
    built = {s.scope: s for s in Summary.objects.shown().filter(scope__startswith="cycle-")}
    rows = [_row(cycle, built.get(f"cycle-{cycle.code}"), now) for cycle in Cycle.objects.all()]
    return render(request, "reporting/rounds.html", {"rows": rows})


def _row(cycle: Cycle, summary: Summary | None, now: dt.datetime) -> dict[str, Any]:
    figures = json.loads(summary.row)["figures"] if summary else {}
    published = {kind: names.get("published") for kind, names in figures.items()}
    return {
        "cycle": cycle,
        "state": STATES[deadlines.state(cycle, now, settings.FIRST_CYCLE)],
        "published": [
            (Member.Kind(kind).label, one["numerator"], one["denominator"])
            for kind, one in published.items()
            if one and one["numerator"] is not None
        ],
        "synthetic": bool(summary and summary.synthetic),
    }


@access(anyone)
def round_of_reports(request: HttpRequest, code: str) -> HttpResponse:
    """One round: its dates, the built figures by kind of member, and the reports published."""
    cycle = get_object_or_404(Cycle, code=code)
    now = timezone.now()
    summary = Summary.objects.shown().filter(scope=f"cycle-{code}").first()
    state = deadlines.state(cycle, now, settings.FIRST_CYCLE)
    context = {
        "cycle": cycle,
        "described": described.of_round(cycle),
        "state": state,
        "state_word": STATES[state],
        **sums.shown(Told(summary) if summary else None),
        **sums.by_theme(code),
        **_lists(cycle, members_by_code(now.date())),
    }
    return render(request, "reporting/round.html", context)


def _told(receipt: Receipt | None) -> tuple[str, str]:
    """How an announced receipt is drawn, and the same in words."""
    if receipt is None:
        return "", ""
    return receipt.timeliness, missed_words(receipt) or str(timeliness_word(receipt.timeliness))


def _lists(cycle: Cycle, members: dict[str, Member]) -> dict[str, Any]:
    """The published reports by name, and, once announced, who came late or not at all."""
    reports = list(PublishedReport.objects.shown().filter(cycle=cycle.code))
    receipts = Receipt.objects.shown().filter(cycle=cycle.code)
    announced = {r.member: r for r in receipts} if cycle.receipts_announced_on else {}
    rows = [(members[r.member], r, *_told(announced.get(r.member))) for r in reports]
    rows.sort(key=lambda row: fold(row[0].display_name))
    missed = [(members[code], r) for code, r in announced.items() if r.timeliness == "missed"]
    missing = [(member, missed_words(r)) for member, r in missed]
    missing.sort(key=lambda row: fold(row[0].display_name))
    return {
        "reports": rows,
        "missing": missing,
        "announced": cycle.receipts_announced_on,
        "synthetic": any(r.synthetic for r in reports)
        or any(r.synthetic for r in announced.values()),
        "notes": notes({m.code: m for m in [row[0] for row in [*rows, *missing]]}.values()),
    }

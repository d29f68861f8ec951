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
from ...figures import Round
from ...models import Cycle, PublishedReport, Receipt, Summary
from ...summaries.telling import Told
from . import described, sums
from .register import counted, members_by_code, missed_words, notes, withdrawn_words

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
        **_lists(Round(cycle), members_by_code(now.date())),
    }
    return render(request, "reporting/round.html", context)


def _told(receipt: Receipt | None) -> tuple[str, str]:
    """How an announced receipt is drawn, and the same in words."""
    if receipt is None:
        return "", ""
    return receipt.timeliness, missed_words(receipt) or str(timeliness_word(receipt.timeliness))


def _lists(seen: Round, members: dict[str, Member]) -> dict[str, Any]:
    """The published reports by name, and, once announced, who has none and who came too late."""
    code = seen.cycle.code
    every = PublishedReport.objects.filter(cycle=code).order_by("shown_until")
    taken = {r.member: r for r in every if r.withdrawn_because}
    reports = [r for r in every if r.shown_until is None]
    announced: dict[str, Receipt] = {}
    if seen.announced:
        announced = {r.member: r for r in Receipt.objects.shown().filter(cycle=code)}
    rows = [(members[r.member], r, *_told(announced.get(r.member))) for r in reports]
    rows.sort(key=lambda row: fold(row[0].display_name))
    missing = [
        (m, missed_words(receipt))
        for m in members.values()
        if (receipt := announced.get(m.code)) and receipt.timeliness == "missed"
    ]
    named = {code for code in [*announced, *(r.member for r in reports)] if code in members}
    return {
        "reports": rows,
        "without_report": _without(seen, members, announced, taken) if seen.announced else [],
        "missing": missing,
        "announced": seen.cycle.receipts_announced_on,
        "synthetic": any(r.synthetic for r in [*reports, *announced.values()]),
        "notes": notes(members[code] for code in named),
    }


def _without(
    seen: Round,
    members: dict[str, Member],
    announced: dict[str, Receipt],
    taken: dict[str, PublishedReport],
) -> list[dict[str, Any]]:
    """By kind of member: who was expected to report and has no published report, and how so.

    They are exactly those that the front page counts as having none.
    """
    kinds = []
    for kind in seen.kinds:
        rows = []
        for member in (members[code] for code in members if code in seen.without):
            if seen.expected[member.code] == kind:
                _kind, told = _told(announced.get(member.code))
                said = [told, withdrawn_words(taken.get(member.code))]
                rows.append((member, ", ".join(one for one in said if one)))
        excused = sum(seen.counted_silence(member.code) == "excused" for member, _words in rows)
        of = counted(kind, seen.count(seen.chosen("expected"))[kind])
        kinds.append({"rows": rows, "of": of, "excused": excused})
    return [one for one in kinds if one["rows"]]

"""The rounds of reports: the list, and each round with its figures and what was published."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from members.access import access, anyone
from members.models import Member
from members.templatetags.look import timeliness_word
from members.text import fold

from ... import deadlines
from ...figures import Round
from ...models import Cycle, PublishedReport, Receipt, Summary
from ...summaries.telling import Told
from . import described, story, sums
from .asked import RegisterQuestion, asking
from .home import tiles_of
from .register import counted, members_by_code, missed_words, notes, withdrawn_words

STATES = {
    "not_collected": _("not collected by this register"),
    "planned": _("planned"),
    "open": _("open"),
    "overdue": _("open for late reports"),
    "closed": _("closed"),
}


@access(anyone)
@asking(RegisterQuestion)
def rounds(request: HttpRequest, question: RegisterQuestion) -> HttpResponse:
    """Every round with its dates and state, and how many reports are published."""
    moment = question.moment
    shown = Summary.objects.shown(moment.as_of).filter(scope__startswith="cycle-")
    built = {s.scope: s for s in shown}
    every = Cycle.objects.all()
    rows = [_row(cycle, built.get(f"cycle-{cycle.code}"), moment.at) for cycle in every]
    context = {"question": question, "rows": rows, "built": built}
    return render(request, "reporting/rounds.html", context)


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
@asking(RegisterQuestion)
def round_of_reports(request: HttpRequest, question: RegisterQuestion, code: str) -> HttpResponse:
    """One round: its dates, the built figures by kind of member, and the reports published."""
    cycle, moment = get_object_or_404(Cycle, code=code), question.moment
    summary = Summary.objects.shown(moment.as_of).filter(scope=f"cycle-{code}").first()
    state = deadlines.state(cycle, moment.at, settings.FIRST_CYCLE)
    context = {
        "question": question,
        "cycle": cycle,
        "described": described.of_round(cycle),
        "state": state,
        "state_word": STATES[state],
        **sums.shown(Told(summary) if summary else None),
        **sums.by_theme(code, moment.as_of),
        **_story(Round(cycle, moment.as_of), members_by_code(moment.day), question.kept),
    }
    return render(request, "reporting/round.html", context)


def _story(seen: Round, members: dict[str, Member], kept: str) -> dict[str, Any]:
    """What the round comes to, who reported, on a map and by name; no more of one without data."""
    told = {"sentence": story.sentence(seen), "who_reported": story.who_reported(seen)}
    if told["who_reported"]:
        shade = "on_time" if seen.announced else "reported"
        told |= tiles_of(shade, members, [], seen, kept)
    return told | _lists(seen, members)


def _told(receipt: Receipt | None) -> tuple[str, str]:
    """How an announced receipt is drawn, and the same in words."""
    if receipt is None:
        return "", ""
    return receipt.timeliness, missed_words(receipt) or str(timeliness_word(receipt.timeliness))


def _lists(seen: Round, members: dict[str, Member]) -> dict[str, Any]:
    """The published reports by name, and, once announced, who has none and who came too late."""
    code = seen.cycle.code
    every = PublishedReport.objects.filter(cycle=code).order_by("shown_until")
    if seen.day:
        every = every.filter(shown_from__lte=seen.day)
    ended = [r for r in every if r.shown_until and (not seen.day or r.shown_until <= seen.day)]
    taken = {r.member: r for r in ended if r.withdrawn_because}
    reports = [r for r in every if r not in ended]
    announced: dict[str, Receipt] = {}
    if seen.announced:
        announced = {r.member: r for r in Receipt.objects.shown(seen.day).filter(cycle=code)}
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
        "announced": seen.cycle.receipts_announced_on if seen.announced else None,
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

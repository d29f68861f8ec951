"""One published report: when it came, each answer in the member's words, and its versions."""

import datetime as dt
import json
from collections import Counter
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Commitment
from members.access import access, anyone
from members.api.parameters import Moment
from members.models import Member
from members.templatetags.look import status_word, timeliness_word

from ...exports.package import TITLE
from ...figures import SILENCES, Round
from ...languages import name_of
from ...models import Cycle, Extension, PublishedAnswer, PublishedReport, Receipt
from ...summaries.telling import WORDS
from ...tallies import ANSWERS, OTHER_ANSWERS, Bound, Line, apart
from . import described
from .asked import RegisterQuestion, asking
from .register import basis_word, missed_words, place_and_year, withdrawn_words

STEPS = ANSWERS[::-1]  # how far a promise is; the other answers are on no such way


@access(anyone)
@asking(RegisterQuestion)
def report(request: HttpRequest, question: RegisterQuestion, code: str) -> HttpResponse:
    """All that is published of one report; 410 with the public note after a withdrawal."""
    moment = question.moment
    versions = _versions(code, moment)
    shown = [row for row in versions if _is_shown(row, moment)]
    if not shown and (not versions or not versions[-1].withdrawn_because):
        raise Http404
    member = get_object_or_404(Member.objects.named(moment.day), code=versions[-1].member)
    facts = {"cycle": versions[-1].cycle, "member": member, "name": member.display_name}
    facts |= {"title": _("%(name)s, report %(cycle)s") % facts, "question": question}
    if not shown:
        gone = facts | {"words": withdrawn_words(versions[-1])}
        return render(request, "reporting/report_gone.html", gone, status=410)
    page = facts | _page(shown[0], member, moment) | {"versions": _told(versions, moment)}
    page |= {"citation": _citation(shown[0], str(facts["title"]), question)}
    return render(request, "reporting/report.html", page)


def _versions(code: str, moment: Moment) -> list[PublishedReport]:
    """What was published of a report by that day, in the order in which it stopped being shown."""
    cycle, _dash, member = code.partition("-")
    rows = PublishedReport.objects.filter(cycle=cycle, member=member, shown_from__lte=moment.day)
    return sorted(rows, key=lambda row: (row.shown_until or dt.date.max, row.version, row.pk))


def _is_shown(row: PublishedReport, moment: Moment) -> bool:
    return row.shown_until is None or row.shown_until > moment.day


def _page(shown: PublishedReport, member: Member, moment: Moment) -> dict[str, Any]:
    seen = Round(Cycle.objects.get(code=shown.cycle), moment.as_of)
    lines = Bound(member=member).on(seen.cycle.opens_on)
    rows = [json.loads(row) for row in shown.answers.values_list("row", flat=True)]
    said = {row["commitment"]: row | {"language": shown.language} for row in rows}
    own, by_endorsement = (_became(some, said, seen) for some in apart(lines))
    return {
        "report": shown,
        "described": described.of_report(shown),
        "code": f"{shown.cycle}-{shown.member}",
        "written_in": name_of(shown.language),
        "own": own,
        "by_endorsement": by_endorsement,
        "withheld": sum(row["withheld"] for row in rows if "withheld" in row),
        "groups": _groups(lines, said, seen, _before(seen, member)),
        **_timeliness(shown, member, seen, moment),
    }


# When it came


def _timeliness(
    shown: PublishedReport, member: Member, seen: Round, moment: Moment
) -> dict[str, Any]:
    """When it was due and came, as far as that is public; the day that it came with the receipts.

    Until they are announced a report says of itself what its row says.
    """
    row = json.loads(shown.row)
    decided = Extension.objects.in_force().filter(
        member=member, cycle=seen.cycle, published_on__lte=moment.day, due_on__isnull=False
    )
    moved = decided.values_list("due_on", flat=True).first()
    receipts = Receipt.objects.shown(moment.as_of).filter(cycle=shown.cycle, member=shown.member)
    receipt = receipts.first() if seen.announced else None
    kind = receipt.timeliness if receipt else row.get("timeliness", "")
    told = (missed_words(receipt) if receipt else "") or str(timeliness_word(kind))
    if kind == "late" and receipt and receipt.received_on:
        n = max((receipt.received_on - (moved or seen.cycle.due_on)).days, 1)
        told = ngettext("%(n)s day late", "%(n)s days late", n) % {"n": n}
    at = row.get("submitted_at")
    return {
        "timeliness": kind,
        "timeliness_told": told,
        "due_on": moved or seen.cycle.due_on,
        "moved": moved,
        "received_on": receipt.received_on if receipt else None,
        "submitted_at": dt.datetime.fromisoformat(at) if at else None,
        "sha256": row.get("sha256", ""),
    }


# What it says


def _became(lines: list[Line], said: dict[str, Any], seen: Round) -> dict[str, Any]:
    """How many of these clauses are answered, and the parts of their bar."""
    counts = Counter(_status(line.commitment, line.member, said, seen) for line in lines)
    order = [*ANSWERS, *OTHER_ANSWERS, *SILENCES]
    answered = sum(line.commitment in said for line in lines)
    parts = [(status, counts[status]) for status in order if counts[status]]
    return {"of": len(lines), "answered": answered, "parts": parts}


def _status(clause: str, member: str, said: dict[str, Any], seen: Round) -> str:
    return said[clause]["status"] if clause in said else seen.silence(member)


def _before(seen: Round, member: Member) -> tuple[str, dict[str, str]]:
    """The round before, and what the member's published report of it answered by clause."""
    code = seen.previous or ""
    answers = PublishedAnswer.objects.shown(seen.day).filter(cycle=code, member=member.code)
    return code, dict(answers.values_list("commitment", "status"))


def _groups(
    lines: list[Line], said: dict[str, Any], seen: Round, before: tuple[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Each clause that was owed or answered, by statement: what was said, or the silence."""
    bases = {line.commitment: basis_word(line.basis) for line in lines}
    clauses = Commitment.objects.filter(reference__in={*bases, *said}).select_related("statement")
    groups: dict[str, dict[str, Any]] = {}
    for clause in clauses:
        statement = clause.statement
        group = groups.setdefault(
            statement.code, {"code": statement.code, "name": place_and_year(statement), "rows": []}
        )
        row = said.get(clause.reference)
        status = row["status"] if row else seen.silence(lines[0].member)
        group["rows"].append(
            {
                "clause": clause,
                "said": row,
                "status": status,
                "basis": bases.get(clause.reference) or _("voluntary, in no count"),
                "change": _change(
                    status if row else "", before[1].get(clause.reference), before[0]
                ),
            }
        )
    return list(groups.values())


def _change(status: str, then: str | None, code: str) -> str:
    """How an answer stands to that of the round before; nothing where either is missing."""
    if not status or not then:
        return ""
    told = {"cycle": code, "status": status_word(then)}
    earlier = _("%(cycle)s: %(status)s") % told
    if status not in STEPS or then not in STEPS:
        return earlier
    moved = STEPS.index(status) - STEPS.index(then)
    name = "moved_on" if moved > 0 else "moved_back" if moved else "unchanged"
    return f"{WORDS[name]} ({earlier})" if moved else str(WORDS[name])


# How it was published


def _told(versions: list[PublishedReport], moment: Moment) -> list[dict[str, Any]]:
    """The published versions, the newest first, each with the day to look at it."""
    rows = []
    for row in reversed(versions):
        over = not _is_shown(row, moment)
        seen = row.shown_until is None or row.shown_until > row.shown_from
        rows.append(
            {
                "number": row.version,
                "since": row.shown_from,
                "until": row.shown_until if over else None,
                "why": row.withdrawn_because if over else "",
                "day": row.shown_from.isoformat() if over and seen else "",
            }
        )
    return rows


def _citation(shown: PublishedReport, title: str, question: RegisterQuestion) -> str:
    """How to quote this version of the report."""
    mark = "[Synthetic] " if shown.synthetic else ""
    address = f"{settings.SITE_URL}/reports/{shown.cycle}-{shown.member}/{question.kept}"
    words = {"n": shown.version, "day": shown.shown_from.isoformat()}
    version = _("version %(n)s, published %(day)s") % words
    return f"{mark}{title}, {version}. {TITLE}. {address}"

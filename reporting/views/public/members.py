"""The members: a list to look through, and each member with what it owes and what it said."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Commitment, Signature, Statement
from members.access import access, anyone
from members.models import GroupMember, Member

from ... import deadlines
from ...models import Cycle, PublishedAnswer, PublishedReport, Receipt
from .asked import MemberPageQuestion, MemberQuestion, Question, asking
from .register import Line, RoundShown, lines, long_date, notes, reason, rounds_with_reports


@access(anyone)
@asking(MemberQuestion)
def members(request: HttpRequest, question: Question) -> HttpResponse:
    """All members, or those asked for, with what they stand under and how much they owe."""
    day = timezone.now().date()
    found = _asked_for(question, Member.objects.named(day), day)
    found = sorted(found.select_related("reports_through"), key=lambda m: m.display_name.casefold())
    owed = Counter(line.member for line in lines(day))
    signed: dict[int, list[str]] = defaultdict(list)
    for member, statement in Signature.objects.on(day).values_list("member", "statement__code"):
        signed[member].append(statement)
    rows = [(m, signed[m.pk], owed[m.code]) for m in found]
    context = {"question": question, "rows": rows, "notes": notes(found)}
    return render(request, "reporting/members.html", context | {"total": Member.objects.count()})


def _asked_for(question: Question, found: QuerySet[Member], day: dt.date) -> QuerySet[Member]:
    for name in ("kind", "region"):
        if value := question.asked(name):
            found = found.filter(**{name: value})
    if statement := question.asked("statement"):
        under = Signature.objects.on(day).filter(statement__code=statement)
        found = found.filter(pk__in=under.values("member"))
    if group := question.asked("group"):
        places = GroupMember.objects.in_force(day).filter(group__code=group)
        found = found.filter(pk__in=places.values("member"))
    if words := question.asked("q"):
        named = Q(names__text__icontains=words) | Q(code__iexact=words)
        found = found.filter(pk__in=Member.objects.filter(named).values("pk"))
    return found


@access(anyone)
@asking(MemberPageQuestion)
def member(request: HttpRequest, question: Question, code: str) -> HttpResponse:
    """One member: its names, its reports by round, what it owes and why, what it answered."""
    now = timezone.now()
    named = Member.objects.named(now.date()).select_related("part_of", "reports_through")
    page = _page(get_object_or_404(named, code=code), question, now)
    return render(request, "reporting/member.html", page)


def _page(member: Member, question: Question, now: dt.datetime) -> dict[str, Any]:
    day = now.date()
    owed = lines(day, member=member)
    signed = Signature.objects.on(day).filter(member=member).select_related("statement", "name")
    shown = PublishedAnswer.objects.shown().filter(member=member.code).order_by("cycle")
    answers = list(shown.values("cycle", "commitment", "status", "synthetic"))
    rounds = [r for r in rounds_with_reports() if r.code in {a["cycle"] for a in answers}][-2:]
    marks = _marks(member, now)
    return {
        "member": member,
        "note": member.note,
        "names": list(member.names.order_by("statement", F("since").asc(nulls_first=True))),
        "places": list(member.places.in_force(day).select_related("group")),
        "signed": list(signed),
        "owed": len(owed),
        "statements": _statements(owed, {s.statement.code: s.name.text for s in signed}, answers),
        "marks": marks,
        "answers": _answers(owed, answers, rounds, question),
        "cycles": [r.code for r in rounds],
        "question": question,
        "synthetic": any(a["synthetic"] for a in answers) or any(m["synthetic"] for m in marks),
    }


def _statements(
    owed: list[Line], printed: dict[str, str], answers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the member owes under each statement and basis, why, and how much is answered."""
    newest = max((a["cycle"] for a in answers), default=None)
    said = {a["commitment"] for a in answers if a["cycle"] == newest}
    groups: dict[tuple[str, str, dt.date], list[Line]] = defaultdict(list)
    for line in owed:
        groups[line.statement, line.basis, line.since].append(line)
    places = {s.code: s for s in Statement.objects.all()}
    rows = []
    for (code, basis, since), of_it in groups.items():
        why = reason(basis, since, printed.get(code, ""))
        done = sum(line.commitment in said for line in of_it)
        rows.append({"statement": places[code], "owed": len(of_it), "why": why, "answered": done})
    return sorted(rows, key=lambda row: row["statement"].position)


def _answers(
    owed: list[Line], answers: list[dict[str, Any]], rounds: list[RoundShown], question: Question
) -> list[dict[str, Any]]:
    """Each clause owed with the published status in the last two rounds; silence is kept."""
    said = {(a["cycle"], a["commitment"]): a["status"] for a in answers}
    references = {line.commitment for line in owed} | {a["commitment"] for a in answers}
    clauses = Commitment.objects.filter(reference__in=references)
    if code := question.asked("statement"):
        clauses = clauses.filter(statement__code=code)
    rows = clauses.values_list("reference", "title") if rounds else []
    return [
        {
            "reference": reference,
            "title": title,
            "statuses": [(r.code, said.get((r.code, reference), r.silence)) for r in rounds],
        }
        for reference, title in rows
    ]


def _marks(member: Member, now: dt.datetime) -> list[dict[str, Any]]:
    """The member's reports by round, as far as they are public, for the line of rounds."""
    published = {r.cycle: r for r in PublishedReport.objects.shown().filter(member=member.code)}
    receipts = {r.cycle: r for r in Receipt.objects.shown().filter(member=member.code)}
    return [_mark(c, published.get(c.code), receipts.get(c.code), now) for c in Cycle.objects.all()]


def _mark(
    cycle: Cycle, report: PublishedReport | None, receipt: Receipt | None, now: dt.datetime
) -> dict[str, Any]:
    state = deadlines.state(cycle, now, settings.FIRST_CYCLE)
    if receipt:
        kind, words = receipt.timeliness, ""
    elif report:
        kind = "published"
        words = _("published %(day)s") % {"day": long_date(report.shown_from)}
    elif state == "open":
        kind, words = "due", _("due %(day)s") % {"day": long_date(cycle.due_on)}
    else:
        kind = {"not_collected": "not_collected", "planned": "planned"}.get(
            state, "not_yet_published"
        )
        words = ""
    synthetic = any(row.synthetic for row in (report, receipt) if row)
    return {"name": cycle.code, "kind": kind, "words": words, "synthetic": synthetic}

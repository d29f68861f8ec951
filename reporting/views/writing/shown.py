"""What the writers' pages show of a report: its tasks, how far it is, what may be done next."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.deadlines import days_late
from commitments.models import Commitment
from commitments.obligations import reason
from members.languages import isolated, joined, long_date, said
from members.models import Member
from members.proof import session_ends
from members.rules import represents

from ... import languages, observations, questions, rules, workflow
from ...actions.entering import came
from ...models import Report
from ...observations import Year
from ...questions import Question
from ...rounds import due_on_of
from ..moments import person
from . import tasks as lines
from .standing import Publication, next_steps, notes, standing, still_public

# Which page makes a move; submitting begins with checking the answers.
PAGES = {"submit": "report-check", "confirm": "report-confirm"}
PAGES |= dict.fromkeys(("agree", "object"), "report-preview")
CHECK = gettext_lazy("Check answers")
POSTED = {"recall": "report-recall", "reopen": "report-reopen"}


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def session(request: HttpRequest) -> dict[str, Any]:
    """When the person's session ends, and in how many seconds."""
    ends = session_ends(request)
    left = (ends - timezone.now()).total_seconds() if ends else 0
    return {"ends": ends, "left": max(0, int(left))}


def own_report(request: HttpRequest, code: str) -> Report:
    """The report, when the person writes for its member or enters it; 404 for all others."""
    own = Report.objects.written_by(request.user).coded(code)
    return get_object_or_404(own.select_related("cycle", "member", "reviewer"))


def whole_report(request: HttpRequest, code: str) -> Report:
    """As `own_report`, for what shows all of its answers: 404 also for who is shown only some."""
    report = own_report(request, code)
    if questions.is_restricted(person(request), report.member):
        raise Http404
    return report


def asked_of(request: HttpRequest, report: Report) -> list[Question]:
    """The questions that the reader is shown. Pages begin here, not at `questions.questions`."""
    return questions.shown_to(person(request), report)


def years_of(report: Report, asked: list[Question]) -> list[Year]:
    """The years of all indicators that judge these questions."""
    return observations.asked(report, [q.reference for q in asked if q.is_measured], today())


def years_told_by(request: HttpRequest, report: Report, asked: list[Question]) -> list[Year]:
    """Those of these years that the reader tells itself."""
    years, who = years_of(report, asked), person(request)
    clauses = {year.indicator.commitment for year in years}
    told = {clause for clause in clauses if questions.may_observe(who, report, clause)}
    return [year for year in years if year.indicator.commitment in told]


def name_of(member: Member) -> str:
    """The member's name today."""
    return said(Member.objects.named(today()).get(pk=member.pk).display_name)


def home(request: HttpRequest, report: Report, asked: list[Question]) -> dict[str, Any]:
    """What the head of the report home says: days left, progress, what to do next."""
    due = due_on_of(report.cycle, report.member)
    answered, owed = questions.progress(asked)
    left, late = questions.days_left(due, today()), days_late(due, came(report, timezone.now()))
    published, entering = Publication.of(report), rules.enters(request.user, report)
    code = report.code
    is_settled = report.first_submitted_at or report.cycle.receipts_announced_on
    return {
        "report": report,
        "entering": entering,
        "written_in": languages.name_of(report.language),
        "member": name_of(report.member),
        "days": max(left, 0),
        "over": late > 0,
        "late": late,
        "due": due,
        "extension_url": "" if entering or is_settled else reverse("report-extension", args=[code]),
        "answered": answered,
        "owed": owed,
        "standing": standing(report, published, due),
        "next": next_steps(report, asked, person(request)),
        "shares": lines.shares(report, asked),
        "previews": _previews(request, report),
        "delegates": rules.can_delegate(request.user, report),
        "still_public": still_public(report, published),
        "notes": notes(report, published, over=late > 0),
        "moves": buttons(request, report),
        "versions": list(report.versions.all()),
        "last": questions.last_published(report.cycle, report.member),
    }


def _previews(request: HttpRequest, report: Report) -> bool:
    """Does the person see what the public will read of it? The member's people, of the whole."""
    own = represents(request.user, report.member)
    return own and not questions.is_restricted(person(request), report.member)


def buttons(request: HttpRequest, report: Report) -> list[dict[str, Any]]:
    """The moves that the person can make now: a link to a page, or a form to post."""
    moves = workflow.open_moves(request.user, report, on=today())
    pages = {**PAGES, **POSTED}
    return [
        {
            "label": CHECK if move.name == "submit" else move.label,
            "url": reverse(pages[move.name], args=[report.code]),
            "post": move.name in POSTED,
        }
        for move in moves
        if move.name in pages
    ]


def url_of(report: Report, question: Question) -> str:
    return reverse("answer", args=[report.code, question.reference])


def statements(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """The task list: owed questions by statement and section, with the basis of the debt."""
    owed = [q for q in asked if q.is_owed]
    return [
        {
            "code": statement.code,
            "title": f"{said(statement.place)}, {statement.adopted_on.year}",
            "why": bases(group),
            "tasks": tasks(report, group),
        }
        for statement, group in _grouped(owed, lambda q: q.commitment.statement)
    ]


def tasks(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """One line per section, with its questions folded in."""
    return [_task(report, name, group) for name, group in _grouped(asked, _section)]


def _section(question: Question) -> str:
    return said(question.commitment.section)


def _grouped(asked: list[Question], key: Any) -> list[tuple[Any, list[Question]]]:
    return [(name, list(group)) for name, group in groupby(asked, key)]


def _task(report: Report, name: str, group: list[Question]) -> dict[str, Any]:
    first = next((q for q in group if q.lacks), group[0])
    return {
        "url": url_of(report, first),
        "name": name,
        "who": lines.holders(group),
        "done": sum(not q.lacks for q in group),
        "of": len(group),
        "work": _work([q.work for q in group]),
        "parts": [lines.part(report, q) for q in group],
    }


def _work(works: list[str]) -> str:
    for first in ("returned", "needs_attention"):
        if first in works:
            return first
    if len(set(works)) == 1:
        return works[0]
    return "in_progress"


def judged(question: Question) -> str:
    """Who judges the clause, where it is not the member's own report; empty where it is."""
    kinds = Commitment.VerifiedBy
    words: dict[str, str] = {
        kinds.RECORD: _("The register judges this clause from its own dates."),
        kinds.INDICATOR: _("The yearly figures judge this clause."),
        kinds.TREATY: _("The treaty record judges this clause."),
        kinds.SECRETARIAT: _("The secretariat judges this clause."),
    }
    said = words.get(question.commitment.verified_by, "")
    beside = _("What you write stands beside it as your comment.")
    return f"{said} {beside}" if said else ""


def bases(group: list[Question]) -> str:
    """Why the member owes these clauses; where they differ, for which clause which is said."""
    of: dict[str, list[str]] = {}
    for question in group:
        of.setdefault(basis(question), []).append(question.reference)
    if len(of) == 1:
        return next(iter(of))
    whys = [(joined(map(isolated, references)), why) for why, references in of.items()]
    return " ".join(f"{codes}: {why}" for codes, why in whys)


def basis(question: Question) -> str:
    """Why the member owes the clause, and since when, in words."""
    line = question.line
    if line is None:
        return _("Undertaken by “the delegates”, whom the text does not name; outside every count.")
    since = long_date(line.first_since)
    return _("%(reason)s Since %(day)s.") % {"reason": reason(line), "day": since}

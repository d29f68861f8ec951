"""The members: a list to look through, and each member with what it owes and what it said."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commitments.filters import members_named
from commitments.models import Commitment, Signature, Statement
from commitments.words import due_words
from members import languages
from members.access import access, anyone
from members.api.parameters import Moment
from members.languages import joined
from members.models import FormerCode, GroupMember, Member, Name
from members.templatetags.look import ANSWERED, timeliness_word
from members.text import fold

from ... import deadlines
from ...figures import NOT_ASKED, Round, rounds_of
from ...languages import in_words
from ...models import Cycle, Extension, PublishedAnswer, PublishedReport, Receipt
from ...tallies import Bound, Ended, Line, apart
from . import described
from .asked import MemberPageQuestion, MemberQuestion, Question, asking
from .records import record_of, with_positions
from .register import (
    basis_word,
    counted_all,
    long_date,
    missed_words,
    notes,
    owed_words,
    reason,
    withdrawn_words,
)


@access(anyone)
@asking(MemberQuestion)
def members(request: HttpRequest, question: MemberQuestion) -> HttpResponse:
    """The members of a day, or those asked for, with what they stand under and what they owe."""
    day = question.moment.day
    found = _asked_for(question, Member.objects.on(day).named(day), day)
    found = languages.in_order(found.select_related("reports_through"))
    own, by_endorsement = (Counter(ln.member for ln in lines) for lines in apart(Bound().on(day)))
    signed: dict[int, list[str]] = defaultdict(list)
    for member, statement in Signature.objects.on(day).values_list("member", "statement__code"):
        signed[member].append(statement)
    rows = [(m, signed[m.pk], own[m.code], by_endorsement[m.code]) for m in found]
    kinds = Counter(m.kind for m in found if m.reports_through_id is None)
    context = {"question": question, "rows": rows, "notes": notes(found)}
    context |= {"total": Member.objects.count(), "kinds": counted_all(kinds)}
    context |= {"uncounted": joined(m.code for m in found if m.reports_through_id)}
    return render(request, "reporting/members.html", context)


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
        found = found.filter(pk__in=members_named(fold(words), day))
    return found


@access(anyone)
@asking(MemberPageQuestion)
def member(request: HttpRequest, question: MemberPageQuestion, code: str) -> HttpResponse:
    """One member: its names, its reports by round, what it owes and why, what it answered."""
    named = Member.objects.named(question.moment.day).select_related("part_of", "reports_through")
    found = with_positions(named).filter(code=code).first()
    if found is None:
        merged = get_object_or_404(FormerCode.objects.select_related("member"), code=code)
        return redirect(f"/members/{merged.member.code}/", permanent=True)
    (shown,) = languages.in_order([found])
    page = _page(shown, question)
    return render(request, "reporting/member.html", page)


def _page(member: Member, question: MemberPageQuestion) -> dict[str, Any]:
    moment, day = question.moment, question.moment.day
    facts = Bound(member=member)
    owed, over = facts.on(day), facts.ended(day)
    signed = Signature.objects.on(day).filter(member=member).select_related("statement", "name")
    shown = PublishedAnswer.objects.shown(moment.as_of).filter(member=member.code)
    answers = list(shown.order_by("cycle").values("cycle", "commitment", "status", "synthetic"))
    cycles, clauses = {a["cycle"] for a in answers}, {a["commitment"] for a in answers}
    every = rounds_of(Cycle.objects.all(), moment.as_of)
    rounds = [seen for seen in every if seen.cycle.code in cycles][-2:]
    became = _became(member, facts, answers, rounds)
    marks = marks_of(member, every, moment)
    return {
        "member": member,
        "note": member.note,
        "described": described.of_member(member),
        "names": _names(member, day),
        "places": list(member.places.in_force(day).select_related("group")),
        "signed": list(signed),
        "owed": owed_words(*map(len, apart(owed))),
        "ended": _ended(over),
        **_comings(member, day),
        "statements": _statements(owed, {s.statement.code: s.name.text for s in signed}),
        "answered": _answered(member, facts, answers, rounds),
        "marks": marks,
        "clauses": _clauses(member, owed, over, clauses, became, question),
        "cycles": [code for code, _statuses in became],
        "question": question,
        "synthetic": any(a["synthetic"] for a in answers) or any(m["synthetic"] for m in marks),
        **record_of(member, day),
    }


def _comings(member: Member, day: dt.date) -> dict[str, Any]:
    """When it had left by then (`left_on`), and the times from which it had come back by then."""
    left = [member.left_on] if member.left_on and member.left_on <= day else []
    times = list(member.suspensions.filter(kind="away", since__lte=day))
    left += [time.since for time in times if time.until and time.until > day]
    back = [time for time in times if time.until and time.until <= day]
    return {"left_on": left[0] if left else None, "came_back": back}


def _names(member: Member, day: dt.date) -> list[Name]:
    """Its names known by then; a printed one from its statement on."""
    known = member.names.filter(Q(since__isnull=True) | Q(since__lte=day))
    return list(known.order_by("statement", F("since").asc(nulls_first=True)))


def _statements(owed: list[Line], printed: dict[str, str]) -> list[dict[str, Any]]:
    """What the member owes under each statement, on which basis, and why."""
    groups = Counter((line.statement, line.basis, line.since) for line in owed)
    places = {s.code: s for s in Statement.objects.all()}
    rows = []
    for (code, basis, since), number in groups.items():
        why = reason(basis, since, printed.get(code, ""))
        rows.append({"statement": places[code], "owed": number, "why": why})
    return sorted(rows, key=lambda row: row["statement"].position)


def _ended(over: list[Ended]) -> list[tuple[Any, ...]]:
    """By statement, basis and period: how many clauses it owed and owes no longer."""
    counts = Counter((one.statement, one.basis, one.since, one.until) for one in over)
    return [
        (code, basis_word(basis), since, until, number)
        for (code, basis, since, until), number in sorted(counts.items())
    ]


def _answered(
    member: Member, facts: Bound, answers: list[dict[str, Any]], rounds: list[Round]
) -> list[dict[str, Any]]:
    """For each round shown: how many of the clauses owed when it opened are answered."""
    said = {(a["cycle"], a["commitment"]) for a in answers}
    rows = []
    for shown in rounds:
        code = shown.cycle.code
        counts = [
            (sum((code, line.commitment) in said for line in lines), len(lines))
            for lines in apart(facts.on(shown.cycle.opens_on))
        ]
        (done, owed), (endorsed_done, endorsed) = counts
        row = {"cycle": code, "done": done, "owed": owed}
        row |= {"silence": shown.silence(member.code)}
        rows.append(row | {"endorsed_done": endorsed_done, "endorsed": endorsed})
    return rows


def _became(
    member: Member, facts: Bound, answers: list[dict[str, Any]], rounds: list[Round]
) -> list[tuple[str, dict[str, str]]]:
    """By round: the status of each clause owed when it opened or answered; silence is kept."""
    found = []
    for shown in rounds:
        code, silence = shown.cycle.code, shown.silence(member.code)
        said = {a["commitment"]: a["status"] for a in answers if a["cycle"] == code}
        owed = {line.commitment: silence for line in facts.on(shown.cycle.opens_on)}
        found.append((code, owed | said))
    return found


def _clauses(
    member: Member,
    owed: list[Line],
    over: list[Ended],
    answered: set[str],
    became: list[tuple[str, dict[str, str]]],
    question: MemberPageQuestion,
) -> list[dict[str, Any]]:
    """Each clause owed, why, and what became of it in the last two rounds.

    Clauses that it answered without owing them stand here too, and in no count.
    """
    bound = {line.commitment: line for line in owed}
    until = {one.commitment: one.until for one in sorted(over, key=lambda one: one.until)}
    clauses = Commitment.objects.filter(reference__in={*bound, *answered})
    if code := question.asked("statement"):
        clauses = clauses.filter(statement__code=code)
    return [
        {
            "clause": clause,
            "due": due_words(clause, question.moment.at),
            "basis": _basis(bound.get(clause.reference), until.get(clause.reference)),
            "since": _since(bound.get(clause.reference)),
            "statuses": [
                (
                    code,
                    then.get(clause.reference, "off"),
                    _words_of(member, code, clause, then, question.kept),
                )
                for code, then in became
            ],
        }
        for clause in clauses
    ]


def _words_of(
    member: Member, cycle: str, clause: Commitment, then: dict[str, str], kept: str
) -> str:
    """The report and the place in it where the words of an answer stand; nothing of a silence."""
    answered = then.get(clause.reference) in ANSWERED
    return f"/reports/{cycle}-{member.code}/{kept}#{clause.reference}" if answered else ""


def _basis(line: Line | None, until: dt.date | None) -> str:
    if line is None and until:
        return _("owed until %(day)s") % {"day": long_date(until)}
    if line is None:
        return _("voluntary, in no count")
    return basis_word(line.basis)


def _since(line: Line | None) -> str:
    return _("since %(day)s") % {"day": long_date(line.since)} if line else ""


def marks_of(member: Member, every: list[Round], moment: Moment) -> list[dict[str, Any]]:
    """The member's reports by round, as far as they are public, for the line of rounds."""
    published, withdrawn = _reports(member, moment)
    receipts = {r.cycle: r for r in Receipt.objects.shown(moment.as_of).filter(member=member.code)}
    decided = Extension.objects.in_force().filter(member=member, published_on__lte=moment.day)
    extensions = {e.cycle_id: e for e in decided}
    marks = []
    for seen in every:
        cycle = seen.cycle
        receipt = receipts.get(cycle.code) if seen.announced else None
        report, extension = published.get(cycle.code), extensions.get(cycle.pk)
        taken_back = withdrawn_words(withdrawn.get(cycle.code))
        kind, words = _reported(report, receipt)
        if not kind and taken_back:
            kind = "withdrawn"
        elif not kind:
            kind, words = _unreported(seen, member, moment.at)
        long = words or (str(timeliness_word(kind)) if kind != "withdrawn" else "")
        tongue = in_words(report.language, report.unofficial_translation) if report else ""
        parts = [long, tongue, _extended(extension) if kind != "excused" else "", taken_back]
        line = joined(part for part in parts if part)
        synthetic = any(row.synthetic for row in (report, receipt) if row)
        mark = {"name": cycle.code, "kind": kind, "words": words, "line": line}
        mark |= {"report": f"{cycle.code}-{member.code}" if report else ""}
        drawn = {"as_drawn": line == long, "synthetic": synthetic}  # the line says no more
        marks.append(mark | drawn)
    return marks


def _reports(
    member: Member, moment: Moment
) -> tuple[dict[str, PublishedReport], dict[str, PublishedReport]]:
    """By round: the reports that were shown, and those that were taken back and not replaced."""
    every = PublishedReport.objects.filter(member=member.code).order_by("shown_until")
    if day := moment.as_of:
        every = every.filter(shown_from__lte=day)
    ended = {r.pk: r for r in every if r.shown_until and (not day or r.shown_until <= day)}
    published = {r.cycle: r for r in every if r.pk not in ended}
    taken = (r for r in ended.values() if r.withdrawn_because and r.cycle not in published)
    return published, {r.cycle: r for r in taken}


def _reported(report: PublishedReport | None, receipt: Receipt | None) -> tuple[str, str]:
    """How a report that is public, or its announced receipt, is drawn and told; else nothing."""
    if receipt:
        return receipt.timeliness, missed_words(receipt)
    if report:
        return "published", _("published %(day)s") % {"day": long_date(report.shown_from)}
    return "", ""


def _unreported(seen: Round, member: Member, now: dt.datetime) -> tuple[str, str]:
    """How a round is drawn and told of which nothing of this member is public."""
    means = seen.silence(member.code)
    if means == "not_expected" and member.reports_through:
        return means, _("reports through %(code)s") % {"code": member.reports_through.code}
    if means in NOT_ASKED:
        return means, ""
    state = deadlines.state(seen.cycle, now, settings.FIRST_CYCLE)
    if state == "open":
        return "due", _("due %(day)s") % {"day": long_date(seen.cycle.due_on)}
    return (state if state == "planned" else "not_yet_published"), ""


def _extended(decision: Extension | None) -> str:
    """A published decision to let the member report later, or not at all; else nothing."""
    if decision is None:
        return ""
    if decision.due_on is None:
        return _("excused")
    return _("due day moved to %(day)s") % {"day": long_date(decision.due_on)}

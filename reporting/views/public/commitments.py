"""The commitments: a list to look through, and each clause with who is bound and what was said."""

import datetime as dt
import json
from collections import Counter, defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from commitments.filters import clauses_saying
from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.search import read
from commitments.words import due_words
from members import languages
from members.access import access, anyone
from members.models import Member
from members.templatetags.look import STATUS_WORDS
from members.text import fold

from ...figures import NOT_ASKED, SILENCES, Round, rounds_of
from ...models import Cycle, PublishedAnswer, PublishedCollective, Summary
from ...summaries.telling import Told
from ...tallies import ANSWERS, OTHER_ANSWERS, Bound, Line, Said, apart
from ..corrected import corrections_of
from ..links import links_of
from . import described
from .asked import CommitmentPageQuestion, CommitmentQuestion, Question, asking
from .judged import judged, with_bound
from .register import (
    Group,
    counted_all,
    grouped,
    members_by_code,
    narratives,
    notes,
    place_and_year,
)

A_PAGE = 20
BY = ("cycle", "status", "kind", "region")  # what narratives can be chosen by


@access(anyone)
@asking(CommitmentQuestion)
def commitments(request: HttpRequest, question: CommitmentQuestion) -> HttpResponse:
    """All clauses, or those asked for, each with its words and how many it binds."""
    moment = question.moment
    lines = [line for line in Bound().on(moment.day) if line.in_counts]
    own, endorsed = (_by_clause(some) for some in apart(lines))
    found = _asked_for(question).with_leaf().select_related("statement")
    rows = [
        (
            c,
            due_words(c, moment.at),
            counted_all(own[c.reference]),
            counted_all(endorsed[c.reference]),
        )
        for c in found
    ]
    context = {"question": question, "rows": rows, "total": Commitment.objects.count()}
    return render(request, "reporting/commitments.html", context)


def _by_clause(lines: list[Line]) -> dict[str, Counter[str]]:
    """How many members of each kind are bound by each clause."""
    bound: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        bound[line.commitment][line.kind] += 1
    return bound


def _asked_for(question: Question) -> CommitmentQuerySet:
    found = Commitment.objects.all()
    exact = {"statement": "statement__code", "theme": "themes__code"}
    for name in ("statement", "theme", "kind", "duty"):
        if value := question.asked(name):
            found = found.filter(**{exact.get(name, name): value})
    if words := question.asked("q"):
        found = found.filter(pk__in=clauses_saying(read(words)))
    return found


@access(anyone)
@asking(CommitmentPageQuestion)
def commitment(
    request: HttpRequest, question: CommitmentPageQuestion, reference: str
) -> HttpResponse:
    """One clause: its words, its date, who is bound and why, what those bound answered."""
    clauses = Commitment.objects.with_leaf().select_related("statement", "parent")
    clause = get_object_or_404(clauses.prefetch_related("themes"), reference=reference)
    return render(request, "reporting/commitment.html", _page(clause, question))


def _page(clause: Commitment, question: CommitmentPageQuestion) -> dict[str, Any]:
    moment, day = question.moment, question.moment.day
    facts = Bound(commitment=clause)
    bound = facts.on(day)
    members = members_by_code(day)
    of_it = PublishedAnswer.objects.shown(moment.as_of)
    shown = list(of_it.filter(commitment=clause.reference))
    return {
        "clause": clause,
        "described": described.of_clause(clause),
        "name": place_and_year(clause.statement),
        "due": due_words(clause, moment.at),
        "parts": list(clause.children.values_list("reference", "title")),
        "groups": grouped(bound),
        "bases": _bases(bound, members),
        "notes": notes(members[code] for code in {line.member for line in bound}),
        **_answers(_rounds(facts, shown, moment.as_of)),
        "verdicts": with_bound(_verdicts(clause, moment.as_of)),
        **judged(clause, facts, moment),
        "says": _narratives(shown, question, members),
        "question": question,
        "synthetic": any(a.synthetic for a in shown),
        "links": links_of(clause),
        "corrections": corrections_of(clause),
        "collective": _collective(clause, moment.as_of),
        **_neighbours(clause, question),
    }


def _verdicts(clause: Commitment, as_of: dt.date | None) -> list[dict[str, Any]]:
    """The public verdicts on the numeric target of a clause, as they were built; few have one."""
    if not clause.verified_by:
        return []
    built = Summary.objects.shown(as_of).filter(scope=f"commitment-{clause.reference}").first()
    return Told(built).verdicts if built else []


def _collective(clause: Commitment, as_of: dt.date | None) -> list[dict[str, Any]] | None:
    """What is published of a clause that the alliance owes as a whole; None for all others.

    By round, newest first; what was taken back, and not replaced, keeps its place with its note.
    """
    if clause.duty != Commitment.Duty.COLLECTIVE or not clause.is_leaf:
        return None
    of_it = PublishedCollective.objects.filter(commitment=clause.reference)
    told = {}
    for gone in of_it.filter(shown_until__lte=as_of or timezone.now().date()).order_by("pk"):
        taken = {"cycle": gone.cycle, "withdrawn_on": gone.shown_until}
        told[gone.cycle] = taken | {"why": gone.withdrawn_because}
    told = {code: row for code, row in told.items() if row["why"]}
    for row in of_it.shown(as_of):
        said = json.loads(row.row)
        told[row.cycle] = said | {"published_on": dt.date.fromisoformat(said["published_on"])}
    return [told[code] for code in sorted(told, reverse=True)]


def _neighbours(clause: Commitment, question: CommitmentPageQuestion) -> dict[str, Any]:
    """The clauses before and after it in its statement."""
    family = list(
        Commitment.objects.filter(statement=clause.statement).values_list("reference", "title")
    )
    here = [ref for ref, _title in family].index(clause.reference)
    return {
        "previous": _neighbour(family[here - 1], question) if here else None,
        "next": _neighbour(family[here + 1], question) if here + 1 < len(family) else None,
    }


def _neighbour(clause: tuple[str, str], question: CommitmentPageQuestion) -> dict[str, str]:
    reference, title = clause
    words = f"{languages.isolated(reference)}, {languages.said(title)}"
    return {"url": f"/commitments/{reference}/{question.kept}", "words": words}


def _answers(rounds: list[tuple[Round, list[Group]]]) -> dict[str, Any]:
    """The answers by round as a chart and a table; of silences only those that there are."""
    there = {name for _seen, groups in rounds for group in groups for name in group.counts}
    statuses = [*ANSWERS, *OTHER_ANSWERS, *(name for name in SILENCES if name in there)]
    by_group: dict[tuple[str, str], list[tuple[str, Group, list[tuple[str, int]]]]]
    by_group = defaultdict(list)
    for seen, groups in rounds:
        for group in groups:
            counts = [(status, group.counts[status]) for status in statuses]
            by_group[group.basis, group.kind].append((seen.cycle.code, group, counts))
    return {
        "rounds": rounds,
        "rows": list(by_group.values()),
        "statuses": statuses,
        "stack_rows": [_stack(seen, groups[0]) for seen, groups in rounds if groups],
    }


def _stack(seen: Round, first: Group) -> dict[str, Any]:
    counts = dict(first.counts)
    beside = {why: n for why in NOT_ASKED if (n := counts.pop(why, 0))}
    words = [str(STATUS_WORDS[why]).lower() for why in beside]
    facts = {"name": seen.cycle.code, "total": first.total, "open": not seen.announced}
    unasked = {"unasked": sum(beside.values()), "unasked_words": get_text_list(words, _("or"))}
    return facts | {"counts": counts, **unasked}


def _bases(bound: list[Line], members: dict[str, Member]) -> list[tuple[Group, list[Member], Any]]:
    """Each basis and kind with its members by name and the day it began for the first of them."""
    rows = []
    for group in grouped(bound):
        of_it = [ln for ln in bound if (ln.basis, ln.kind) == (group.basis, group.kind)]
        people = sorted((members[ln.member] for ln in of_it), key=lambda m: fold(m.display_name))
        rows.append((group, people, min(ln.since for ln in of_it)))
    return rows


def _rounds(
    facts: Bound, shown: list[PublishedAnswer], as_of: dt.date | None
) -> list[tuple[Round, list[Group]]]:
    """How those bound when a round opened answered, for the rounds with something published."""
    rounds = []
    for seen in rounds_of(Cycle.objects.filter(code__in={a.cycle for a in shown}), as_of):
        cycle = seen.cycle
        said = {
            (a.member, a.commitment): Said(a.status, a.withheld, a.synthetic)
            for a in shown
            if a.cycle == cycle.code
        }
        rounds.append((seen, grouped(facts.on(cycle.opens_on), said, seen)))
    return rounds


def _narratives(
    shown: list[PublishedAnswer], question: Question, members: dict[str, Member]
) -> dict[str, Any]:
    wanted = {name: value for name in BY if (value := question.asked(name))}
    found = [a for a in shown if all(getattr(a, name) == wanted[name] for name in wanted)]
    found.sort(key=lambda a: (a.shown_from, a.cycle, a.member), reverse=True)
    number = question.cleaned_data["page"] or 1
    begin, end = (number - 1) * A_PAGE, number * A_PAGE
    if number > 1 and begin >= len(found):
        raise Http404
    return {
        "rows": [
            row | {"name": members[row["member"]["code"]].display_name}
            for row in narratives(found[begin:end])
        ],
        "found": len(found),
        "total": len(shown),
        "previous": number - 1,
        "next": number + 1 if end < len(found) else 0,
    }

"""The statements: the list, and each text as published with what became of its clauses."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from commitments.models import Commitment, Lineage, Obligation, Passage, Signature, Statement
from commitments.words import due_words
from members.access import access, anyone
from members.api.parameters import Moment
from members.models import GroupMember, Name

from ...figures import Round
from ...tallies import Bound, Line, Said, answers
from ..corrected import told
from . import described
from .asked import RegisterQuestion, asking
from .register import (
    Group,
    counted_all,
    grouped,
    long_date,
    members_by_code,
    newest_round,
    notes,
    place_and_year,
)

OF_CLAUSES = ("themes", "corrections")
Answers = dict[tuple[str, str], Said]


@access(anyone)
@asking(RegisterQuestion)
def statements(request: HttpRequest, question: RegisterQuestion) -> HttpResponse:
    """Every statement with who stands under it and how many clauses it has."""
    day = question.moment.day
    signers: dict[int, Counter[str]] = defaultdict(Counter)
    signed = Signature.objects.on(day).values_list("statement", "member__kind")
    for statement, kind in signed:
        signers[statement][kind] += 1
    every = Statement.objects.filter(adopted_on__lte=day).with_clauses()
    every = every.order_by("adopted_on", "position")  # counting drops the order of the model
    rows = [(s, by_whom(s, signers[s.pk]), counted_all(signers[s.pk])) for s in every]
    return render(request, "reporting/statements.html", {"question": question, "rows": rows})


def by_whom(text: Statement, signers: Counter[str]) -> str:
    """Whose text it is, in a few words: two that were adopted on one day are told apart by it."""
    if signers:
        (kind, _number), *_others = signers.most_common(1)
        words = {
            "government": _("a text of governments"),
            "intergovernmental": _("a text of intergovernmental organisations"),
            "civil_society": _("a text of civil-society organisations"),
            "private_sector": _("a text of companies"),
        }
        return words[kind]
    if text.binding == Statement.Binding.MEMBERSHIP:
        return _("a text for every member of the alliance")
    return _("a text on a body of the alliance")


@access(anyone)
@asking(RegisterQuestion)
def statement(request: HttpRequest, question: RegisterQuestion, code: str) -> HttpResponse:
    """One statement: the whole text in its order, each clause with its dates and answers."""
    every = Statement.objects.select_related("endorses").with_clauses()
    text = get_object_or_404(every, code=code)
    page = {"question": question, **_page(text, question.moment)}
    return render(request, "reporting/statement.html", page)


def _page(text: Statement, moment: Moment) -> dict[str, Any]:
    day, facts, shown = moment.day, Bound(statement=text), newest_round(moment.as_of)
    bound = facts.on(day)
    said = answers(shown, statement=text.code)
    signed = Signature.objects.on(day).filter(statement=text).select_related("member", "name")
    clauses = list(
        Commitment.objects.filter(statement=text).with_leaf().prefetch_related(*OF_CLAUSES)
    )
    members = members_by_code(day)
    endorsed = sorted({line.member for line in bound if line.basis == "endorsement"})
    return {
        "statement": text,
        "name": place_and_year(text),
        "described": described.of_statement(text),
        "adopted": long_date(text.adopted_on),
        "meeting": text.meetings.annotate(present=Count("participations")).first(),
        "blocks": _blocks(text, clauses, _by_clause(facts, day, shown, said), said, shown, moment),
        "sections": _sections(clauses),
        "signed": list(signed),
        "named": [] if signed else list(_named(text, day)),
        **_signers(text, signed),
        "endorsed": [members[code] for code in endorsed],
        "endorsers": counted_all(Counter(members[code].kind for code in endorsed)),
        "sums": _sums(bound),
        "owed": len({line.commitment for line in bound}),
        "round": shown.cycle if shown else None,
        "answered": bool(said),
        "notes": notes(members[code] for code in [*endorsed, *(s.member.code for s in signed)]),
        "synthetic": any(a.synthetic for a in said.values()),
    }


def _signers(text: Statement, signed: Iterable[Signature]) -> dict[str, str]:
    kinds = Counter(signature.member.kind for signature in signed)
    return {"by_whom": by_whom(text, kinds), "signers": counted_all(kinds)}


def _named(text: Statement, day: dt.date) -> list[tuple[Name, str]]:
    """The names that a text prints without their being signatures, with roles in the Taskforce."""
    places = GroupMember.objects.in_force(day).filter(group__code="taskforce")
    roles = dict(places.values_list("member", "role"))
    names = Name.objects.filter(statement=text.code).select_related("member").order_by("text")
    return [(name, roles.get(name.member_id, "")) for name in names]


def _by_clause(
    facts: Bound, day: dt.date, shown: Round | None, said: Answers
) -> dict[str, list[Line]]:
    """Who is bound by each clause; where answers are shown, on the day their round opened."""
    by_clause: dict[str, list[Line]] = defaultdict(list)
    for line in facts.on(shown.cycle.opens_on if shown and said else day):
        by_clause[line.commitment].append(line)
    return by_clause


def _blocks(
    text: Statement,
    clauses: list[Commitment],
    bound: dict[str, list[Line]],
    said: Answers,
    shown: Round | None,
    moment: Moment,
) -> list[dict[str, Any]]:
    """The text in its order: passages, and clauses with their notes and answers."""
    before: dict[int | None, list[Passage]] = defaultdict(list)
    for passage in Passage.objects.filter(statement=text).prefetch_related("corrections"):
        passage.changes = [told(one) for one in reversed(passage.corrections.all())]  # type: ignore[attr-defined]
        before[passage.before_id].append(passage)
    refers = _references(text)
    blocks: list[dict[str, Any]] = []
    for clause in clauses:
        blocks += [{"passage": p} for p in before[clause.pk] if p.text != text.title]
        groups = grouped(bound[clause.reference], said, shown)
        block = {"clause": clause, "short": clause.reference.removeprefix(f"{text.code}-")}
        block |= {
            "groups": groups,
            "due": due_words(clause, moment.at),
            "refers": refers[clause.pk],
        }
        blocks.append(block | {"answered": any(g.said for g in groups)})
    return blocks + [{"passage": p} for p in before[None]]


def _references(text: Statement) -> dict[int, list[tuple[str, str]]]:
    """What each clause refers to, with its address."""
    links: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Lineage.objects.filter(source_commitment__statement=text, kind="refers_to")
    for link in rows.select_related("target_commitment", "target_statement"):
        place = "commitments" if link.target_commitment else "statements"
        links[link.source_commitment_id].append((link.target, f"/{place}/{link.target}/"))
    return links


def _sections(clauses: Iterable[Commitment]) -> list[dict[str, str]]:
    first: dict[str, str] = {}
    for clause in clauses:
        first.setdefault(clause.section, clause.reference)
    return [{"words": section, "url": f"#{ref}"} for section, ref in first.items()]


def _sums(bound: Iterable[Line]) -> list[tuple[Group, int]]:
    """How many obligations each group of members has from this statement."""
    obligations: Counter[tuple[str, str]] = Counter()
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in bound:
        if line.in_counts:
            obligations[line.basis, line.kind] += 1
            people[line.basis, line.kind].add(line.member)
    order = Obligation.Basis.values
    keys = sorted(obligations, key=lambda key: (order.index(key[0]), key[1]))
    return [
        (Group(kind, basis, len(people[basis, kind])), obligations[basis, kind])
        for basis, kind in keys
    ]

"""Two to four members in one round, or one member in two, side by side."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment
from members.access import access, anyone
from members.models import Member

from ...figures import Round, rounds_of
from ...models import Cycle
from ...tallies import Bound, Line, Said, answers, apart
from .asked import Code, RegisterQuestion, asking, rounds_by_code, statements_by_place
from .members import marks_of
from .register import members_by_code, newest_round, notes

PLACES = ("first", "second", "third", "fourth")


def _members() -> list[tuple[str, str]]:
    everyone = members_by_code(timezone.now().date())
    return [(code, member.display_name) for code, member in everyone.items()]


class CompareQuestion(RegisterQuestion):
    """Whom to compare, in which round or rounds, and on which clauses."""

    first = Code(gettext_lazy("First member"), gettext_lazy("Choose"), list)
    second = Code(gettext_lazy("Second member"), gettext_lazy("Nobody"), list)
    third = Code(gettext_lazy("Third member"), gettext_lazy("Nobody"), list)
    fourth = Code(gettext_lazy("Fourth member"), gettext_lazy("Nobody"), list)
    cycle = Code(gettext_lazy("Round"), gettext_lazy("Newest published"), rounds_by_code)
    other = Code(gettext_lazy("Second round"), gettext_lazy("None"), rounds_by_code)
    statement = Code(gettext_lazy("Statement"), gettext_lazy("All statements"), statements_by_place)
    only = forms.ChoiceField(
        label=gettext_lazy("Clauses"),
        required=False,
        choices=[("", gettext_lazy("All")), ("differing", gettext_lazy("Where they differ"))],
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        members = _members()  # read once for four lists
        for place in PLACES:
            field = self.fields[place]
            field.choices = [*field.choices, *members]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[str]:
        """The codes of the members that were named, in their order."""
        return [code for place in PLACES if (code := self.asked(place))]

    def clean(self) -> None:
        for place in PLACES:
            if (code := self.asked(place)) and self.chosen.count(code) > 1:
                self.add_error(place, _("Choose each member once."))
        if (other := self.asked("other")) and other == self.asked("cycle"):
            self.add_error("other", _("Choose two different rounds."))
        if self.asked("other") and len(self.chosen) > 1:
            self.add_error("other", _("Compare several members in one round, or one in two."))


@dataclass
class Column:
    """One member in one round: what it owed when the round opened, and what it said."""

    member: Member
    seen: Round
    owed: dict[str, Line]
    said: dict[tuple[str, str], Said]
    mark: dict[str, Any]

    def became(self, reference: str) -> str:
        """The status of the answer, a kind of silence, or `off`: not owed."""
        if answer := self.said.get((self.member.code, reference)):
            return answer.status
        return self.seen.silence(self.member.code) if reference in self.owed else "off"

    @property
    def counts(self) -> list[tuple[int, int]]:
        """How many are answered and how many are owed: by itself, and by endorsement."""
        return [
            (sum(ln.key in self.said for ln in of), len(of)) for of in apart(self.owed.values())
        ]


@access(anyone)
@asking(CompareQuestion)
def compare(request: HttpRequest, question: CompareQuestion) -> HttpResponse:
    """Members, or the rounds of one, side by side: clause by clause, each status in its words."""
    columns = _columns(question)
    rows = _rows(columns, question) if len(columns) > 1 else []
    context = {"question": question, "columns": columns, "rows": rows}
    members = dict.fromkeys(column.member.code for column in columns)
    cycles = dict.fromkeys(column.seen.cycle.code for column in columns)
    context |= {"of": ",".join(members), "cycles": ",".join(cycles)}
    context |= {"notes": notes(column.member for column in columns)}
    context |= {"synthetic": any(column.mark["synthetic"] for column in columns)}
    return render(request, "reporting/compare.html", context)


def _columns(question: CompareQuestion) -> list[Column]:
    moment, rounds = question.moment, _rounds(question)
    if not question.chosen or not rounds:
        return []
    named = members_by_code(moment.day)
    bound = Bound(member__code__in=question.chosen, **_where(question))
    said = {seen.cycle.code: answers(seen, member__in=question.chosen) for seen in rounds}
    found = []
    for code in question.chosen:
        marks = marks_of(named[code], rounds, moment)
        for seen, mark in zip(rounds, marks, strict=True):
            owed = {ln.commitment: ln for ln in bound.on(seen.cycle.opens_on) if ln.member == code}
            found.append(Column(named[code], seen, owed, said[seen.cycle.code], mark))
    return found


def _rounds(question: CompareQuestion) -> list[Round]:
    if not question.asked("cycle"):
        newest = newest_round(question.stood)
        codes = [newest.cycle.code] if newest else []
    else:
        codes = [question.asked("cycle")]
    cycles = Cycle.objects.filter(code__in=[*codes, question.asked("other")])
    return rounds_of(cycles, question.stood)


def _where(question: CompareQuestion) -> dict[str, str]:
    code = question.asked("statement")
    return {"statement__code": code} if code else {}


def _rows(columns: list[Column], question: CompareQuestion) -> list[dict[str, Any]]:
    """Each clause that any of them owed or answered, with what became of it in each column."""
    of_these = {column.member.code for column in columns}
    references = {reference for column in columns for reference in column.owed}
    references |= {ref for column in columns for member, ref in column.said if member in of_these}
    clauses = Commitment.objects.filter(reference__in=references, **_where(question))
    rows = []
    for clause in clauses:
        cells = [(column, column.became(clause.reference)) for column in columns]
        differ = len({status for _column, status in cells}) > 1
        if differ or question.asked("only") != "differing":
            rows.append({"clause": clause, "cells": cells, "differ": differ})
    return rows

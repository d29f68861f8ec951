"""One search over members, clauses and published reports."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.filters import clauses_saying, members_named, words_near
from commitments.models import Commitment
from commitments.search import Question as Asked
from commitments.search import holding, read, synonyms
from members.access import access, anyone
from members.api.parameters import Moment
from members.models import Member
from members.text import fold

from ...models import PublishedAnswer
from .asked import SearchQuestion, asking
from .register import members_by_code, narratives

A_PAGE = 20


@access(anyone)
@asking(SearchQuestion)
def search(request: HttpRequest, question: SearchQuestion) -> HttpResponse:
    """The members, clauses and published answers that hold the words asked for."""
    q = question.asked("q").strip()
    number = question.cleaned_data["page"] or 1
    found = _found(q, question.moment, number) if q else {}
    return render(request, "reporting/search.html", {"q": q, "question": question, **found})


def _found(q: str, moment: Moment, number: int) -> dict[str, Any]:
    day, asked = moment.day, read(q)
    members = members_by_code(day)
    named, clauses = members_named(fold(q), day), clauses_saying(asked)
    answers = _answers(asked, moment, number, members)
    nothing = not (named or clauses or answers["answers_found"])
    return {
        "widened": [one for one in synonyms() if one.code in asked.widened],
        "members": [m for m in members.values() if m.pk in named],
        "clauses": list(Commitment.objects.filter(pk__in=clauses)),
        "nothing": nothing,
        "meant": _meant(q, day, members) if nothing else "",
        **answers,
    }


def _answers(
    asked: Asked, moment: Moment, number: int, members: Mapping[str, Member]
) -> dict[str, Any]:
    """A page of the published answers, newest first, and how many there are in all."""
    said = holding(PublishedAnswer.objects.shown(moment.as_of), "words", asked)
    total, begin = said.count(), (number - 1) * A_PAGE
    if begin and begin >= total:
        raise Http404
    newest = said.order_by("-shown_from", "-cycle", "member", "commitment")
    rows = narratives(newest[begin : begin + A_PAGE])
    return {
        "answers": [row | {"name": members[row["member"]["code"]].display_name} for row in rows],
        "answers_found": total,
        "first": begin + 1,
        "last": begin + len(rows),
        "previous": number - 1,
        "next": number + 1 if begin + A_PAGE < total else 0,
    }


def _meant(q: str, day: dt.date, members: Mapping[str, Member]) -> str:
    """Other words that are spelt nearly so and find a member or a clause; else nothing."""
    near = words_near(q, (member.display_name for member in members.values()))
    return near if near and (members_named(near, day) or clauses_saying(read(near))) else ""

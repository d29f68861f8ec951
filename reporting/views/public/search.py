"""One search over members, clauses and published reports."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.filters import clauses_saying, members_named
from commitments.models import Commitment
from commitments.search import holding, read, synonyms
from members.access import access, anyone
from members.api.parameters import Moment
from members.text import fold

from ...models import PublishedAnswer
from .asked import SearchQuestion, asking
from .register import members_by_code, narratives

AT_MOST = 20


@access(anyone)
@asking(SearchQuestion)
def search(request: HttpRequest, question: SearchQuestion) -> HttpResponse:
    """The members, clauses and published answers that hold the words asked for."""
    q = question.asked("q").strip()
    found = _found(q, question.moment) if q else {}
    return render(request, "reporting/search.html", {"q": q, "question": question, **found})


def _found(q: str, moment: Moment) -> dict[str, Any]:
    day, asked = moment.day, read(q)
    members = members_by_code(day)
    named, clauses = members_named(fold(q), day), clauses_saying(asked)
    said = holding(PublishedAnswer.objects.shown(moment.as_of), "words", asked)
    newest = said.order_by("-cycle", "member", "commitment")[:AT_MOST]
    return {
        "widened": [one for one in synonyms() if one.code in asked.widened],
        "members": [m for m in members.values() if m.pk in named][:AT_MOST],
        "members_found": len(named),
        "clauses": list(Commitment.objects.filter(pk__in=clauses)[:AT_MOST]),
        "clauses_found": len(clauses),
        "answers": [
            row | {"name": members[row["member"]["code"]].display_name}
            for row in narratives(newest)
        ],
        "answers_found": said.count(),
    }

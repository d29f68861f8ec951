"""One search over members, clauses and published reports."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commitments.models import Commitment
from members.access import access, anyone
from members.models import Member

from ...models import PublishedAnswer
from .asked import Question, SearchQuestion, asking
from .register import members_by_code, narratives

AT_MOST = 20


@access(anyone)
@asking(SearchQuestion)
def search(request: HttpRequest, question: Question) -> HttpResponse:
    """The members, clauses and published answers that hold the words asked for."""
    q = question.asked("q").strip()
    found = _found(q) if q else {}
    return render(request, "reporting/search.html", {"q": q, **found})


def _found(q: str) -> dict[str, Any]:
    members = members_by_code(timezone.now().date())
    named = Q(names__text__icontains=q) | Q(code__iexact=q)
    codes = set(Member.objects.filter(named).values_list("code", flat=True))
    clauses = Commitment.objects.filter(
        Q(text__icontains=q) | Q(title__icontains=q) | Q(reference__icontains=q)
    )
    said = PublishedAnswer.objects.shown().filter(words__contains=q.lower())
    newest = said.order_by("-cycle", "member", "commitment")[:AT_MOST]
    return {
        "members": [m for code, m in members.items() if code in codes][:AT_MOST],
        "members_found": len(codes),
        "clauses": list(clauses[:AT_MOST]),
        "clauses_found": clauses.count(),
        "answers": [
            row | {"name": members[row["member"]["code"]].display_name}
            for row in narratives(newest)
        ],
        "answers_found": said.count(),
    }

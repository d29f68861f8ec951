"""The summaries: the list of what is summed up, and each with its figures, charts and files."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from commitments.models import Theme
from members.access import access, anyone
from members.languages import said
from members.models import Member

from ...figures import SILENCES
from ...models import Summary
from ...printing.keeping import given_out, is_for_paper
from ...summaries.counting import BY_ENDORSEMENT
from ...summaries.scopes import every_scope
from ...summaries.telling import REASONS, SORTS, Told, titles
from ...tallies import ANSWERS, OTHER_ANSWERS
from .asked import RegisterQuestion, asking
from .judged import with_bound
from .register import members_by_code, notes

PAGES = {
    "cycle": "/cycles/{}/",
    "statement": "/statements/{}/",
    "commitment": "/commitments/{}/",
    "member": "/members/{}/",
    "region": "/members/?region={}",
    "group": "/members/?group={}",
    "theme": "/commitments/?theme={}",
}


@access(anyone)
@asking(RegisterQuestion)
def summaries(request: HttpRequest, question: RegisterQuestion) -> HttpResponse:
    """Everything that is summed up, by what it is."""
    built = set(Summary.objects.shown(question.stood).values_list("scope", flat=True))
    scopes = [scope for scope in every_scope() if scope.name in built]
    words = titles(scopes)
    groups = [
        (sort, _in_order(kind, [(s.name, words[s.name]) for s in scopes if s.kind == kind]))
        for kind, sort in SORTS.items()
    ]
    context = {"question": question, "groups": groups, "built": built}
    return render(request, "reporting/summaries.html", context)


def _in_order(kind: str, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As somebody looks for them: the newest round first, names by letter, else as in the texts."""
    if kind in ("member", "theme"):
        return sorted(rows, key=lambda row: row[1].casefold())
    return rows[::-1] if kind == "cycle" else rows


@access(anyone)
@asking(RegisterQuestion)
def summary(request: HttpRequest, question: RegisterQuestion, scope: str) -> HttpResponse:
    """One summary: its figures by kind of member, who is missing, charts, and the files.

    For a day before it was first built: 404, and what can be counted of that day instead.
    """
    every = Summary.objects.filter(scope=scope).order_by("shown_from")
    first = every.first()
    if first is None or not (question.stood or every.shown().exists()):
        raise Http404
    found = every.shown(question.stood).first()
    of = Told(found or first).scope
    page = PAGES[of.kind].format(of.code)
    page += question.also if "?" in page else question.kept
    context = {"title": titles([of])[scope], "sort": SORTS[of.kind], "page": page}
    context |= {"question": question, "scope": of, "first": first.shown_from}
    context |= shown(Told(found) if found else None)
    return render(request, "reporting/summary.html", context, status=200 if found else 404)


@access(anyone)
def report(request: HttpRequest, scope: str) -> HttpResponse:
    """The report on paper of a summary; the one before, as of its date, until that is printed.

    Where none may be given out, so after a withdrawal: 404, and when to ask again.
    """
    found = get_object_or_404(Summary.objects.shown(), scope=scope)
    if not is_for_paper(found):
        raise Http404
    printed = given_out(found)
    if printed is None:
        return _being_printed(request, found)
    answer = HttpResponse(bytes(printed.pdf), content_type="application/pdf")
    of = printed.summary
    mark = "synthetic-" if of.synthetic else ""
    answer["Content-Disposition"] = f'inline; filename="{mark}{found.scope}.pdf"'
    answer["ETag"], answer["Content-Language"] = f'"{printed.sha256}"', "en"
    if of.synthetic:
        answer["X-Data"] = "synthetic"
    return answer


def _being_printed(request: HttpRequest, summary: Summary) -> HttpResponse:
    answer = render(request, "reporting/being_printed.html", {"summary": summary}, status=404)
    answer["Retry-After"] = "60"
    return answer


def shown(told: Told | None) -> dict[str, Any]:
    """What the fragments of a summary read; without one they say that none is built yet."""
    if told is None:
        return {"told": None}
    missing_codes = told.row["missed_by"] or ()
    missed = list(members_by_code(timezone.now().date(), missing_codes).values())
    missing = {name: REASONS.get(why, why) for name, why in told.row["missing"].items()}
    return {
        "told": told,
        "charts": _charts(told),
        "missed": missed,
        "why": missing,
        "notes": notes(missed),
        "verdicts": with_bound(told.verdicts),
        "on_paper": is_for_paper(told.summary),
    }


def _charts(told: Told) -> list[dict[str, Any]]:
    """A chart for each kind of member and basis: its obligations by round, in words and shapes."""
    charts = []
    for kind in told.kinds:
        for ending in ("", BY_ENDORSEMENT):
            rows = [_chart_row(*one) for one in told.answers(kind, ending)]
            if rows:
                words = {"kind": Member.Kind(kind).label, "rows": rows, "endorsed": bool(ending)}
                charts.append(words)
    return charts


def by_theme(code: str, day: dt.date | None = None) -> dict[str, Any]:
    """What became of the obligations of a round by theme, each kind of member by itself.

    Of what was built alone; those by endorsement stand on the page of each theme.
    """
    built = Summary.objects.shown(day).filter(scope__startswith="theme-")
    told = {summary.scope: Told(summary) for summary in built}
    names = [(f"theme-{one.code}", said(one.label)) for one in Theme.objects.all()]
    kinds = []
    for kind in Member.Kind.values:
        rows = [
            _chart_row(label, total, counts) | {"scope": scope}
            for scope, label in names
            if scope in told
            for of_round, total, counts in told[scope].answers(kind)
            if of_round == code
        ]
        kinds.append({"code": kind, "kind": Member.Kind(kind).label, "rows": rows})
    made_up = any(one.summary.synthetic for one in told.values())
    return {"by_theme": [kind for kind in kinds if kind["rows"]], "theme_synthetic": made_up}


def _chart_row(name: str, total: int, counts: Any) -> dict[str, Any]:
    """The parts of a bar in their order, which is that of the words under it too."""
    parts = [(s, counts[s]) for s in (*ANSWERS, *OTHER_ANSWERS, *SILENCES) if counts[s]]
    return {"name": name, "total": total, "parts": parts}

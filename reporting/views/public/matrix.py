"""The matrix: each member's published answer to each clause it is bound by."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commitments.models import Commitment
from members.access import access, anyone
from members.models import Member
from members.templatetags.look import STATUS_WORDS

from ...figures import NOT_ASKED, Round
from ...models import Cycle
from ...tallies import Bound, Line, Said, answers, apart, outcome
from .asked import MatrixQuestion, Question, asking
from .register import counted, members_by_code, newest_round, notes, owed_words

Cells = dict[tuple[str, str], str]


@access(anyone)
@asking(MatrixQuestion)
def matrix(request: HttpRequest, question: Question) -> HttpResponse:
    """Members by clauses: a square for each obligation, filled as the member answered."""
    shown = _round(question)
    day = timezone.now().date()
    where = {"statement__code": question.asked("statement")} if question.asked("statement") else {}
    bound = Bound(**where).on(shown.cycle.opens_on if shown else day)
    said = answers(shown)
    cells = _cells(bound, said, shown)
    rows = [m for m in members_by_code(day).values() if _asked_for(m, question)]
    context = {"question": question, "round": shown, "notes": notes(rows)}
    context |= {"synthetic": any(a.synthetic for a in said.values())}
    context |= _table(rows, cells)
    context |= {"sums": _sums(rows, bound)}
    return render(request, "reporting/matrix.html", context)


def _cells(bound: list[Line], said: dict[tuple[str, str], Said], shown: Round | None) -> Cells:
    """What each member answered to each clause it owes, or what its silence means."""
    return {line.key: outcome(line, said, shown) for line in bound}


def _round(question: Question) -> Round | None:
    code = question.asked("cycle")
    if not code:
        return newest_round()
    return Round(Cycle.objects.get(code=code))


def _asked_for(member: Member, question: Question) -> bool:
    return question.asked("kind") in ("", member.kind) and question.asked("region") in (
        "",
        member.region,
    )


def _table(members: list[Member], cells: Cells) -> dict[str, Any]:
    """The columns by statement, and a row of drawn cells a member that owes anything here."""
    asked = {m.code for m in members}
    cells = {key: status for key, status in cells.items() if key[0] in asked}
    owing = Counter(code for code, _clause in cells)
    rows = [m for m in members if owing[m.code]]
    columns, order = _columns({clause for _code, clause in cells})
    squares = _squares()
    return {
        "columns": [{"name": code, "clauses": clauses} for code, clauses in columns.items()],
        "rows": [
            {
                "name": m.display_name,
                "url": f"/members/{m.code}/",
                "drawn": _drawn(m.code, order, cells, squares),
            }
            for m in rows
        ],
        "clauses": len(order),
        "beside": [status for status in NOT_ASKED if status in cells.values()],
    }


def _columns(
    references: set[str],
) -> tuple[dict[str, list[dict[str, str]]], list[tuple[str, bool]]]:
    """The clauses by statement, and in one row with whether each begins a statement."""
    columns: dict[str, list[dict[str, str]]] = {}
    order: list[tuple[str, bool]] = []
    clauses = Commitment.objects.filter(reference__in=references).select_related("statement")
    for clause in clauses:
        code = clause.statement.code
        short = clause.reference.removeprefix(f"{code}-")
        url = f"/commitments/{clause.reference}/"
        order.append((clause.reference, code not in columns and bool(columns)))
        columns.setdefault(code, []).append({"code": short, "url": url, "title": clause.title})
    return columns, order


def _sums(members: list[Member], bound: list[Line]) -> list[tuple[str, str]]:
    """The members shown by kind, in words, each kind with its obligations by basis, in words."""
    asked = {m.code for m in members}
    lines = [line for line in bound if line.in_counts and line.member in asked]
    sums = []
    for kind in Member.Kind.values:
        of_kind = [line for line in lines if line.kind == kind]
        own, by_endorsement = apart(of_kind)
        who = counted(kind, len({line.member for line in of_kind}))
        if of_kind:
            sums.append((who, owed_words(len(own), len(by_endorsement))))
    return sums


def _squares() -> dict[tuple[str | None, bool], str]:
    """The markup of a cell by status and by whether it begins a statement, in the language read.

    There are thousands of cells and some twenty that differ: each is written and escaped once.
    """
    drawn: dict[tuple[str | None, bool], str] = {}
    for gap, edge in ((False, ""), (True, " gap")):
        drawn[None, gap] = format_html('<td class="s-off{}"></td>', edge)
        for status, word in STATUS_WORDS.items():
            cell = format_html('<td class="s-{}{}"><i>{}</i></td>', status, edge, word)
            drawn[status, gap] = cell
    return drawn


def _drawn(
    code: str,
    order: list[tuple[str, bool]],
    cells: Cells,
    squares: dict[tuple[str | None, bool], str],
) -> SafeString:
    """The cells of one member's row as markup."""
    row = [squares[cells.get((code, reference)), gap] for reference, gap in order]
    return mark_safe("".join(row))  # noqa: S308 - every part came out of format_html

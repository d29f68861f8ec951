"""The matrix: each member's published answer to each clause it is bound by."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members.access import access, anyone
from members.models import Member
from members.templatetags.look import STATUS_WORDS
from members.templatetags.sentences import own_name

from ...figures import NOT_ASKED, Round
from ...models import Cycle
from ...tallies import owed_by_member, statuses_by_member
from .asked import MatrixQuestion, asking
from .register import counted, members_by_code, newest_round, notes, owed_words

# A member with what became of each clause that it owes: the status of an answer, or a silence;
# and which of them it owes by endorsement.
Row = tuple[Member, dict[str, str], set[str]]
Owed = dict[int, dict[str, str]]
COLUMNS = {"statement": "statement__code", "theme": "commitment__themes__code"}


@access(anyone)
@asking(MatrixQuestion)
def matrix(request: HttpRequest, question: MatrixQuestion) -> HttpResponse:
    """Members by clauses: a square for each obligation, filled as the member answered."""
    shown = _round(question)
    day = question.moment.day
    where = {COLUMNS[name]: code for name in COLUMNS if (code := question.asked(name))}
    owed = owed_by_member(shown.cycle.opens_on if shown else day, **where)
    said, synthetic = statuses_by_member(shown)
    members = [m for m in members_by_code(day).values() if _asked_for(m, question)]
    context = {"question": question, "round": shown, "notes": notes(members)}
    rows = _rows(members, owed, said, shown)
    context |= _table(rows, question.kept) | {"synthetic": synthetic}
    context |= {"sums": _sums(members, owed)}
    return render(request, "reporting/matrix.html", context)


def _round(question: MatrixQuestion) -> Round | None:
    code = question.asked("cycle")
    if not code:
        return newest_round(question.stood)
    return Round(Cycle.objects.get(code=code), question.stood)


def _asked_for(member: Member, question: MatrixQuestion) -> bool:
    return question.asked("kind") in ("", member.kind) and question.asked("region") in (
        "",
        member.region,
    )


def _rows(
    members: list[Member], owed: Owed, said: dict[str, dict[str, str]], shown: Round | None
) -> list[Row]:
    """The members that owe anything, with what they answered or what their silence means."""
    rows = []
    for member in members:
        if clauses := owed.get(member.pk):
            answers = said.get(member.code, {})
            if voluntary := answers.keys() - clauses.keys():
                answers = {one: answers[one] for one in answers if one not in voluntary}
            silent = "waiting"
            if shown and len(answers) < len(clauses):
                silent = shown.silence(member.code)
            endorsed = {one for one, basis in clauses.items() if basis == "endorsement"}
            rows.append((member, dict.fromkeys(clauses, silent) | answers, endorsed))
    return rows


def _table(rows: list[Row], kept: str) -> dict[str, Any]:
    """The columns by statement, and the drawn rows; `kept` is the day that links take along."""
    columns, order = _columns(set[str]().union(*(cells for _member, cells, _by in rows)), kept)
    statuses = set[str]().union(*(cells.values() for _member, cells, _by in rows))
    return {
        "columns": [
            {"name": code, "id": f"of-{code}", "clauses": clauses}
            for code, clauses in columns.items()
        ],
        "drawn": _drawn(rows, order, kept),
        "clauses": len(order),
        "beside": [status for status in NOT_ASKED if status in statuses],
        "endorsed": any(endorsed for _member, _cells, endorsed in rows),
    }


def _columns(
    references: set[str], kept: str
) -> tuple[dict[str, list[dict[str, str]]], list[tuple[str, bool]]]:
    """The clauses by statement, and in one row with whether each begins a statement."""
    columns: dict[str, list[dict[str, str]]] = {}
    order: list[tuple[str, bool]] = []
    clauses = Commitment.objects.filter(reference__in=references)
    for reference, code, title in clauses.values_list("reference", "statement__code", "title"):
        short = reference.removeprefix(f"{code}-")
        order.append((reference, code not in columns and bool(columns)))
        url = f"/commitments/{reference}/{kept}"
        columns.setdefault(code, []).append({"code": short, "url": url, "title": title})
    return columns, order


def _sums(members: list[Member], owed: Owed) -> list[tuple[str, str]]:
    """The members shown by kind, in words, each kind with its obligations by basis, in words."""
    sums = []
    for kind in Member.Kind.values:
        counted_ones = [m for m in members if m.kind == kind and not m.reports_through_id]
        bases = [list(owed[m.pk].values()) for m in counted_ones if m.pk in owed]
        by_endorsement = sum(of_one.count("endorsement") for of_one in bases)
        own = sum(map(len, bases)) - by_endorsement
        if bases:
            sums.append((counted(kind, len(bases)), owed_words(own, by_endorsement)))
    return sums


def _squares(gap: bool, endorsed: bool) -> dict[str | None, str]:
    """The markup of a cell by status, in the language read: one that begins a statement stands
    off, one that is owed by endorsement is framed and says so.

    There are thousands of cells and some fifty that differ: each is written and escaped once.
    """
    more = (" gap" if gap else "") + (" e" if endorsed else "")
    basis = _(", ") + _("by endorsement") if endorsed else ""
    drawn: dict[str | None, str] = {None: format_html('<td class="s-off{}"></td>', more)}
    for status, word in STATUS_WORDS.items():
        drawn[status] = format_html(
            '<td class="s-{}{}"><i>{}{}</i></td>', status, more, word, basis
        )
    return drawn


def _drawn(rows: list[Row], order: list[tuple[str, bool]], kept: str = "") -> SafeString:
    """The rows of the table as markup: what components/_heat.html would write of their cells."""
    both = (False, True)
    squares = {(gap, by): _squares(gap, by) for gap in both for by in both}
    parts = []
    for member, cells, endorsed in rows:
        code, name = escape(member.code), escape(member.display_name)
        named = own_name(member.display_name)
        head = f'<a href="/members/{code}/{kept}" title="{name}">{named}</a>'
        parts.append(f'<tr><th scope="row">{head}</th>')
        parts += [squares[gap, ref in endorsed][cells.get(ref)] for ref, gap in order]
        parts.append("</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped or our own

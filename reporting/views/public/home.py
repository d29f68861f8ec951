"""The front page: who promised what, and who has said what they did."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Commitment, Signature, Statement
from commitments.words import due_words
from members.access import access, anyone
from members.languages import joined, said
from members.models import GroupMember, Member

from ... import deadlines as rounds
from ...figures import Round
from ...models import Cycle, PublishedReport
from ...tallies import Bound, answers, apart, outcome
from .asked import MapQuestion, Question, asking
from .described import of_site
from .register import (
    counted,
    long_date,
    members_by_code,
    newest_round,
    notes,
)

LATEST = 5


@access(anyone)
@asking(MapQuestion)
def home(request: HttpRequest, question: Question) -> HttpResponse:
    """The map of members, three figures, the statements in time, and what is next and new."""
    shown = {"described": of_site(), **_shown(question, timezone.now())}
    return render(request, "reporting/home.html", shown)


def _shown(question: Question, now: dt.datetime) -> dict[str, Any]:
    day = now.date()
    members = members_by_code(day)
    signed = list(Signature.objects.on(day).select_related("statement", "member"))
    seen = newest_round()
    cycles = list(Cycle.objects.all())
    return {
        "question": question,
        "total": len(members),
        "signed": len({signature.member.code for signature in signed} & members.keys()),
        "notes": notes(members.values()),
        "round": seen.cycle if seen else None,
        "announced": bool(seen and seen.announced),
        **tiles_of(question.asked("shade"), members, signed, seen),
        **_figures(members, signed, seen),
        **_timeline(signed, cycles, members, day),
        **_deadlines(cycles, now),
        "latest": _latest(members),
    }


# The map

SILENT = 4  # a step beside those of ink, which is for what was said: hollow, with a dot of signal


def tiles_of(
    shade: str,
    members: dict[str, Member],
    signed: list[Signature],
    seen: Round | None,
    kept: str = "",
) -> dict[str, Any]:
    """The map of members under one question, with its legend; the page of a round has it too.

    `kept` is the day that its links take along.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for signature in signed:
        codes[signature.member.code].append(signature.statement.code)
    regions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for member in sorted(members.values(), key=lambda m: (m.tile_row, m.tile_column)):
        level, words = _shade(shade, codes[member.code], seen, member)
        name = member.region or member.kind
        regions[name].append(
            {
                "code": member.code,
                "level": level,
                "column": member.tile_column,
                "row": member.tile_row,
                "url": f"/members/{member.code}/{kept}",
                "label": f"{member.code}, {member.display_name}: {words}",
            }
        )
    labels = dict(Member.Region.choices) | {
        "intergovernmental": _("Intergovernmental"),
        "civil_society": _("Civil society"),
        "private_sector": _("Private sector"),
    }
    drawn = [
        {"name": labels[name], "slug": slugify(name.replace("_", " ")), "tiles": regions[name]}
        for name in labels
        if regions[name]
    ]
    return {"regions": drawn, "steps": _steps(shade, seen), "shade": shade}


def _shade(shade: str, codes: list[str], seen: Round | None, member: Member) -> tuple[int, str]:
    """How a member's square is drawn (0 to 3 in ink, or SILENT), and the same in words."""
    if not shade:
        return min(len(codes), 3), get_text_list(codes, _("and")) or _("no signature")
    if seen is None:
        return 0, _("no report published")
    if shade == "reported" and member.code in seen.published:
        return 3, _("report published")
    timeliness = seen.receipts.get(member.code, ("", None))[0]
    levels = {"on_time": (3, _("on time")), "late": (2, _("late")), "missed": (SILENT, _("missed"))}
    if shade == "on_time" and timeliness in levels:
        return levels[timeliness]
    return _unreported(shade, seen, member)


def _unreported(shade: str, seen: Round, member: Member) -> tuple[int, str]:
    """How a member is drawn of which no report, or no day of one, is published."""
    if member.reports_through:
        return 0, _("reports through %(code)s") % {"code": member.reports_through.code}
    if member.code not in seen.expected:
        return 0, _("not expected")
    if member.code in seen.excused:
        return 0, _("excused")
    return (SILENT, _("no report published")) if shade == "reported" else (0, _("not known"))


def _steps(shade: str, seen: Round | None) -> list[tuple[int, str]]:
    """The legend of the map, darkest first."""
    if not shade:
        words = [_("three statements signed"), _("two"), _("one"), _("no signature")]
        return [(3 - n, word) for n, word in enumerate(words)]
    code = seen.cycle.code if seen else ""
    if shade == "reported":
        published = _("report of %(code)s published") % {"code": code}
        return [(3, published), (SILENT, _("none published")), (0, _("not expected, or excused"))]
    on_time = _("on time in %(code)s") % {"code": code}
    unknown = _("not expected, excused or not known")
    return [(3, on_time), (2, _("late")), (SILENT, _("missed")), (0, unknown)]


# Figures


def _figures(
    members: dict[str, Member], signed: list[Signature], seen: Round | None
) -> dict[str, Any]:
    governments = {
        m.code for m in members.values() if m.kind == "government" and not m.reports_through_id
    }
    times = Counter(s.member.code for s in signed)
    twice = sum(times[code] >= 2 for code in governments)
    figures: dict[str, Any] = {"twice": twice, "governments": len(governments)}
    if seen is None:
        return figures
    expected = seen.count(seen.chosen("expected"))
    published = seen.count(seen.chosen("published"))
    others = [
        _("%(n)s of %(of)s") % {"n": published[kind], "of": counted(kind, expected[kind])}
        for kind in seen.kinds
        if kind != "government" and expected[kind]
    ]
    return figures | {
        "published": published["government"],
        "expected": expected["government"],
        **_unpublished(seen),
        "others": get_text_list(others, _("and")),
        **_obligations(seen),
    }


def _unpublished(seen: Round) -> dict[str, Any]:
    """How many government members have no published report, how many of them are excused, and
    where their names stand: those without a report only once it may be said who they are."""
    without = [code for code in seen.without if seen.expected[code] == "government"]
    excused = sum(seen.counted_silence(code) == "excused" for code in without)
    where = "#without" if seen.announced else "#published"
    address = f"/cycles/{seen.cycle.code}/{where}"
    return {"excused": excused, "unpublished": len(without), "who_url": address}


def _obligations(seen: Round) -> dict[str, Any]:
    """What government members owed when the round opened, and what became of it.

    What they took on by endorsement stands beside it, in no figure of it.
    """
    said = answers(seen, kind="government")
    bound = Bound(member__kind="government").on(seen.cycle.opens_on)
    owed, by_endorsement = apart(line for line in bound if line.in_counts)
    became = Counter(outcome(line, said, seen) for line in owed)
    endorsed = Counter(outcome(line, said, seen) for line in by_endorsement)
    return {
        "obligations": len(owed),
        "implemented": became["implemented"],
        "unanswered": became["none"] + became["waiting"],
        "unanswered_excused": became["excused"],
        "unanswered_not_expected": became["not_expected"] + became["not_collected"],
        "by_endorsement": len(by_endorsement),
        "endorsed_implemented": endorsed["implemented"],
        "synthetic": any(line.key in said and said[line.key].synthetic for line in bound),
    }


# Time


BELOW = {"2014-GOV": "2014-CSO", "2022": "2022-TF"}  # drawn under the stack of the same day


def _timeline(
    signed: list[Signature], cycles: list[Cycle], members: dict[str, Member], day: dt.date
) -> dict[str, Any]:
    by_statement: dict[str, Counter[str]] = defaultdict(Counter)
    others: dict[str, list[str]] = defaultdict(list)
    for signature in signed:
        by_statement[signature.statement.code][signature.member.kind] += 1
        if signature.member.kind == "intergovernmental":
            others[signature.statement.code].append(signature.member.code)
    stacks = [
        _stack(statement, by_statement[statement.code], others[statement.code], members, day)
        | _below(statement.code, by_statement, day)
        for statement in Statement.objects.all()
        if statement.code not in BELOW.values()
    ]
    due = [{"on": c.due_on, "name": c.code} for c in cycles if c.due_on.year <= day.year]
    return {"stacks": stacks, "due": due, "today": day}


def _stack(
    statement: Statement,
    kinds: Counter[str],
    others: list[str],
    members: dict[str, Member],
    day: dt.date,
) -> dict[str, Any]:
    """The names under a statement, filled, and hollow those it binds without a name."""
    endorsed = _endorsed(day) if statement.code == "2014-GOV" else 0
    everyone = sum(m.reports_through_id is None for m in members.values())
    return {
        "on": statement.adopted_on,
        "year": str(statement.adopted_on.year),
        "code": statement.code,
        "filled": sum(kinds.values()),
        "hollow": everyone if statement.binding == "membership" else endorsed,
        "words": _words(statement, kinds, others, endorsed),
        "place": said(statement.place),
    }


def _endorsed(day: dt.date) -> int:
    """How many members took on the 2014 text of the governments by endorsing it in 2015."""
    bound = Bound(statement__code="2014-GOV").on(day)
    return len({line.member for line in bound if line.basis == "endorsement" and line.in_counts})


def _below(code: str, by_statement: dict[str, Counter[str]], day: dt.date) -> dict[str, Any]:
    """The smaller text of the same day: how many names, and in words."""
    if BELOW.get(code) == "2014-CSO":
        number = by_statement["2014-CSO"]["civil_society"]
        return {"under": number, "under_words": counted("civil_society", number)}
    if BELOW.get(code) == "2022-TF":
        number = GroupMember.objects.in_force(day).filter(group__code="taskforce").count()
        return {"under": number, "under_words": _("%(n)s members of the Taskforce") % {"n": number}}
    return {"under": 0, "under_words": ""}


def _words(statement: Statement, kinds: Counter[str], others: list[str], hollow: int) -> list[str]:
    """The lines beside a stack: short, because a chart has no room for sentences."""
    if statement.binding == "membership":
        return [_("every member, signed or not"), said(statement.place)]
    n = kinds["government"]
    words = [ngettext("%(n)s government", "%(n)s governments", n) % {"n": n}]
    if others:
        words.append(joined(others))
    if hollow:
        words.append(_("+%(n)s since 2015") % {"n": hollow})
    return [*words, said(statement.place)]


# What is next, what is new


def _deadlines(cycles: list[Cycle], now: dt.datetime) -> dict[str, Any]:
    current = [
        c for c in cycles if rounds.state(c, now, settings.FIRST_CYCLE) in ("open", "overdue")
    ]
    rows: list[dict[str, Any]] = []
    for clause in Commitment.objects.filter(parent__isnull=True):
        if due := clause.next_due(now):
            rows.append(
                {"on": due, "clause": clause, "days": (due - now.date()).days}
                | {"due": due_words(clause)}
            )
    rows.sort(key=lambda row: row["on"])
    cycle = current[0] if current else None
    days = (cycle.due_on - now.date()).days if cycle else 0
    return {"cycle": cycle, "days": days, "deadlines": rows}


def _latest(members: dict[str, Member]) -> list[dict[str, Any]]:
    reports = PublishedReport.objects.shown().order_by("-shown_from", "cycle", "member")[:LATEST]
    return [
        {
            "when": long_date(r.shown_from),
            "words": _("%(name)s, report %(cycle)s")
            % {"name": members[r.member].display_name, "cycle": r.cycle},
            "url": f"/reports/{r.cycle}-{r.member}/",
            "synthetic": r.synthetic,
        }
        for r in reports
    ]

"""Published rows for tests of summaries, and the plain twin: everything counted one by one."""

import datetime as dt
import json
import random
from collections import defaultdict
from typing import Any

from commitments.models import Commitment, Obligation
from members.models import GroupMember, Member
from reporting.models import Cycle, Extension, PublishedAnswer, PublishedReport, Receipt
from reporting.rounds import expected_members

NOW = dt.datetime(2027, 3, 4, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
STEPS = ["not_started", "planned", "in_progress", "implemented"]
STATUSES = [*STEPS, "nothing_to_report", "not_applicable"]
OF_REPORTS = ["received", "on_time", "on_time_by_original_date", "late", "missed", "excused"]


def owed_by(cycle: Cycle) -> dict[str, list[str]]:
    """The references of what each member owes in a round."""
    found: dict[str, list[str]] = defaultdict(list)
    lines = Obligation.objects.lines(cycle.opens_on)
    for code, reference in lines.values_list("member__code", "commitment__reference"):
        found[code].append(reference)
    return found


def round_of(code: str = "2026", announced: dt.date | None = None) -> Cycle:
    Cycle.objects.filter(code=code).update(receipts_announced_on=announced)
    return Cycle.objects.get(code=code)


def publish(
    cycle: Cycle,
    code: str,
    answers: dict[str, str] | list[str],
    on: dt.date = TODAY,
    owed: list[str] | None = None,
    **facts: Any,
) -> PublishedReport:
    """A published report; answers by reference, or to the member's first clauses in order."""
    member = Member.objects.get(code=code)
    place = {"cycle": cycle.code, "member": code, "kind": member.kind, "shown_from": on}
    owed = owed if owed is not None else owed_by(cycle)[code]
    if isinstance(answers, list):
        answers = dict(zip(owed, answers, strict=False))
    report = PublishedReport.objects.create(version=1, row="{}", **place, **facts)
    statements = dict(Commitment.objects.values_list("reference", "statement__code"))
    PublishedAnswer.objects.bulk_create(
        PublishedAnswer(
            report=report,
            commitment=reference,
            statement=statements[reference],
            status=status,
            withheld=number % 3 == 0,
            owed=reference in owed,
            support_requested=number % 4 == 1,
            row=said(cycle, code, reference, status),
            line="-",
            **place,
            **facts,
        )
        for number, (reference, status) in enumerate(answers.items())
    )
    return report


def said(cycle: Cycle, code: str, reference: str, status: str) -> str:
    """As much of an answer's public row as pages read."""
    row = {"cycle": cycle.code, "member": {"code": code}, "commitment": reference}
    return json.dumps(row | {"status": status, "narrative": "[Synthetic] Words.", "evidence": []})


def withdraw(cycle: Cycle, code: str, on: dt.date = TODAY) -> None:
    for model in (PublishedAnswer, PublishedReport):
        model.objects.shown().filter(cycle=cycle.code, member=code).update(shown_until=on)


def receipt(cycle: Cycle, code: str, timeliness: str, on: dt.date = TODAY) -> Receipt:
    came = {"on_time": dt.date(2026, 6, 1), "late": dt.date(2026, 8, 1)}.get(timeliness)
    kind = Member.objects.get(code=code).kind
    return Receipt.objects.create(
        cycle=cycle.code,
        member=code,
        kind=kind,
        timeliness=timeliness,
        received_on=came,
        shown_from=on,
        row="{}",
    )


def some_answers(owed: list[str], chance: random.Random) -> dict[str, str]:
    """Answers to some clauses, most of them owed, or nothing to report on all of them."""
    asked = [ref for ref in owed if chance.random() < 0.7] + ["2022-1a"]
    if chance.random() < 0.1:
        return dict.fromkeys(asked, "nothing_to_report")
    return {reference: chance.choice(STATUSES) for reference in asked}


def fill(cycle: Cycle, seed: int, share: float = 0.4) -> None:
    """Published reports and receipts of all sorts, as a seed has them."""
    chance, owed = random.Random(f"{cycle.code} {seed}"), owed_by(cycle)
    for code in Member.objects.order_by("code").values_list("code", flat=True):
        if chance.random() < share:
            publish(cycle, code, some_answers(owed[code], chance), owed=owed[code])
        if chance.random() < 0.8:
            receipt(cycle, code, chance.choice(["on_time", "late", "missed", "excused"]))


# ---- the plain twin: for every scope its members and clauses, and then row by row


def leaves(scope: str) -> set[str]:
    """The leaf clauses that a scope is about."""
    sort, _, code = scope.partition("-")
    every = list(Commitment.objects.leaves().prefetch_related("themes"))
    if sort == "statement":
        return {c.reference for c in every if c.statement.code == code}
    if sort == "theme":
        return {c.reference for c in every if code in [theme.code for theme in c.themes.all()]}
    if sort == "commitment":
        found = set()
        for clause in every:
            above = clause
            while above:
                if above.reference == code:
                    found.add(clause.reference)
                above = above.parent
        return found
    return {c.reference for c in every}


def those(scope: str, cycle: Cycle, lines: list[Obligation]) -> set[str]:
    """The members that a scope is about."""
    sort, _, code = scope.partition("-")
    counted = list(Member.objects.counted())
    if sort == "region":
        return {m.code for m in counted if m.region == code}
    if sort == "member":
        return {m.code for m in counted if m.code == code}
    if sort == "group":
        places = GroupMember.objects.in_force(cycle.opens_on).filter(group__code=code)
        return {m.code for m in counted if m.pk in {place.member_id for place in places}}
    if sort == "cycle":
        return {m.code for m in Member.objects.counted().on(cycle.opens_on)}
    about = leaves(scope)
    return {ln.member.code for ln in lines if ln.commitment.reference in about}


def plain(scope: str, code: str) -> dict[str, dict[str, list[int | None]]]:
    """Numerators and denominators of a scope in a round that is announced, one by one."""
    cycle, before = Cycle.objects.get(code=code), str(int(code) - 2)
    every = [
        line
        for line in Obligation.objects.lines(cycle.opens_on).select_related("member", "commitment")
        if line.member.reports_through_id is None
    ]
    about, clauses = those(scope, cycle, every), leaves(scope)
    lines = [ln for ln in every if ln.member.code in about and ln.commitment.reference in clauses]
    kinds = {m.code: m.kind for m in Member.objects.all()}
    told = {r.member: r for r in Receipt.objects.shown().filter(cycle=code)}
    reports = {r.member for r in PublishedReport.objects.shown().filter(cycle=code)}
    rows = PublishedAnswer.objects.shown()
    said = {(a.member, a.commitment): a for a in rows.filter(cycle=code)}
    earlier = {(a.member, a.commitment): a for a in rows.filter(cycle=before)}
    expected = {m.code for m in expected_members(cycle)}
    found: dict[str, dict[str, list[int | None]]] = {}
    for kind in sorted({kinds[member] for member in about}):
        here = {m for m in about if kinds[m] == kind}
        found[kind] = _of_reports(cycle, here, expected, told, reports, said, every)
        for endorsed in (False, True):
            owed = [
                (ln.member.code, ln.commitment.reference)
                for ln in lines
                if ln.member.code in here and (ln.strongest == 2) == endorsed
            ]
            figures = _of_obligations(owed, said, earlier, told, expected)
            ending = "_by_endorsement" if endorsed else ""
            found[kind] |= {f"{name}{ending}": pair for name, pair in figures.items()}
    return {kind: _none_of_none(figures) for kind, figures in found.items()}


def _none_of_none(figures: dict[str, list[int | None]]) -> dict[str, list[int | None]]:
    return {name: [n if of else None, of] for name, (n, of) in figures.items()}


def _of_reports(
    cycle: Cycle,
    here: set[str],
    expected: set[str],
    told: dict[str, Receipt],
    reports: set[str],
    said: dict[tuple[str, str], PublishedAnswer],
    lines: list[Obligation],
) -> dict[str, list[int | None]]:
    asked, of = here & expected, len(here & expected)
    owed = {(ln.member.code, ln.commitment.reference) for ln in lines}
    nothing = 0
    for member in asked & reports:
        statuses = {a.status for key, a in said.items() if key[0] == member and key in owed}
        nothing += statuses == {"nothing_to_report"}
    extended = Extension.objects.filter(cycle=cycle, published_on__lte=TODAY, due_on__gt=TODAY)
    assert not extended.exists(), "the twin knows no extension"
    found: dict[str, list[int | None]] = {
        "expected": [of, len(here)],
        "published": [len(asked & reports), of],
        "nothing_to_report": [nothing, len(asked & reports)],
        "received": [len([m for m in asked if m in told and told[m].received_on]), of],
    }
    for name in ("on_time", "late", "missed", "excused"):
        found[name] = [len([m for m in asked if m in told and told[m].timeliness == name]), of]
    return found | {"on_time_by_original_date": found["on_time"]}


def _of_obligations(
    owed: list[tuple[str, str]],
    said: dict[tuple[str, str], PublishedAnswer],
    earlier: dict[tuple[str, str], PublishedAnswer],
    told: dict[str, Receipt],
    expected: set[str],
) -> dict[str, list[int | None]]:
    answered = [said[key] for key in owed if key in said]
    found: dict[str, list[int | None]] = {
        f"answers_{status}": [len([a for a in answered if a.status == status]), len(owed)]
        for status in STATUSES
    }
    found["answers_withheld"] = [len([a for a in answered if a.withheld]), len(answered)]
    silent = [member for member, clause in owed if (member, clause) not in said]
    unasked = [m for m in silent if m not in expected]
    asked = [m for m in silent if m in expected]
    let_off = [m for m in asked if m in told and told[m].timeliness == "excused"]
    found["unanswered"] = [len(asked) - len(let_off), len(owed)]
    found["unanswered_excused"] = [len(let_off), len(owed)]
    found["unanswered_not_expected"] = [len(unasked), len(owed)]
    pairs = [
        (STEPS.index(said[key].status), STEPS.index(earlier[key].status))
        for key in owed
        if key in said
        and key in earlier
        and said[key].status in STEPS
        and earlier[key].status in STEPS
    ]
    found["moved_on"] = [len([1 for now, then in pairs if now > then]), len(pairs)]
    found["unchanged"] = [len([1 for now, then in pairs if now == then]), len(pairs)]
    found["moved_back"] = [len([1 for now, then in pairs if now < then]), len(pairs)]
    return found

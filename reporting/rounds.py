"""Who is expected to report in a round, and by when."""

import datetime as dt
from collections.abc import Iterable

from commitments.models import Commitment, Obligation
from members.models import Member
from members.querysets import MemberQuerySet

from .models import Cycle, Extension

# The clauses that ask for a report, and the first cycle that each applies to. 2012-S2a prints
# its date; 2022-M4 prints none: "every two years" is counted with the rounds, first in 2024.
REPORTING_CLAUSES = {"2012-S2a": 2014, "2022-M4": 2024}


def reporting_clauses(cycle: Cycle) -> list[str]:
    """The references of the clauses under which a report is expected in this round."""
    return [clause for clause, first in REPORTING_CLAUSES.items() if int(cycle.code) >= first]


def expected_members(cycle: Cycle) -> MemberQuerySet:
    """The members from whom a report is expected: those that owe one on the opening day.

    A member that reports through another is not expected to. An excuse changes nothing here:
    excused members stay in the denominator. Asked by the keys of its clauses, the view of
    obligations looks at no others.
    """
    clauses = Commitment.objects.filter(reference__in=reporting_clauses(cycle))
    owed = Obligation.objects.filter(commitment__in=list(clauses.values_list("pk", flat=True)))
    owing = owed.in_force(cycle.opens_on)
    return Member.objects.counted().filter(pk__in=owing.values("member"))


def expected_by_round(cycles: Iterable[Cycle]) -> dict[str, dict[str, str]]:
    """The kind of each expected member by code, for each round by code: all in two statements."""
    asking = Commitment.objects.filter(reference__in=REPORTING_CLAUSES)
    owed = Obligation.objects.filter(commitment__in=list(asking.values_list("pk", flat=True)))
    columns = ("member__code", "member__kind", "commitment__reference", "since", "until")
    owing = owed.filter(member__reports_through=None).order_by("member__code")
    rows = list(owing.values_list(*columns))
    expected: dict[str, dict[str, str]] = {}
    for cycle in cycles:
        day, clauses = cycle.opens_on, reporting_clauses(cycle)
        expected[cycle.code] = {
            member: kind
            for member, kind, clause, since, until in rows
            if clause in clauses and since <= day and (until is None or until > day)
        }
    return expected


def is_expected(cycle: Cycle, member: Member) -> bool:
    return expected_members(cycle).filter(pk=member.pk).exists()


def due_on_of(cycle: Cycle, member: Member) -> dt.date:
    """The day by which this member reports: the round's, or the later one it was given."""
    return given(cycle, Extension.objects.filter(cycle=cycle, member=member).first())


def decided_on(
    cycles: Iterable[Cycle | int], members: Iterable[Member | int]
) -> dict[tuple[int, int], Extension]:
    """The decisions on the due days of these members' reports, by keys of round and member."""
    found = Extension.objects.filter(cycle__in=cycles, member__in=members)
    return {(one.cycle_id, one.member_id): one for one in found}


def given(cycle: Cycle, decided: Extension | None) -> dt.date:
    """The round's due day, or the later one that was decided; an excuse changes no day."""
    return max(cycle.due_on, decided.due_on) if decided and decided.due_on else cycle.due_on

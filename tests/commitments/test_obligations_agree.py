"""The obligations of the view beside a plain twin that works them out clause by clause.

The twin reads the data files and knows no database: what each clause asks, of whom, on which
basis, since and until when. Both must agree for every member on many days, and after whatever
the secretariat may record: joining, leaving, resting, signing, withdrawing, taking part.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import Obligation, Participation, Signature, Statement
from members.models import Member, Name, Suspension
from tests.registry_files import COMMITMENTS, MEMBERS, clauses, rows, statements

pytestmark = pytest.mark.django_db

Day = dt.date
BASES = ["signature", "endorsement", "membership", "participation"]
ADOPTED = {s["code"]: Day.fromisoformat(s["adopted_on"]) for s in statements()}
ENDORSED_BY = {"2014-GOV": ["2015"]}
ONE_DAY = dt.timedelta(days=1)
EDGES = sorted({day + n * ONE_DAY for day in ADOPTED.values() for n in (-1, 0, 1)})
TODAY = Day(2026, 11, 21)


def _owed() -> Iterator[tuple[dict, dict]]:
    """Each leaf that asks something of each member for itself, with its statement."""
    for statement in statements():
        of_this = clauses(statement["code"])
        parents = {clause["parent"] for clause in of_this}
        for clause in of_this:
            leaf = clause["reference"] not in parents
            if leaf and clause["duty"] == "individual" and clause["kind"] != "recognition":
                yield statement, clause


OWED = list(_owed())


@dataclass
class Facts:
    """The dated facts that obligations follow from, as plain values."""

    kinds: dict[str, str]
    joined: dict[str, Day] = field(default_factory=dict)
    left: dict[str, Day] = field(default_factory=dict)
    # By statement and member: from when its name stood there, and until when, each time.
    signed: dict[tuple[str, str], list[tuple[Day, Day | None]]] = field(default_factory=dict)
    took_part: set[tuple[str, str]] = field(default_factory=set)
    rested: dict[str, tuple[Day, Day | None]] = field(default_factory=dict)
    # When it had left and when it came back, each time.
    away: dict[str, list[tuple[Day, Day]]] = field(default_factory=dict)


def facts_of_the_files() -> Facts:
    facts = Facts({row["code"]: row["kind"] for row in rows(MEMBERS / "members.csv")})
    for row in rows(COMMITMENTS / "signatures.csv"):
        day = Day.fromisoformat(row["signed_on"])
        facts.signed[row["statement"], row["member"]] = [(day, None)]
    return facts


def told_by_the_twin(facts: Facts, day: Day) -> dict[tuple[str, str], dict]:
    """Each member's line on each clause it owes on `day`."""
    lines = {}
    for statement, clause in OWED:
        for member in facts.kinds:
            found = [
                (basis, via, since, until)
                for basis, via, since, until in bases(facts, clause, statement, member)
                if since <= day and (until is None or day < until)
            ]
            if found:
                ends = [until for *_, until in found]
                lines[member, clause["reference"]] = {
                    "bases": [basis for basis, *_ in found],
                    "via": found[0][1],
                    "since": min(since for _, _, since, _ in found),
                    "until": None if None in ends else max(ends),
                }
    return lines


def bases(facts: Facts, clause: dict, statement: dict, member: str) -> Iterator[tuple]:
    """Every basis on which the member ever owes the clause, the strongest first."""
    code, of = statement["code"], clause["applies_to"]
    adopted = ADOPTED[code]
    own = facts.signed.get((code, member), [])
    if of != "delegates":
        for since, until in own:
            yield "signature", code, max(adopted, since), until
    for other in ENDORSED_BY.get(code, []):
        for since, until in facts.signed.get((other, member), []):
            if all(mine > since for mine, _ in own):
                yield "endorsement", other, max(ADOPTED[other], since), until
    if statement["binding"] == "membership" and of in (None, facts.kinds[member]):
        since, left = max(adopted, facts.joined.get(member, adopted)), facts.left.get(member)
        for pause, resumes in sorted(pauses(facts, member)):
            yield "membership", code, since, min(pause, left or pause)
            since = max(since, resumes)
        yield "membership", code, since, left
    if of == "delegates" and (code, member) in facts.took_part:
        yield "participation", code, adopted, None


def pauses(facts: Facts, member: str) -> list[tuple[Day, Day]]:
    """When it was none for a time: its membership rested, or it had left and came back."""
    rests = [facts.rested[member]] if member in facts.rested else []
    return facts.away.get(member, []) + [(since, until or Day.max) for since, until in rests]


def told_by_the_view(day: Day) -> dict[tuple[str, str], dict]:
    lines = Obligation.objects.lines(day).select_related("member", "commitment", "via")
    found = {
        (line.member.code, line.commitment.reference): {
            "bases": line.bases,
            "via": line.via.code,
            "since": line.first_since,
            "until": line.last_until,
        }
        for line in lines
    }
    assert len(found) == len(lines)
    return found


# ---- what the secretariat may record, in the register and in the twin's facts alike


def joins(facts: Facts, member: str, day: Day) -> None:
    first = [since for since, _until in facts.away.get(member, [])]
    facts.joined[member] = day = min(day, facts.left.get(member, day), *first)
    Member.objects.filter(code=member).update(joined_on=day)


def leaves(facts: Facts, member: str, day: Day) -> None:
    last = [until for _since, until in facts.away.get(member, [])]
    facts.left[member] = day = max(day, facts.joined.get(member, day), *last)
    Member.objects.filter(code=member).update(left_on=day)


def comes_back(facts: Facts, member: str, day: Day) -> None:
    """It is one again from this day on; nothing where it has not left by then."""
    left = facts.left.get(member)
    if not left or day <= left or meets(facts, member, left, day):
        return
    facts.away.setdefault(member, []).append((left, day))
    del facts.left[member]
    one = Member.objects.get(code=member)
    Member.objects.filter(code=member).update(left_on=None)
    Suspension.objects.create(member=one, kind="away", since=left, until=day, source="A letter")


def meets(facts: Facts, member: str, since: Day, until: Day) -> bool:
    """Was it none already at some time between these days? The register keeps no two such times."""
    return any((a < until and since < b) or a == since for a, b in pauses(facts, member))


def rests(facts: Facts, member: str, day: Day, days: int | None) -> None:
    """The membership rests for so many days, or on; what was said of it before is replaced."""
    until = None if days is None else day + dt.timedelta(days)
    facts.rested.pop(member, None)
    suspended = Member.objects.get(code=member)
    suspended.suspensions.filter(kind="rests").delete()
    if meets(facts, member, day, until or Day.max):
        return
    facts.rested[member] = (day, until)
    Suspension.objects.create(member=suspended, since=day, until=until, source="A letter")


def signs(facts: Facts, member: str, day: Day, statement: str) -> None:
    """It accedes, again where it had withdrawn; nothing while its name stands there."""
    times = facts.signed.setdefault((statement, member), [])
    if any(until is None or day < until for _, until in times):
        return
    times.append((day, None))
    Signature.objects.create(
        statement=Statement.objects.get(code=statement),
        member=Member.objects.get(code=member),
        name=Name.objects.filter(member__code=member).first(),
        signed_on=day,
        position=999,
    )


def withdraws(facts: Facts, member: str, day: Day, statement: str) -> None:
    times = facts.signed.get((statement, member), [])
    if not times or times[-1][1] or day < times[-1][0]:
        return
    times[-1] = (times[-1][0], day)
    Signature.objects.filter(
        statement__code=statement, member__code=member, withdrawn_on=None
    ).update(withdrawn_on=day, withdrawal_source="A letter")


def takes_part(facts: Facts, member: str, day: Day) -> None:
    facts.took_part.add(("2022", member))
    Participation.objects.get_or_create(
        statement=Statement.objects.get(code="2022"),
        member=Member.objects.get(code=member),
        defaults={"source": "A list of delegates"},
    )


@contextmanager
def undone() -> Iterator[None]:
    """What is recorded inside is gone afterwards."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


# ---- the comparison


@pytest.mark.parametrize("day", [*EDGES, TODAY, Day(2100, 1, 1), Day(2000, 1, 1)], ids=str)
def test_the_view_and_the_twin_agree_about_every_member(day):
    assert told_by_the_view(day) == told_by_the_twin(facts_of_the_files(), day)


signing = st.sampled_from(["2012", "2014-GOV", "2014-CSO", "2015"])
people = st.sampled_from(["ALB", "CHN", "GBR", "GB-EAW", "BRA", "INTERPOL", "THORN", "XKX", "BIH"])
when = st.sampled_from(EDGES) | st.dates(Day(2012, 12, 1), Day(2027, 1, 1))
records = st.one_of(
    st.tuples(st.just(joins), people, when),
    st.tuples(st.just(leaves), people, when),
    st.tuples(st.just(comes_back), people, when),
    st.tuples(st.just(takes_part), people, when),
    st.tuples(st.just(rests), people, when, st.none() | st.integers(0, 3000)),
    st.tuples(st.just(signs), people, when, signing),
    st.tuples(st.just(withdraws), people, when, signing),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(records, min_size=1, max_size=6), when)
def test_they_agree_after_whatever_the_secretariat_records(recorded, day):
    facts = facts_of_the_files()
    with undone():
        for record, *what in recorded:
            record(facts, *what)
        assert told_by_the_view(day) == told_by_the_twin(facts, day)


# ---- numbers known from reading the texts


def test_ten_signatories_of_2015_take_on_2014_by_endorsement():
    facts = facts_of_the_files()
    of = {code: {m for s, m in facts.signed if s == code} for code in ("2015", "2014-GOV")}
    lines = Obligation.objects.lines(TODAY).with_basis("endorsement")
    found = {line.member.code for line in lines.select_related("member")}
    assert found == of["2015"] - of["2014-GOV"]
    assert (len(found), lines.count()) == (10, 150)
    assert {line.statement.code for line in lines.select_related("statement")} == {"2014-GOV"}


def test_how_many_obligations_each_basis_gives():
    lines = Obligation.objects.lines(TODAY)
    counts = {basis: lines.with_basis(basis).count() for basis in BASES}
    assert counts == {
        "signature": 48 * 15 + 51 * 15 + 10 * 10 + 43 * 9,
        "endorsement": 10 * 15,
        "membership": 85 * 5 + 71,
        "participation": 0,
    }


def test_a_later_signature_adds_a_basis_and_keeps_the_earliest_beginning():
    facts = facts_of_the_files()
    signs(facts, "CHN", Day(2024, 5, 1), "2014-GOV")
    line = told_by_the_view(TODAY)["CHN", "2014-GOV-A1"]
    assert line["bases"] == ["signature", "endorsement"]
    assert (line["via"], line["since"]) == ("2014-GOV", Day(2015, 11, 17))
    assert told_by_the_view(Day(2024, 4, 30))["CHN", "2014-GOV-A1"]["bases"] == ["endorsement"]


def test_a_withdrawal_ends_what_was_signed_on_that_very_day():
    facts = facts_of_the_files()
    withdraws(facts, "AUS", Day(2020, 3, 1), "2014-GOV")
    assert ("AUS", "2014-GOV-A1") in told_by_the_view(Day(2020, 2, 29))
    assert ("AUS", "2014-GOV-A1") not in told_by_the_view(Day(2020, 3, 1))


def test_who_withdrew_and_acceded_again_owes_but_between():
    facts = facts_of_the_files()
    withdraws(facts, "AUS", Day(2020, 3, 1), "2014-GOV")
    signs(facts, "AUS", Day(2023, 5, 1), "2014-GOV")
    line = ("AUS", "2014-GOV-A1")
    assert line not in told_by_the_view(Day(2023, 4, 30))
    assert told_by_the_view(TODAY)[line]["since"] == Day(2023, 5, 1)
    assert told_by_the_view(Day(2020, 2, 29))[line]["until"] == Day(2020, 3, 1)


@pytest.mark.parametrize("day", [Day(2020, 2, 29), Day(2014, 12, 11)], ids=str)
def test_the_database_refuses_a_name_that_stands_twice_on_one_day(day):
    facts = facts_of_the_files()
    withdraws(facts, "AUS", Day(2020, 3, 1), "2014-GOV")
    facts.signed["2014-GOV", "AUS"] = []  # what the guards before it would have said
    with pytest.raises(IntegrityError, match="member_stands_once_under_a_statement"):
        signs(facts, "AUS", day, "2014-GOV")


def test_leaving_ends_what_is_owed_as_a_member_and_nothing_that_was_signed():
    facts = facts_of_the_files()
    leaves(facts, "ALB", Day(2025, 1, 1))
    owed = {reference for member, reference in told_by_the_view(TODAY) if member == "ALB"}
    assert owed
    assert not any(reference.startswith("2022-") for reference in owed)


def test_who_left_and_came_back_owes_as_a_member_but_between():
    facts = facts_of_the_files()
    leaves(facts, "ALB", Day(2023, 1, 1))
    comes_back(facts, "ALB", Day(2024, 3, 1))
    leaves(facts, "ALB", Day(2025, 1, 1))
    comes_back(facts, "ALB", Day(2025, 6, 1))
    line = ("ALB", "2022-M1")
    times = {
        Day(2022, 12, 31): (Day(2022, 6, 2), Day(2023, 1, 1)),
        Day(2023, 1, 1): None,
        Day(2024, 2, 29): None,
        Day(2024, 3, 1): (Day(2024, 3, 1), Day(2025, 1, 1)),
        Day(2025, 5, 31): None,
        TODAY: (Day(2025, 6, 1), None),
    }
    for day, expected in times.items():
        told = told_by_the_view(day)
        assert told == told_by_the_twin(facts, day), day
        found = told.get(line)
        assert (found and (found["since"], found["until"])) == expected, day
    signed = [ref for member, ref in told_by_the_view(Day(2024, 2, 29)) if member == "ALB"]
    assert signed, "what it signed stays owed"


def test_the_functions_of_the_taskforce_and_what_all_owe_together_are_owed_by_nobody():
    owed = {reference for _, reference in told_by_the_view(TODAY)}
    together = {c["reference"] for c in clauses() if c["duty"] != "individual"}
    assert not owed & together
    assert not any(reference.startswith("2022-TF") for reference in owed)
    assert not any(reference.startswith(("2022-1", "2022-2")) for reference in owed)

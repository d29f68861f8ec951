"""A round, a report in it, and quick ways to bring a report into any state."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from commitments.models import Commitment, Signature, Statement
from members.models import Member, Name, User
from reporting import actions
from reporting.models import Answer, Cycle, Indicator, Observation, Report

OPENED = dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
EVIDENCE = [{"title": "The law", "url": "https://law.example.org/2025"}]
SAID = {"status": "implemented", "narrative": "The law is in force.", "next_steps": "A review."}
CLAUSES = ["2012-T1", "2012-T2", "2012-S2a"]


def _small_register() -> None:
    """One statement with three clauses, where the registry is not loaded."""
    if Commitment.objects.exists():
        return
    facts = {"title": "Declaration", "place": "Brussels", "binding": "signature", "position": 1}
    statement = Statement.objects.create(code="2012", adopted_on=dt.date(2012, 12, 5), **facts)
    for position, reference in enumerate(CLAUSES, 1):
        Commitment.objects.create(
            reference=reference,
            statement=statement,
            position=position,
            section="Targets",
            kind="undertaking",
            duty="individual",
            title=reference,
            text="We will act;",
        )
    for position, member in enumerate(Member.objects.all(), 1):
        name = Name.objects.create(member=member, text=member.code, source="test")
        Signature.objects.create(
            statement=statement,
            member=member,
            name=name,
            signed_on=statement.adopted_on,
            position=position,
        )


@pytest.fixture
def cycle(member: Member, other_member: Member) -> Cycle:
    _small_register()
    days = {"opens_on": dt.date(2026, 1, 1), "due_on": dt.date(2026, 7, 1)}
    return Cycle.objects.get_or_create(
        code="2026", defaults={**days, "closes_on": dt.date(2026, 12, 31)}
    )[0]


@pytest.fixture
def report(cycle: Cycle, member: Member, focal_point: User) -> Report:
    """A draft with blank answers."""
    return actions.start_report(cycle, member, by=focal_point, at=OPENED)


@pytest.fixture
def clause(report: Report) -> Commitment:
    return Commitment.objects.get(reference="2012-T1")


def answer_all(report: Report, **said: Any) -> None:
    """Answers every question at once, as if each had been saved."""
    Answer.objects.filter(report=report).update(**{**SAID, **said})


def answer_beyond_doubt(report: Report, **said: Any) -> None:
    """Answers everything so that nothing wants a word: with evidence, and figures told."""
    answer_all(report, **{"evidence": EVIDENCE, **said})
    why = {"state": Observation.State.NOT_AVAILABLE, "note": "The unit was founded later."}
    code = int(report.cycle.code)
    Observation.objects.bulk_create(
        Observation(indicator=indicator, member=report.member, year=year, **why)
        for indicator in Indicator.objects.all()
        for year in (code - 2, code - 1)
    )


@pytest.fixture
def bring(report: Report, focal_point: User, reviewer: User) -> Callable[[str], Report]:
    """Brings the report to a state by the moves that lead there."""

    def to(state: str) -> Report:
        at = OPENED
        if report.state == state:
            return report
        answer_all(report)
        actions.submit(report, by=focal_point, key=uuid.uuid4(), at=at)
        if state != "submitted":
            actions.start_review(report, by=reviewer, at=at)
        if state == "returned":
            actions.send_back(report, by=reviewer, because="Which year?", at=at)
        if state in ("accepted", "published"):
            actions.accept(report, by=reviewer, at=at)
        if state == "published":
            actions.agree(report, by=focal_point, at=at)
            actions.publish(report, by=reviewer, on=at.date())
        report.refresh_from_db()
        return report

    return to

"""What a report asks of its member, what it has answered, and what is still missing."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from commitments.models import Commitment, Obligation
from commitments.querysets import ObligationQuerySet
from members import rules
from members.models import Member, User

from . import observations, words
from .asked import Form
from .models import (
    Answer,
    Assignment,
    Comment,
    Cycle,
    Guidance,
    KeptForm,
    Proposal,
    PublishedReport,
    Report,
    Restriction,
    Version,
)
from .querysets import AssignmentQuerySet
from .rules import can_send, can_write
from .workflow import OPEN


@dataclass(frozen=True)
class Earlier:
    """What the member's last published report said on the same clause."""

    cycle: str
    said: dict[str, Any]
    synthetic: bool = False
    observed: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Question:
    """One leaf clause in one report. Without a `line` the member may answer, but does not owe."""

    commitment: Commitment
    line: Obligation | None
    # For a contributor whose text is kept apart this is the proposal, and `final` the answer.
    answer: Answer | Proposal | None = None
    final: Answer | None = None
    proposal: Proposal | None = None
    earlier: Earlier | None = None
    assignment: Assignment | None = None
    said: dict[str, Any] = field(default_factory=lambda: dict(words.BLANK))
    observed: list[dict[str, Any]] = field(default_factory=list)  # `observations`, by year
    untold: set[int] = field(default_factory=set)  # years of this round without such a row
    comments: int = 0  # of a reviewer, that wait for the member's word on a returned report
    guidance_then: int | None = None  # the number that counted when the report was submitted

    @property
    def reference(self) -> str:
        return self.commitment.reference

    @property
    def is_owed(self) -> bool:
        return self.line is not None

    @property
    def is_measured(self) -> bool:
        """Do yearly figures judge the clause?"""
        return self.commitment.verified_by == Commitment.VerifiedBy.INDICATOR

    @property
    def lacks(self) -> list[Any]:
        """What keeps the answer from being complete, in words."""
        return words.lacks(self.said)

    @property
    def work(self) -> str:
        """How far the answer is: completed, in_progress, needs_attention or not_started.

        `returned` where a reviewer's comment waits for a reply or a change.
        """
        if self.comments:
            return "returned"
        if not self.lacks:
            return "completed"
        if not words.begun(self.said):
            return "not_started"
        return "needs_attention" if self.said["status"] else "in_progress"

    @property
    def is_done(self) -> bool:
        """Is nothing missing any more, in the answer or in what is proposed for it?"""
        return not self.lacks or bool(self.proposal and not words.lacks(self.proposal.said()))

    @property
    def has_own_words(self) -> bool:
        """Is anything saved that signing "no change" would put other words in the place of?"""
        if not self.answer or not self.earlier or not self.earlier.said["status"]:
            return False
        saved = {**self.answer.said(), "no_change": False}
        return saved not in (words.BLANK, {**self.earlier.said, "no_change": False})

    @property
    def proposal_waits(self) -> bool:
        return self.proposal is not None and self.proposal.waits

    def is_held_by(self, person: User) -> bool:
        """Was this question asked of this person?"""
        return self.assignment is not None and self.assignment.person_id == person.pk


def owed_lines(cycle: Cycle, member: Member) -> ObligationQuerySet:
    """What the member owes on the day the round opens: one line per clause, with its basis."""
    lines = Obligation.objects.lines(cycle.opens_on).filter(member=member)
    return lines.select_related("commitment__statement", "statement", "via", "member")


def voluntary(cycle: Cycle) -> Iterable[Commitment]:
    """The clauses that every member may answer: those of delegates, whom the text does not name."""
    clauses = Commitment.objects.binding().filter(applies_to="delegates")
    adopted = clauses.filter(statement__adopted_on__lte=cycle.opens_on)
    return adopted.select_related("statement")


def questions(report: Report) -> list[Question]:
    """Every question of the report in the order of the statements, in a fixed number of queries.

    Of a report that can be written they are worded as the register has them now. Once it is
    submitted they are those that it was asked, whatever was corrected since.
    """
    answers = {a.commitment_id: a for a in report.answers.select_related("saved_by")}
    asked = bare(report)
    before = earlier_answers(report.cycle, report.member)
    waiting = comments_waiting(report)
    held = {a.answer_id: a for a in assignments(report).select_related("person")}
    proposals = Proposal.objects.filter(answer__report=report, version__gt=0)
    proposed = {p.answer_id: p for p in proposals.select_related("saved_by")}
    if report.state in OPEN:
        _add_observed(asked, observations.given(report))
        _add_untold(asked, report.cycle)
    for question in asked:
        question.comments = waiting.get(question.commitment.pk, 0)
        question.answer = answers.get(question.commitment.pk)
        question.earlier = before.get(question.reference)
        if question.answer:
            question.said = question.answer.said()
            question.assignment = held.get(question.answer.pk)
            question.proposal = proposed.get(question.answer.pk)
    return asked


def bare(report: Report) -> list[Question]:
    """The same without the draft, in two queries: for whoever asks only what is asked."""
    return _asked(report) if report.state in OPEN else asked_in(report, _newest(report))


def shown_to(person: User, report: Report) -> list[Question]:
    """The questions that this person of the member may see: all, or those asked of it."""
    asked = questions(report)
    if can_send(person, report):
        return asked
    if is_restricted(person, report.member):
        asked = [question for question in asked if question.is_held_by(person)]
    for question in asked:
        if question.assignment and question.assignment.apart:
            _write_apart(question)
    return asked


def _write_apart(question: Question) -> None:
    """Puts the proposal in the answer's place; one that is not begun starts from the answer."""
    question.final = question.answer if isinstance(question.answer, Answer) else None
    question.answer = question.proposal or Proposal(answer=question.final)
    if question.proposal:
        question.said = question.proposal.said()


def is_restricted(person: User, member: Member) -> bool:
    """Is the person shown only what is asked of it? Never a focal point."""
    if rules.is_focal_point(person, member):
        return False
    return Restriction.objects.open().filter(person=person, member=member).exists()


def may_observe(person: User, report: Report, clause: Commitment) -> bool:
    """May the person give the figures that judge this clause? Whoever writes its answer itself:

    not who is shown only other questions, and not who proposes a text that is kept apart.
    """
    if not can_write(person, report):
        return False
    if can_send(person, report):
        return True
    held = assignments(report).filter(answer__commitment=clause).first()
    own = held is not None and held.person_id == person.pk
    if not own and is_restricted(person, report.member):
        return False
    return held is None or not held.apart


def assignments(report: Report) -> AssignmentQuerySet:
    """The questions of the report that are asked of people who act for its member today."""
    today = dt.datetime.now(dt.UTC).date()
    return Assignment.objects.filter(answer__report=report).counting(today)


def asked_in(report: Report, version: Version | None) -> list[Question]:
    """The questions of one submission in their words of then, with what it said.

    A submission from before forms were kept is asked in the register's words of now.
    """
    content = json.loads(version.content) if version else {}
    said = {
        row["commitment"]: {k: row[k] for k in words.BLANK} for row in content.get("answers", [])
    }
    kept = KeptForm.objects.filter(
        cycle=report.cycle_id, number=content.get("form", {}).get("number")
    )
    form = kept.first()
    asked = _asked(report) if form is None else _as_then(report, Form(form), content["asked"])
    _add_observed(asked, content.get("observations", []))
    for question in asked:
        question.said = said.get(question.reference, dict(words.BLANK))
    return asked


def _add_observed(asked: list[Question], rows: list[dict[str, Any]]) -> None:
    for question in asked:
        question.observed = [row for row in rows if row["commitment"] == question.reference]


def _add_untold(asked: list[Question], cycle: Cycle) -> None:
    today = dt.datetime.now(dt.UTC).date()
    for question in asked:
        if question.is_measured:
            question.untold = observations.untold(cycle, question.observed, today)


def _as_then(report: Report, form: Form, asked: list[dict[str, Any]]) -> list[Question]:
    clauses = form.clauses(row["commitment"] for row in asked)
    return [
        Question(
            clauses[row["commitment"]],
            form.line(report.member, clauses[row["commitment"]], row),
            guidance_then=form.guidance(row["commitment"]),
        )
        for row in asked
    ]


def guidance_on(asked: Iterable[Question], report: Report) -> dict[str, Guidance]:
    """What the secretariat tells about these questions, by reference, where it tells something.

    Of a report that can be written what counts now; once submitted, what counted then.
    """
    asked = list(asked)
    rows = Guidance.objects.filter(commitment__in=[q.commitment.pk for q in asked])
    if report.state in OPEN:
        told = {row.commitment_id: row for row in rows.newest()}
        found = [(q.reference, told.get(q.commitment.pk)) for q in asked]
    else:
        then = {(row.commitment_id, row.number): row for row in rows}
        found = [(q.reference, then.get((q.commitment.pk, q.guidance_then))) for q in asked]
    return {reference: row for reference, row in found if row and row.text}


def _newest(report: Report) -> Version | None:
    return report.versions.order_by("number").last()


def comments_waiting(report: Report) -> Counter[int | None]:
    """How many comments on a returned report wait for the member, by the clause's key.

    Under None those on the whole report. While it is not returned nothing waits.
    """
    if report.state != Report.State.RETURNED:
        return Counter()
    waiting = Comment.objects.filter(report=report).waiting_for_the_member()
    return Counter(waiting.values_list("commitment", flat=True))


def _asked(report: Report) -> list[Question]:
    lines = {line.commitment_id: line for line in owed_lines(report.cycle, report.member)}
    found = [Question(line.commitment, line) for line in lines.values()]
    found += [Question(c, None) for c in voluntary(report.cycle) if c.pk not in lines]
    return sorted(found, key=_order)


def _order(question: Question) -> tuple[int, int]:
    return question.commitment.statement.position, question.commitment.position


def as_submitted(asked: Iterable[Question]) -> dict[str, Any]:
    """What a submission says of these questions: the answers with a status, the yearly figures."""
    answers = [
        {"commitment": q.reference, "owed": q.is_owed, **q.said} for q in asked if q.said["status"]
    ]
    observed = [row for q in asked for row in q.observed]
    return {"answers": answers, **({"observations": observed} if observed else {})}


def blockers(asked: Iterable[Question]) -> list[Question]:
    """The owed questions that are blank, and any begun one that is not complete."""
    return [q for q in asked if q.lacks and (q.is_owed or words.begun(q.said))]


def progress(asked: Iterable[Question]) -> tuple[int, int]:
    """How many of the owed questions are answered, and how many are owed."""
    owed = [question for question in asked if question.is_owed]
    return sum(not question.lacks for question in owed), len(owed)


def last_published(cycle: Cycle, member: Member) -> PublishedReport | None:
    """The member's newest report, from before this round, that the public can read."""
    shown = PublishedReport.objects.shown().filter(member=member.code, cycle__lt=cycle.code)
    return shown.order_by("-cycle").first()


def earlier_answers(cycle: Cycle, member: Member) -> dict[str, Earlier]:
    """What the member's last published report before this round said, by reference."""
    last = last_published(cycle, member)
    if last is None:
        return {}
    version = Version.objects.get(
        report__cycle__code=last.cycle, report__member=member, number=last.version
    )
    content = json.loads(version.content)
    told = observations.by_clause(content.get("observations", []))
    return {
        reference: Earlier(
            last.cycle,
            {name: said[name] for name in words.BLANK},
            last.synthetic,
            told.get(reference, []),
        )
        for said in content["answers"]
        for reference in [said["commitment"]]
    }


def days_left(day: dt.date, today: dt.date) -> int:
    """Whole days from today until the due day; negative when it is over."""
    return (day - today).days

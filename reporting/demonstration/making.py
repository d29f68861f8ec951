"""Making the demonstration: every step of every report goes through `reporting.actions`.

Only the answers are written in bulk; `fill` keeps what `save_answer` would have kept, and a test
compares the two. Everything is one transaction: a run that is killed leaves nothing behind.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connection, transaction

from commitments.models import Commitment
from members.models import Member, User

from .. import actions, questions, words
from ..models import AnswerVersion, Cycle, Report
from ..rounds import expected_members
from . import people, texts
from .lives import FIXED, LIVES, PLANS, Plan

SEED = "the demonstration's own"
JITTER = 6  # days by which the steps of one report may lie later
EXTENDED_BY, EXTENDED_LONG = 60, 153
ROUNDS_OF_EFFORT = {"2022": 0.35, "2024": 0.5, "2026": 0.65}


@dataclass
class Made:
    """What was made: the number of reports by round, and of people; nothing on a second run."""

    reports: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def make(now: dt.datetime) -> Made | None:
    """The demonstration as far as its days have come by `now`; None when it is there already.

    Changes no member, statement, clause or signature. May be repeated; two at once follow one
    another.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('demonstration', 0))")
        if Report.objects.filter(synthetic=True).exists():
            return None
        made, cast = Made(), people.of_the_secretariat()
        collected = {cycle.code: cycle for cycle in Cycle.objects.collected()}
        for plan in PLANS:
            if plan is PLANS[-1]:
                people.add_those_of_members(cast)
            if plan.cycle in collected:
                made.reports[plan.cycle] = _make_round(plan, collected[plan.cycle], cast, now)
            else:
                made.left_out.append(plan.cycle)
    return made


def _make_round(plan: Plan, cycle: Cycle, cast: people.People, now: dt.datetime) -> int:
    clauses = Commitment.objects.prefetch_related("themes")
    themes = {c.reference: sorted(theme.code for theme in c.themes.all()) for c in clauses}
    for member, life in lives_of(plan, cycle):
        _Telling(cycle, member, cast, themes, now).tell(life)
    if plan.announce_after_closing:
        on = cycle.closes_on + dt.timedelta(days=plan.announce_after_closing)
        if on <= now.date():
            actions.announce_receipts(cycle, by=cast.reviewer, on=on, synthetic=True)
    return Report.objects.filter(cycle=cycle).count()


def lives_of(plan: Plan, cycle: Cycle) -> Iterator[tuple[Member, str]]:
    """Each member of the round with the life that its report leads; the same at every call."""
    expected = sorted(expected_members(cycle), key=lambda member: member.code)
    others = Member.objects.counted().exclude(pk__in=[m.pk for m in expected]).order_by("code")
    given = [life for life, times in plan.expected.items() for _ in range(times)]
    fixed = {m.code: FIXED[m.code, plan.cycle] for m in expected if (m.code, plan.cycle) in FIXED}
    for life in fixed.values():
        given.remove(life)
    free = [member for member in expected if member.code not in fixed]
    Random(f"{SEED} {plan.cycle}").shuffle(free)  # noqa: S311
    chosen = dict(zip([m.code for m in free], given, strict=False)) | fixed
    yield from ((member, chosen.get(member.code, "none")) for member in expected)
    yield from zip(others, plan.voluntary, strict=False)


class _Telling:
    """One report's life, told step by step."""

    def __init__(
        self,
        cycle: Cycle,
        member: Member,
        cast: people.People,
        themes: dict[str, list[str]],
        now: dt.datetime,
    ) -> None:
        self.cycle, self.member, self.cast = cycle, member, cast
        self.themes, self.now = themes, now
        self.dice = Random(f"{SEED} {cycle.code} {member.code}")  # noqa: S311
        self.shift = self.dice.randint(0, JITTER)
        self.report: Report | None = None

    def tell(self, life: str) -> None:
        for verb, after_due in LIVES[life]:
            self.on = self.cycle.due_on + dt.timedelta(days=after_due + self.shift)
            time = dt.time(self.dice.randint(7, 16), self.dice.randint(0, 59), tzinfo=dt.UTC)
            self.at = dt.datetime.combine(self.on, time)
            if self.at > self.now:
                return
            getattr(self, verb)()

    @property
    def speaker(self) -> User:
        return self.cast.speaker(self.member)

    def _of_the_secretariat(self) -> dict[str, Any]:
        return {"by": self.cast.reviewer, "at": self.at}

    def _decide(self, due_on: dt.date | None, reason: str) -> None:
        actions.decide_extension(
            self.cycle,
            self.member,
            due_on=due_on,
            reason=reason,
            by=self.cast.reviewer,
            on=self.on,
            synthetic=True,
        )

    def extend(self) -> None:
        self._decide(self.cycle.due_on + dt.timedelta(days=EXTENDED_BY), texts.EXTENDED)

    def extend_long(self) -> None:
        self._decide(self.cycle.due_on + dt.timedelta(days=EXTENDED_LONG), texts.EXTENDED)

    def excuse(self) -> None:
        self._decide(None, texts.EXCUSED)

    def start(self) -> None:
        self.report = actions.start_report(
            self.cycle, self.member, by=self.speaker, at=self.at, synthetic=True
        )

    def fill(self) -> None:
        fill(self.report, self._answers(1.0), by=self.speaker, at=self.at)

    def fill_part(self) -> None:
        fill(self.report, self._answers(0.6), by=self.speaker, at=self.at)

    def mend(self) -> None:
        fill(self.report, self._answers(0.1), by=self.speaker, at=self.at)

    def submit(self) -> None:
        key = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        actions.submit(self.report, by=self.speaker, key=key, at=self.at)

    def recall(self) -> None:
        actions.recall(self.report, by=self.speaker, at=self.at)

    def review(self) -> None:
        actions.start_review(self.report, **self._of_the_secretariat())

    def send_back(self) -> None:
        actions.send_back(self.report, because=texts.RETURNED, **self._of_the_secretariat())

    def accept(self) -> None:
        actions.accept(self.report, **self._of_the_secretariat())

    def agree(self) -> None:
        actions.agree(self.report, by=self.speaker, at=self.at)

    def publish(self) -> None:
        actions.publish(self.report, by=self.cast.reviewer, on=self.on)

    def withdraw(self) -> None:
        because = texts.WITHDRAWN
        actions.withdraw(self.report, by=self.cast.reviewer, on=self.on, because=because)

    def reopen(self) -> None:
        actions.reopen(self.report, by=self.speaker, at=self.at)

    def _answers(self, share: float) -> dict[str, dict[str, Any]]:
        """Words for this share of the questions, by reference; voluntary ones now and then."""
        effort = ROUNDS_OF_EFFORT[self.cycle.code] + self.dice.uniform(-0.2, 0.25)
        said = {}
        for question in questions.questions(self.report):
            wanted = self.dice.random() < (share if question.is_owed else share / 20)
            if question.earlier and question.earlier.said["status"] and self.dice.random() < 0.2:
                carried = {**question.earlier.said, "no_change": True}
            else:
                themes = self.themes[question.reference]
                carried = texts.answer(question.commitment, themes, self.member, effort, self.dice)
            if wanted:
                said[question.reference] = carried
        return said


def fill(report: Report, said: dict[str, dict[str, Any]], *, by: User, at: dt.datetime) -> None:
    """Saves many answers of an open report at once: their next versions, and the answers so."""
    answers = report.answers.filter(commitment__reference__in=said).values_list(
        "pk", "version", "commitment__reference"
    )
    AnswerVersion.objects.bulk_create(
        AnswerVersion(
            answer_id=answer,
            version=version + 1,
            saved_at=at,
            saved_by=by,
            **words.clean(said[reference]),
        )
        for answer, version, reference in answers
    )
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS_AS_KEPT, [report.pk])


_COPIED = [*words.BLANK, "version", "saved_at", "saved_by_id"]
_ANSWERS_AS_KEPT = f"""
UPDATE reporting_answer AS answer
SET {", ".join(f"{name} = kept.{name}" for name in _COPIED)}
FROM reporting_answerversion AS kept
WHERE kept.answer_id = answer.id AND kept.version = answer.version + 1 AND answer.report_id = %s
"""  # noqa: S608 - our own field names

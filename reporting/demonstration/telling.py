"""Telling one report's life: what each verb does, in whose name, and in which words."""

import datetime as dt
import uuid
from random import Random
from typing import Any

from django.db import connection

from commitments.models import Commitment
from members.models import Member, User

from .. import actions, questions, words
from ..models import AnswerVersion, Cycle, Report
from . import figures, people, texts
from .figures import SEED
from .lives import LIVES

JITTER = 6  # days by which the steps of one report may lie later
EXTENDED_BY, EXTENDED_LONG = 60, 153
EFFORTS = {"2022": 0.35, "2024": 0.5, "2026": 0.65}


class Telling:
    """One report's life, told step by step: a method for each verb of `lives`."""

    report: Report
    on: dt.date
    at: dt.datetime

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
        figures.tell(self.report, by=self.speaker, at=self.at)

    def fill_with_nothing(self) -> None:
        asked = [clause.reference for clause in self._asked() if clause.applies_to != "delegates"]
        nothing = dict.fromkeys(asked, texts.NOTHING)
        fill(self.report, nothing, by=self.speaker, at=self.at)

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

    def ask(self) -> None:
        facts = {"by": self.speaker, "at": self.at, "synthetic": True}
        until = self.cycle.due_on + dt.timedelta(days=EXTENDED_BY)
        actions.ask_extension(
            self.cycle, self.member, wanted_until=until, reason=texts.ASKED, **facts
        )

    def send_back(self) -> None:
        # Dice of their own, so that all other words stay what they are.
        dice = Random(f"{SEED} comments {self.report.code}")  # noqa: S311
        for clause in dice.sample(self._asked(), 2):
            facts = {"text": texts.COMMENT, "internal": False, **self._of_the_secretariat()}
            actions.comment(self.report, clause, **facts)
        actions.send_back(self.report, because=texts.RETURNED, **self._of_the_secretariat())

    def accept(self) -> None:
        actions.accept(self.report, **self._of_the_secretariat())

    def object(self) -> None:
        wrong = {self._asked()[0]: texts.OBJECTED}
        actions.object_to(self.report, wrong, by=self.speaker, at=self.at)

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
        effort = EFFORTS.get(self.cycle.code, 0.5) + self.dice.uniform(-0.2, 0.25)
        earlier = questions.earlier_answers(self.cycle, self.member)
        said = {}
        for clause in self._asked():
            owed = clause.applies_to != "delegates"
            wanted = self.dice.random() < (share if owed else share / 20)
            carried = self.dice.random() < 0.2 and earlier.get(clause.reference)
            words_said = texts.answer(
                clause, self.themes[clause.reference], self.member, effort, self.dice
            )
            if carried:
                words_said = {**carried.said, "no_change": True}
            if wanted:
                said[clause.reference] = words_said
        return said

    def _asked(self) -> list[Commitment]:
        """The clauses that the report asks about, in the order of the texts."""
        answers = self.report.answers.select_related("commitment__statement")
        return [answer.commitment for answer in answers]


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

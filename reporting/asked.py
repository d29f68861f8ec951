"""What was asked: the form of a round as data, and questions read back with the words of then."""

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.utils import translation

from commitments.models import Commitment, Obligation, Statement
from commitments.querysets import CommitmentQuerySet
from members.models import Member

from . import definition
from .models import Cycle, Guidance, KeptForm
from .serializers import canonical_json

OF_STATEMENTS = ("title", "place", "adopted_on", "position")
OF_CLAUSES = (
    *("position", "section", "kind", "title", "lead_in", "text", "verified_by", "applies_to"),
    *("due_on", "due_precision", "due_modality"),
)
DAYS = ("adopted_on", "due_on")
Row = TypeVar("Row", Commitment, Statement)


def content_of(cycle: Cycle) -> str:
    """The round's form as the register has it now, as canonical JSON.

    It holds the fields, the clauses that a member may be asked (those in force when the round
    opens), and which guidance counts for each. Texts are quotations and stay in their language;
    ours are in English.
    """
    statements = Statement.objects.filter(adopted_on__lte=cycle.opens_on)
    clauses = Commitment.objects.binding().filter(statement__in=statements)
    with translation.override("en"):
        fields = definition.as_data()
    return canonical_json(
        {
            "cycle": cycle.code,
            "fields": fields,
            "statements": {s.code: _facts(s, OF_STATEMENTS) for s in statements},
            "clauses": {
                c.reference: {"statement": c.statement.code, **wording(c)}
                for c in clauses.select_related("statement")
            },
            "guidance": {g.commitment.reference: g.number for g in _guidance_on(clauses)},
        }
    )


def _guidance_on(clauses: CommitmentQuerySet) -> Iterable[Guidance]:
    """By number only: its words stay where they can be erased."""
    return Guidance.objects.newest().filter(commitment__in=clauses).select_related("commitment")


def wording(clause: Commitment) -> dict[str, Any]:
    """The words of a clause, and what decides how it is asked."""
    return _facts(clause, OF_CLAUSES)


def _facts(row: Commitment | Statement, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in values.items()}


def sha256(text: str) -> str:
    """The fingerprint of a form or a question, as 64 hexadecimal signs."""
    return hashlib.sha256(text.encode()).hexdigest()


def basis_of(line: Obligation | None) -> dict[str, Any]:
    """Why a clause is asked: the basis of the line; nulls where it may be answered, not owed."""
    if line is None:
        return {"basis": None, "via": None, "since": None}
    since = line.first_since.isoformat()
    return {"basis": line.basis, "via": line.via.code, "since": since}


@dataclass(frozen=True)
class Form:
    """A kept form, read: clauses and lines with the words of then. None of them is ever saved."""

    kept: KeptForm

    @cached_property
    def _content(self) -> dict[str, Any]:
        return json.loads(self.kept.content)

    @cached_property
    def fields(self) -> dict[str, definition.Field]:
        return definition.from_data(self._content["fields"])

    @cached_property
    def _statements(self) -> dict[str, Statement]:
        now = {s.code: s for s in Statement.objects.all()}
        kept = self._content["statements"]
        return {code: _then(now.get(code) or Statement(code=code), kept[code]) for code in kept}

    def clauses(self, references: Iterable[str]) -> dict[str, Commitment]:
        """The clauses as they were worded; their keys are today's."""
        kept = {r: dict(self._content["clauses"][r]) for r in references}
        now = {c.reference: c for c in Commitment.objects.filter(reference__in=kept)}
        found = {}
        for reference, words in kept.items():
            statement = self._statements[words.pop("statement")]
            clause = _then(now.get(reference) or Commitment(reference=reference), words)
            clause.statement = statement
            found[reference] = clause
        return found

    def guidance(self, reference: str) -> int | None:
        """The number of the guidance that counted; None where there was none."""
        return self._content.get("guidance", {}).get(reference)

    def line(self, member: Member, clause: Commitment, why: Mapping[str, Any]) -> Obligation | None:
        """The line by which the member owed the clause; None where it did not."""
        if why["basis"] is None:
            return None
        line = Obligation(member=member, commitment=clause, statement=clause.statement)
        line.basis, line.via = why["basis"], self._statements[why["via"]]
        line.first_since = dt.date.fromisoformat(why["since"])
        return line


def _then(row: Row, facts: Mapping[str, Any]) -> Row:
    then = copy.copy(row)
    for name, value in facts.items():
        setattr(then, name, dt.date.fromisoformat(value) if name in DAYS and value else value)
    return then

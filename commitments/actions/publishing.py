"""What a draft still lacks, what it would create, and its publication as a statement."""

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from members import rules
from members.actions.records import Stale, store
from members.events import record
from members.languages import joined
from members.models import Name, User

from .. import parting
from ..models import (
    Commitment,
    Draft,
    DraftName,
    DraftPart,
    Lineage,
    Obligation,
    Passage,
    Signature,
    Statement,
    Theme,
    ThemeOfCommitment,
)
from ..obligations import reason
from .drafting import STATEMENTS, lines_under

COPIED = ("code", "title", "place", "adopted_on", "act_as_printed", "binding", "source")
OF_CLAUSES = (
    *("section", "kind", "duty", "verified_by", "applies_to", "title", "lead_in", "text"),
    *("due_on", "due_precision", "due_modality", "every_months"),
)
SHOWN = 200  # letters of words that stand in no part


@dataclass(frozen=True)
class Lack:
    """Something in the way of publication: where it is mended, and the part if it is one's."""

    where: str  # facts, parts or names
    words: str
    part: DraftPart | None = None


@dataclass
class Trial:
    """What publication would create, counted from the register as it would be."""

    clauses: list[tuple[Commitment, int, str]] = field(default_factory=list)
    members: list[tuple[str, int, list[str]]] = field(default_factory=list)
    obligations: int = 0
    passages: int = 0
    signatures: int = 0
    counted: int = 0  # the clauses, as all pages count them


def fingerprint(draft: Draft) -> str:
    """What tells that the draft that is published is the one that was tried."""
    rows = [Draft.objects.filter(pk=draft.pk), draft.parts.all(), draft.names.all()]
    held = json.dumps([list(found.values()) for found in rows], cls=DjangoJSONEncoder)
    return hashlib.sha256(held.encode()).hexdigest()


def lacks(draft: Draft) -> list[Lack]:
    """All that is in the way of publishing the draft, in the order of its pages."""
    parts, names = list(draft.parts.all()), list(draft.names.all())
    found = [*_of_facts(draft), *_of_text(draft, parts)]
    clauses = [part for part in parts if part.is_clause]
    if not clauses:
        found.append(Lack("parts", _("No part of the text is marked as a clause.")))
    numbers = Counter(part.number for part in clauses)
    before: set[str] = set()
    for part in clauses:
        found += [Lack("parts", words, part) for words in _of_clause(part, numbers, before)]
        before.add(part.number)
    found += [Lack("parts", words, part) for part in clauses for words in _unknown(draft, part)]
    return [*found, *_of_names(draft, names)]


def _of_facts(draft: Draft) -> Iterator[Lack]:
    lacking = {
        "place": _("The place is missing."),
        "adopted_on": _("The day of its adoption is missing."),
        "source": _("Where the text was read is missing."),
        "text": _("There is no text yet."),
    }
    yield from (Lack("facts", words) for name, words in lacking.items() if not getattr(draft, name))
    if draft.adopted_on and draft.adopted_on > dt.datetime.now(dt.UTC).date():
        yield Lack("facts", _("It is adopted on a day that has not come yet."))
    if Statement.objects.filter(code=draft.code).exists():
        yield Lack("facts", _("There is a statement or a draft with this code."))
    quoted = ((draft.title, _("Its title")), (draft.act_as_printed, _("The act as printed")))
    for words, what in quoted:
        if draft.text and not parting.stands_in(words, draft.text):
            told = _("%(what)s does not stand in the text, letter by letter.")
            yield Lack("facts", told % {"what": what})


def _of_text(draft: Draft, parts: list[DraftPart]) -> Iterator[Lack]:
    """The text as a whole: each part stands in it, in order, and nothing is left out."""
    found = parting.fit(draft.text, [part.text for part in parts])
    absent = _("Its words do not stand in the text, letter by letter.")
    misplaced = _("Its words stand in the text at another place, or in another part as well.")
    for numbers, words in ((found.absent, absent), (found.misplaced, misplaced)):
        yield from (Lack("parts", words, parts[number]) for number in numbers)
    for words in found.left:
        told = words[:SHOWN] + ("…" if len(words) > SHOWN else "")
        yield Lack("parts", _("These words stand in no part: “%(words)s”") % {"words": told})
    for part in parts:
        if part.lead_in and not parting.stands_in(part.lead_in, draft.text):
            yield Lack("parts", _("Its opening words do not stand in the text."), part)


def _of_clause(part: DraftPart, numbers: Counter[str], before: set[str]) -> Iterator[str]:
    if not all((part.number, part.section, part.title, part.kind, part.duty)):
        yield _("A clause needs a number, a section, a title of ours, a kind and a duty.")
    if part.number and numbers[part.number] > 1:
        yield _("Another clause has this number.")
    if part.under and (part.under not in before or part.under == part.number):
        yield _("The clause that it stands under does not stand before it.")
    if part.applies_to == "government" and part.draft.binding != Draft.Binding.MEMBERSHIP:
        yield _("Only a text that binds every member can have clauses for governments alone.")


def _unknown(draft: Draft, part: DraftPart) -> Iterator[str]:
    own = {one.reference for one in draft.parts.all()} | {draft.code}
    for code in codes(part.refers_to):
        if code not in own and not any(_target(code).values()):
            yield _("It refers to %(code)s, which is not in the register.") % {"code": code}


def _of_names(draft: Draft, names: list[DraftName]) -> Iterator[Lack]:
    if draft.binding != Draft.Binding.SIGNATURE:
        return
    standing = [name for name in names if not name.left_out]
    if not standing:
        yield Lack("names", _("No name stands under it."))
    if unread := lines_under(draft):
        told = _("These lines stand under the text and are not among its names: %(names)s")
        yield Lack("names", told % {"names": joined(unread)})
    if unsure := [name.printed for name in standing if name.member_id is None]:
        told = _("Nobody has said yet whom these names mean: %(names)s")
        yield Lack("names", told % {"names": joined(unsure)})


def codes(text: str) -> list[str]:
    """The codes that a line holds, with commas or spaces between them."""
    return [code for code in re.split(r"[,\s]+", text) if code]


def _target(code: str) -> dict[str, Any]:
    """The clause or statement with this code, as the target of a link."""
    return {
        "target_commitment": Commitment.objects.filter(reference=code).first(),
        "target_statement": Statement.objects.filter(code=code).first(),
    }


def try_draft(draft: Draft, *, by: User, at: dt.datetime) -> Trial:
    """What publishing it now would create. It is published, counted and undone.

    Raises ValidationError for what the draft lacks.
    """
    _may(by)
    if found := lacks(draft):
        raise ValidationError([lack.words for lack in found])
    with transaction.atomic():
        trial = _counted(_write(Draft.objects.get(pk=draft.pk)), at.date())
        transaction.set_rollback(True)
    return trial


def publish_draft(draft: Draft, *, by: User, at: dt.datetime, seen: str) -> Statement:
    """The statement that the draft becomes, with its clauses, passages, names and signatures.

    Repeated, it gives the statement that is there. Raises Stale where the draft is no longer the
    one that was tried (`seen`), ValidationError for what it lacks.
    """
    _may(by)
    with transaction.atomic(), pghistory.context(person=by.pk, verb="statement published"):
        held = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if held.statement:
            return held.statement
        if fingerprint(held) != seen:
            raise Stale
        if found := lacks(held):
            raise ValidationError([lack.words for lack in found])
        statement = _write(held)
        held.statement, held.published_at = statement, at
        store(held)
        counts = {
            "clauses": statement.commitments.leaves().count(),
            "names": statement.signatures.count(),
        }
        told = f"statement:{statement.code}"
        record("statement published", by=by, about=told, chain=STATEMENTS, at=at, **counts)
    return statement


def _may(by: User) -> None:
    if not rules.keeps_reference_data(by):
        raise PermissionDenied


def _write(draft: Draft) -> Statement:
    """The rows that the registry's files would bring for this text."""
    last = Statement.objects.aggregate(last=Max("position"))["last"] or 0
    statement = Statement(**{name: getattr(draft, name) for name in COPIED}, position=last + 1)
    store(statement)
    parts = list(draft.parts.all())
    clauses = _write_clauses(statement, [part for part in parts if part.is_clause])
    _write_passages(statement, parts, clauses)
    for part in parts:
        for code in codes(part.refers_to) if part.is_clause else ():
            found = {name: row for name, row in _target(code).items() if row}
            place = {"kind": Lineage.Kind.REFERS_TO, "source_commitment": clauses[part.number]}
            Lineage.objects.get_or_create(**place, **found)
    _write_names(statement, draft)
    return statement


def _write_clauses(statement: Statement, parts: list[DraftPart]) -> dict[str, Commitment]:
    made: dict[str, Commitment] = {}
    for position, part in enumerate(parts, start=1):
        facts = {name: getattr(part, name) for name in OF_CLAUSES}
        place = {"statement": statement, "position": position, "parent": made.get(part.under)}
        clause = Commitment(reference=part.reference, source_note=part.note, **place, **facts)
        store(clause)
        made[part.number] = clause
        themes = Theme.objects.filter(code__in=codes(part.themes))
        rows = [ThemeOfCommitment(commitment=clause, theme=theme) for theme in themes]
        ThemeOfCommitment.objects.bulk_create(rows)
    return made


def _write_passages(
    statement: Statement, parts: list[DraftPart], clauses: dict[str, Commitment]
) -> None:
    following: Commitment | None = None
    rows: list[Passage] = []
    for part in reversed(parts):
        if part.is_clause:
            following = clauses[part.number]
            continue
        place = {"statement": statement, "before": following, "kind": part.what}
        rows.append(Passage(text=part.text, note=part.note, **place))
    for position, row in enumerate(reversed(rows), start=1):
        row.position = position
    Passage.objects.bulk_create(reversed(rows))


def _write_names(statement: Statement, draft: Draft) -> None:
    if statement.binding != Statement.Binding.SIGNATURE:
        return
    day, standing = statement.adopted_on, draft.names.filter(left_out="")
    for position, one in enumerate(standing.select_related("member"), start=1):
        place = {"member": one.member, "statement": statement.code, "since": day}
        name = Name.objects.create(text=one.printed, source=statement.source[:200], **place)
        under = {"statement": statement, "member": one.member, "name": name}
        Signature.objects.create(**under, position=position, signed_on=day, signed_on_inferred=True)


def _counted(statement: Statement, day: dt.date) -> Trial:
    lines = Obligation.objects.lines(day).filter(statement=statement)
    lines = lines.select_related("member", "commitment", "statement", "via")
    found = [(line.member.code, line.commitment_id, reason(line)) for line in lines]
    by_clause = Counter(clause for _member, clause, _why in found)
    clauses = statement.commitments.with_leaf()  # type: ignore[attr-defined]
    told: dict[str, Counter[str]] = {}
    for member, _clause, why in found:
        told.setdefault(member, Counter())[why] += 1
    return Trial(
        clauses=[(one, by_clause[one.pk], _why_none(one, by_clause[one.pk])) for one in clauses],
        members=[(code, sum(whys.values()), list(whys)) for code, whys in told.items()],
        obligations=len(found),
        passages=statement.passages.count(),
        signatures=statement.signatures.count(),
        counted=statement.commitments.leaves().count(),  # type: ignore[attr-defined]
    )


def _why_none(clause: Commitment, bound: int) -> str:
    """Why a clause binds nobody; no words where it binds somebody."""
    if bound:
        return ""
    if not clause.is_leaf:
        return _("It binds through its parts.")
    if clause.duty == Commitment.Duty.COLLECTIVE:
        return _("A duty of all together: it gives no member an obligation of its own.")
    if clause.duty == Commitment.Duty.NONE or clause.kind == Commitment.Kind.RECOGNITION:
        return _("It is no duty.")
    if clause.statement.binding == Statement.Binding.BODY:
        return _("This text binds no member by itself.")
    if clause.applies_to == "delegates":
        return _("Nobody is recorded as having taken part in the summit.")
    return _("Gives no obligations: nobody is recorded as bound by it.")

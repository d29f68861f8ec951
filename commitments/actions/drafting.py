"""What changes a draft of a statement. Nothing of it is public before it is published."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Model
from django.utils.translation import gettext as _

from members import rules
from members.actions.records import Stale, Writing, store
from members.events import record
from members.history import version_of
from members.models import Member, User

from .. import deadlines, parting
from ..models import Draft, DraftName, DraftPart, Statement

STATEMENTS = "statements"  # the chain of events about them
MOST_PARTS, MOST_NAMES = 500, 300
FACTS = (Draft.pgh_event_model,)  # type: ignore[attr-defined]
PARTS = (DraftPart.pgh_event_model,)  # type: ignore[attr-defined]
NAMES = (DraftName.pgh_event_model,)  # type: ignore[attr-defined]


def begin_draft(facts: Mapping[str, Any], *, by: User, at: dt.datetime) -> Draft:
    """A new draft with these fields of `Draft`. Raises ValidationError by field."""
    if not rules.keeps_reference_data(by):
        raise PermissionDenied
    with transaction.atomic(), pghistory.context(person=by.pk, verb="draft begun"):
        draft = Draft(**facts, begun_at=at, begun_by=by)
        _free(draft)
        store(draft)
        told = f"draft:{draft.pk}"
        record("draft begun", by=by, about=told, chain=STATEMENTS, at=at, code=draft.code)
    return draft


def revise_draft(draft: Draft, writing: Writing, facts: Mapping[str, Any]) -> None:
    """Other values of the draft's own fields."""
    with _holding(draft, "draft revised", writing) as held:
        for name, value in facts.items():
            setattr(held, name, value)
        _free(held)
        store(held)


def drop_draft(draft: Draft, writing: Writing) -> None:
    """Throws the draft away with its parts and names; their copies stay in the history."""
    with _holding(draft, "draft dropped", writing) as held:
        told = f"draft:{held.pk}"
        held.delete()
        by, at = writing.by, writing.at
        record("draft dropped", by=by, about=told, chain=STATEMENTS, at=at, code=draft.code)


def propose_parts(draft: Draft, writing: Writing) -> None:
    """The parts that the text's numbering suggests, in place of those that are there."""
    with _holding(draft, "parts proposed", writing) as held:
        found = parting.propose(held.text, MOST_PARTS + 1)
        if not found:
            raise ValidationError(_("There is no text yet."))
        if len(found) > MOST_PARTS:
            raise ValidationError(_("More than %(n)d parts.") % {"n": MOST_PARTS})
        held.parts.all().delete()
        for position, part in enumerate(found, start=1):
            store(DraftPart(draft=held, position=position, **_facts_of(part)))


def _facts_of(part: parting.Proposed) -> dict[str, Any]:
    shared = {"what": part.what, "text": part.text}
    if part.what != DraftPart.What.CLAUSE:
        return shared
    names = ("number", "section", "under", "lead_in")
    own = {name: getattr(part, name) for name in names}
    own |= {"kind": "undertaking", "duty": "individual", "verified_by": "self_report"}
    if due := deadlines.printed_in(part.text) or deadlines.printed_in(part.lead_in):
        own |= {"due_on": due.on, "due_precision": due.precision, "due_modality": due.modality}
    return shared | own


def add_part(draft: Draft, writing: Writing, *, after: DraftPart | None) -> DraftPart:
    """A new empty part after this one; at the beginning where there is none."""
    with _holding(draft, "part added", writing) as held:
        if held.parts.count() >= MOST_PARTS:
            raise ValidationError(_("More than %(n)d parts.") % {"n": MOST_PARTS})
        place = held.parts.get(pk=after.pk).position + 1 if after else 1
        held.parts.filter(position__gte=place).update(position=F("position") + 1)
        part = DraftPart(draft=held, position=place, what=DraftPart.What.NOTE)
        store(part)
    return part


def move_part(draft: Draft, writing: Writing, *, part: DraftPart, up: bool) -> None:
    """The part changes places with the one before or after it; the first and last stay."""
    with _holding(draft, "part moved", writing) as held:
        here = held.parts.get(pk=part.pk)
        beside = held.parts.filter(position__lt=here.position).last()
        if not up:
            beside = held.parts.filter(position__gt=here.position).first()
        if beside:
            held.parts.filter(pk=beside.pk).update(position=here.position)
            held.parts.filter(pk=here.pk).update(position=beside.position)


def drop_part(draft: Draft, writing: Writing, *, part: DraftPart) -> None:
    """Takes the part out; its words are told as standing in no part."""
    with _holding(draft, "part dropped", writing) as held:
        held.parts.get(pk=part.pk).delete()


def write_part(part: DraftPart, writing: Writing, facts: Mapping[str, Any]) -> None:
    """Other values of one part; `writing` holds the version of this part alone."""
    with _holding(part.draft, "part written", writing, of=part) as held:
        locked = held.parts.get(pk=part.pk)
        for name, value in facts.items():
            setattr(locked, name, value)
        store(locked)


def add_names(draft: Draft, writing: Writing, printed: Sequence[str]) -> None:
    """Names as printed, after those that are there; nobody has said yet whom they mean."""
    with _holding(draft, "names added", writing) as held:
        if held.names.count() + len(printed) > MOST_NAMES:
            raise ValidationError(_("More than %(n)d names.") % {"n": MOST_NAMES})
        last = held.names.aggregate(last=Max("position"))["last"] or 0
        for position, name in enumerate(printed, start=last + 1):
            store(DraftName(draft=held, position=position, printed=name))


def lines_under(draft: Draft) -> list[str]:
    """The lines under the text that no name of the draft stands for: names still to be added."""
    parts = [(part.what, part.text) for part in draft.parts.all()]
    parts = parts or [(part.what, part.text) for part in parting.propose(draft.text, MOST_PARTS)]
    under = [text for what, text in parts if what == DraftPart.What.SIGNATORIES]
    lines = dict.fromkeys(line for text in under for line in parting.names_in(text))
    there = [f" {parting.flat(name.printed)} " for name in draft.names.all()]
    return [line for line in lines if not any(n in f" {line} " or f" {line} " in n for n in there)]


def settle_names(
    draft: Draft,
    writing: Writing,
    *,
    meant: Mapping[DraftName, Member | None],
    dropped: Mapping[DraftName, str],
) -> None:
    """Whom a person has found these names to mean, or nobody; and which are taken out, and why.

    One that stands in the text stays in the list with the reason, which it needs.
    """
    with _holding(draft, "names settled", writing) as held:
        for name, why in dropped.items():
            _take_out(held.names.get(pk=name.pk), why)
        changed = [name for name in meant if name not in dropped]
        held.names.filter(pk__in=[name.pk for name in changed]).update(member=None, left_out="")
        for name in changed:
            if member := meant[name]:
                locked = held.names.get(pk=name.pk)
                locked.member = member
                store(locked)


def _take_out(name: DraftName, why: str) -> None:
    if not parting.stands_in(name.printed, name.draft.text):
        name.delete()
        return
    if not why:
        told = _("%(name)s stands in the text: say why it is left out.")
        raise ValidationError(told % {"name": name.printed})
    name.member, name.left_out = None, why
    store(name)


@contextmanager
def _holding(
    draft: Draft, verb: str, writing: Writing, *, of: Model | None = None
) -> Iterator[Draft]:
    """The draft, locked for one change to it or to its part `of`.

    Raises PermissionDenied; Stale where another change came first; ValidationError where it is
    published.
    """
    if not rules.keeps_reference_data(writing.by):
        raise PermissionDenied
    with transaction.atomic(), pghistory.context(person=writing.by.pk, verb=verb):
        held = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if held.published_at:
            raise ValidationError(_("This text is published; its draft stays as it was."))
        if version_of(of or held, writing.copies) != writing.version:
            raise Stale
        yield held


def _free(draft: Draft) -> None:
    """Raises ValidationError where another statement or open draft has this code."""
    others = Draft.objects.filter(code=draft.code, published_at=None).exclude(pk=draft.pk)
    if others.exists() or Statement.objects.filter(code=draft.code).exists():
        raise ValidationError({"code": _("There is a statement or a draft with this code.")})

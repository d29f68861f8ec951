"""What was changed in the record of a member, a statement or a meeting, when and by whom.

Read from the copies that the database makes of every row it writes (`members.triggers`), so the
registry's files and SQL by hand are told as well.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import FormerCode, Member, User

# The models `<Model>History` that `keeps_history` makes.
Copies = Sequence[Any]
HIDDEN = {"id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "sequence"}
LABELS = {
    "text": gettext_lazy("Text"),
    "kind": gettext_lazy("Kind"),
    "statement": gettext_lazy("Statement"),
    "source": gettext_lazy("Source"),
    "since": gettext_lazy("Since"),
    "until": gettext_lazy("Until"),
    "on": gettext_lazy("On"),
    "joined_on": gettext_lazy("Joined on"),
    "joined_source": gettext_lazy("Source of the joining"),
    "left_on": gettext_lazy("Left on"),
    "left_source": gettext_lazy("Source of the leaving"),
    "end_source": gettext_lazy("Source of the end"),
    "region": gettext_lazy("Region"),
    "region_source": gettext_lazy("Source of the region"),
    "note": gettext_lazy("Note on the name"),
    "group": gettext_lazy("Group"),
    "role": gettext_lazy("Role"),
    "stage": gettext_lazy("Stage"),
    "name": gettext_lazy("Name as printed"),
    "signed_on": gettext_lazy("Signed on"),
    "source_note": gettext_lazy("Source"),
    "withdrawn_on": gettext_lazy("Withdrawn on"),
    "withdrawal_source": gettext_lazy("Source of the withdrawal"),
    "meeting": gettext_lazy("Meeting"),
    "title": gettext_lazy("Title"),
    "begins_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "place": gettext_lazy("Place"),
    "link": gettext_lazy("Link"),
    "year": gettext_lazy("Year"),
    "url": gettext_lazy("Link"),
    "language": gettext_lazy("Language"),
    "cancelled_on": gettext_lazy("Cancelled on"),
    "cancelled_because": gettext_lazy("Why it was cancelled"),
    "code": gettext_lazy("Code"),
    "adopted_on": gettext_lazy("Adopted on"),
    "act_as_printed": gettext_lazy("Act as printed"),
    "binding": gettext_lazy("Binds"),
    "what": gettext_lazy("What it is"),
    "number": gettext_lazy("Number"),
    "section": gettext_lazy("Section"),
    "under": gettext_lazy("Stands under the clause"),
    "lead_in": gettext_lazy("Opening words"),
    "duty": gettext_lazy("Duty"),
    "applies_to": gettext_lazy("Whom it binds"),
    "verified_by": gettext_lazy("Judged by"),
    "due_on": gettext_lazy("Due"),
    "due_precision": gettext_lazy("How exact the text is"),
    "due_modality": gettext_lazy("How firm the text is"),
    "every_months": gettext_lazy("Again every so many months"),
    "themes": gettext_lazy("Themes"),
    "refers_to": gettext_lazy("Refers to"),
    "printed": gettext_lazy("Name as printed"),
    "member": gettext_lazy("Member"),
    "position": gettext_lazy("Place in the order"),
}
DEEDS = {
    "insert": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("removed"),
}


@dataclass(frozen=True)
class Entry:
    """One row that was written: `changes` are (field, before, after) in words."""

    at: dt.datetime
    by: str
    what: str
    deed: str
    changes: list[tuple[str, str, str]]


def version_of(about: Model, copies: Copies) -> int:
    """How often these parts of a record were written; grows with every change."""
    return sum(_of(about, model).count() for model in copies)


def entries(about: Model, copies: Copies, *, after: int = 0) -> list[Entry]:
    """Every change of these parts of the record, the oldest first, without the first `after`.

    A fixed number of queries: one for each kind of row, and one for the names of the persons.
    """
    found = [pair for model in copies for pair in _pairs(about, model)]
    found.sort(key=lambda pair: (pair[0].pgh_created_at, pair[0].pgh_id))
    people = _people(row for row, _before in found)
    own = str(about._meta.model_name)
    return [_entry(row, before, people, own) for row, before in found[after:]]


def _of(about: Model, model: Any) -> QuerySet[Any]:
    """The copies that name the record, or are copies of it or of one merged into it."""
    names = [f.name for f in model._meta.fields if f.name in (about._meta.model_name, "former")]
    names = names or ["pgh_obj"]
    found = reduce(or_, (Q(**{name: about.pk}) for name in names))
    if isinstance(about, Member):
        merged = FormerCode.objects.filter(member=about).values("key")
        found |= reduce(or_, (Q(**{f"{name}__in": merged}) for name in names))
    return model.objects.filter(found)


def _pairs(about: Model, model: Any) -> Iterable[tuple[Any, Any]]:
    """Each copy with the one before it of the same row, or None."""
    related = [f.name for f in model._meta.fields if f.is_relation and f.name != "pgh_obj"]
    last: dict[int, Any] = {}
    for row in _of(about, model).select_related(*related).order_by("pgh_id"):
        yield row, last.get(row.pgh_obj_id)
        last[row.pgh_obj_id] = row


def _people(rows: Iterable[Any]) -> dict[int, str]:
    numbers = {row.pgh_context.metadata.get("person") for row in rows if row.pgh_context}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=numbers - {None})}


def _entry(row: Any, before: Any, people: dict[int, str], own: str) -> Entry:
    said = row.pgh_context.metadata if row.pgh_context else {}
    by = people.get(said.get("person", 0)) or _("the registry's files or its upkeep")
    kind = row.pgh_tracked_model._meta.verbose_name
    return Entry(
        at=row.pgh_created_at,
        by=by,
        what=str(WHAT.get(type(row).pgh_tracked_model.__name__, capfirst(kind))),
        deed=str(DEEDS[row.pgh_label]),
        changes=_changes(row, before, own),
    )


WHAT = {
    "Member": gettext_lazy("Member"),
    "Name": gettext_lazy("Name"),
    "GroupMember": gettext_lazy("Place in a group"),
    "Suspension": gettext_lazy("Suspension"),
    "Succession": gettext_lazy("Succession"),
    "TreatyFact": gettext_lazy("Treaty"),
    "Statement": gettext_lazy("Statement"),
    "Signature": gettext_lazy("Signature"),
    "Position": gettext_lazy("Position"),
    "Meeting": gettext_lazy("Meeting"),
    "Participation": gettext_lazy("Attendance"),
    "ReportElsewhere": gettext_lazy("Report elsewhere"),
    "Draft": gettext_lazy("Draft"),
    "DraftPart": gettext_lazy("Part"),
    "DraftName": gettext_lazy("Name as printed"),
}


def _changes(row: Any, before: Any, own: str) -> list[tuple[str, str, str]]:
    """What differs, without the field `own` that names the record itself."""
    found = []
    for field in row._meta.fields:
        if field.name in HIDDEN or field.name == own:
            continue
        old = _words(before, field.name) if before else ""
        new = "" if row.pgh_label == "delete" else _words(row, field.name)
        if old != new:
            label = LABELS.get(field.name, capfirst(field.verbose_name))
            found.append((str(label), old, new))
    return found


def _words(row: Model, name: str) -> str:
    """A field's value as a person reads it; an empty one is no words."""
    if getattr(row, name) == "":
        return ""
    if told := getattr(row, f"get_{name}_display", None):
        return str(told() or "")
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)

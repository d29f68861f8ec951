"""A published wording is corrected by a new version beside the old one, with its day and reason."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from members import rules
from members.actions.records import Stale, store
from members.events import record
from members.models import User

from ..models import Commitment, Correction, Passage, Statement
from .drafting import STATEMENTS

BY_FILE = "The register's data files were corrected."  # kept, so in English


def version_of_wording(row: Commitment | Passage) -> int:
    """The number of the wording that stands; 1 for one that was never corrected."""
    return row.corrections.aggregate(last=Max("number"))["last"] or 1


def correct_wording(
    row: Commitment | Passage,
    *,
    lead_in: str = "",
    text: str,
    due: Mapping[str, Any] | None = None,
    reason: str,
    version: int,
    by: User,
    at: dt.datetime,
) -> Correction:
    """The next version of these words, shown at once beside the one before.

    `due` holds the fields of a clause's deadline as the corrected words print it.

    Raises Stale where `version` is not the one that stands, ValidationError by field.
    """
    if not rules.keeps_reference_data(by):
        raise PermissionDenied
    with transaction.atomic():
        held = type(row).objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if version_of_wording(held) != version:
            raise Stale
        if not text:
            raise ValidationError({"text": _("This field is required.")})
        if (lead_in, text) == (_lead_in(held), held.text):
            raise ValidationError({"text": _("These are the words that stand already.")})
        _fits(held, text)
        made = keep_correction(held, lead_in, text, reason=reason, by=by, at=at)
        about = f"statement:{held.statement.code}"
        which = held.reference if isinstance(held, Commitment) else f"passage {held.position}"
        told: dict[str, Any] = {"of": which, "version": made.number}
        if isinstance(held, Commitment) and due is not None:
            told |= _dated(held, due)
        record("wording corrected", by=by, about=about, chain=STATEMENTS, at=at, **told)
    return made


def _dated(clause: Commitment, due: Mapping[str, Any]) -> dict[str, str]:
    """Writes the deadline where it is another; what it was and is, for the event."""
    clause.refresh_from_db()  # the words that the database has just put there
    before = {name: getattr(clause, name) for name in due}
    if before == dict(due):
        return {}
    for name, value in due.items():
        setattr(clause, name, value)
    store(clause)
    both = {"due_before": before, "due": due}
    return {key: " ".join(str(value or "-") for value in d.values()) for key, d in both.items()}


def _fits(row: Commitment | Passage, text: str) -> None:
    """A passage that is the title is shown as such: it cannot be longer than one."""
    most = Statement._meta.get_field("title").max_length or 0
    length = len(" ".join(text.split()))
    if isinstance(row, Passage) and row.kind == Passage.Kind.TITLE and length > most:
        told = _("The title is too long (%(n)d characters).") % {"n": length}
        raise ValidationError({"text": told})


def keep_correction(
    row: Commitment | Passage,
    lead_in: str,
    text: str,
    *,
    reason: str = BY_FILE,
    by: User | None = None,
    at: dt.datetime | None = None,
) -> Correction:
    """Keeps what stands and puts these words in its place; the registry's files come this way."""
    at = at or dt.datetime.now(dt.UTC)
    of = {"commitment": row} if isinstance(row, Commitment) else {"passage": row}
    words = {"lead_in_before": _lead_in(row), "text_before": row.text}
    words |= {"lead_in": lead_in, "text": text}
    facts = {"number": version_of_wording(row) + 1, "on": at.date(), "at": at, "by": by}
    made = Correction(**of, **words, **facts, reason=reason)
    store(made)
    return made


def _lead_in(row: Commitment | Passage) -> str:
    return row.lead_in if isinstance(row, Commitment) else ""

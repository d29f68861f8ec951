"""What the secretariat says was published wrong."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from members import events
from members.models import User
from members.text import refuse_tokens

from .. import rules
from ..models import Erratum

CHAIN = "errata"


@transaction.atomic
def publish_erratum(
    *, by: User, on: dt.date, key: uuid.UUID, synthetic: bool = False, **said: Any
) -> Erratum:
    """The new entry of the errata, public from `on` and never changed.

    `said` are its words, figures and days, and in `corrects` the entry that it corrects, if any.
    Sent again with the same `key` it gives the entry that is there. Raises ValidationError by
    field, and PermissionDenied for anyone but a reviewer or administrator.
    """
    if not rules.can_publish_errata(by):
        raise PermissionDenied("publish_erratum: reviewer or administrator")
    _one_at_a_time()
    there = Erratum.objects.filter(key=key).first()
    if there is not None:
        return there
    entry = Erratum(published_on=on, key=key, synthetic=synthetic, **said)
    _check(entry)
    event = events.record(
        "publish_erratum", by=by, about=CHAIN, chain=CHAIN, on=on.isoformat(), **_facts(entry)
    )
    entry.number = event.number
    entry.save(force_insert=True)
    return entry


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('publish errata', 0))")


def _facts(entry: Erratum) -> dict[str, Any]:
    """What the record of events keeps of it: numbers and codes, no text."""
    figures = ("old_value", "old_denominator", "new_value", "new_denominator")
    corrected = entry.corrects.number if entry.corrects else None
    return {"corrects": corrected, **{name: getattr(entry, name) for name in figures}}


def _check(entry: Erratum) -> None:
    faults: dict[str, Any] = {}
    for name in ("what", "published_in", "figure"):
        try:
            refuse_tokens(getattr(entry, name) or "")
        except ValidationError as error:
            faults[name] = error
    faults |= _wrong_days(entry) | _wrong_figures(entry)
    if faults:
        raise ValidationError(faults)
    entry.clean_fields(exclude=["number", "corrects"])


def _wrong_days(entry: Erratum) -> dict[str, Any]:
    if entry.published_on > dt.datetime.now(dt.UTC).date():
        return {"published_on": _("The day lies in the future.")}
    if entry.corrected_on > entry.published_on:
        return {"corrected_on": _("Correct it first: an entry tells what is right already.")}
    if entry.wrong_since and entry.wrong_since > entry.corrected_on:
        return {"wrong_since": _("It was wrong before it was corrected.")}
    return {}


def _wrong_figures(entry: Erratum) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    for side in ("old", "new"):
        of = getattr(entry, f"{side}_denominator")
        if of is not None and getattr(entry, f"{side}_value") is None:
            faults[f"{side}_value"] = _("A denominator needs its figure.")
    if entry.new_value is not None and entry.old_value is None:
        faults["old_value"] = _("Say which figure was published, too.")
    if entry.old_value is not None and not entry.figure:
        faults["figure"] = _("Say what the figure counts, and of whom.")
    return faults

"""The secretariat records what became of the clauses that the alliance owes as a whole."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members import events
from members import rules as people
from members.models import User

from .. import rules, words
from ..models import CollectiveProgress, Cycle, PublishedCollective
from ..serializers import canonical_json
from ..workflow import WrongMoment
from .moving import required


class CollectiveChanged(Exception):
    """Somebody has written a version since it was read. Nothing was written; `theirs` is it."""

    def __init__(self, theirs: CollectiveProgress) -> None:
        super().__init__(str(theirs))
        self.theirs = theirs


@transaction.atomic
def write_collective(
    clause: Commitment,
    cycle: Cycle,
    said: Mapping[str, Any],
    *,
    base_number: int,
    by: User,
    at: dt.datetime,
    synthetic: bool = False,
) -> CollectiveProgress:
    """A new version of the clause's progress in this round; public only once published.

    `said` has status, narrative and evidence [{title, url}]. The same once more adds nothing.
    Raises CollectiveChanged when `base_number` is not the newest, ValidationError by field.
    """
    if not people.in_secretariat(by):
        raise PermissionDenied("write_collective: the secretariat")
    clean = _cleaned(clause, said)
    # One writer at a time for each clause; the row itself is not touched.
    Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=clause.pk)
    last = CollectiveProgress.objects.filter(commitment=clause, cycle=cycle).last()
    if last and all(getattr(last, name) == value for name, value in clean.items()):
        return last
    if last and last.number != base_number:
        raise CollectiveChanged(last)
    row = CollectiveProgress.objects.create(
        commitment=clause,
        cycle=cycle,
        number=(last.number if last else 0) + 1,
        written_at=at,
        written_by=by,
        synthetic=synthetic,
        **clean,
    )
    _record("write_collective", row, by=by, at=at)
    return row


@transaction.atomic
def publish_collective(
    version: CollectiveProgress, *, by: User, on: dt.date
) -> PublishedCollective:
    """The public copy of the newest version, shown from `on`; the one before it ends that day.

    Raises WrongMoment for a version that is published or not the newest, ValidationError (`on`)
    for a day in the future, or before that of the version that is shown.
    """
    if not rules.can_announce(by):
        raise PermissionDenied("publish_collective: reviewer or administrator")
    clause, cycle, now = version.commitment, version.cycle, dt.datetime.now(dt.UTC)
    Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=clause.pk)
    newest = CollectiveProgress.objects.filter(commitment=clause, cycle=cycle).last()
    key = {"cycle": cycle.code, "commitment": clause.reference}
    shown = PublishedCollective.objects.shown().filter(**key).first()
    if newest != version or (shown and shown.version == version.number):
        raise WrongMoment(_("A newer version is there, or this one is published already."))
    if on > now.date():
        raise ValidationError({"on": _("This day has not come yet.")})
    if shown and on < shown.shown_from:
        raise ValidationError({"on": _("What is shown now was published after this day.")})
    if PublishedCollective.objects.filter(**key, shown_until__gt=on).exists():
        raise ValidationError({"on": _("What was shown before was withdrawn after this day.")})
    if shown:
        shown.shown_until = on
        shown.save(update_fields=["shown_until"])
    facts = {"version": version.number, "status": version.status, "synthetic": version.synthetic}
    said = {"narrative": version.narrative, "evidence": version.evidence}
    row = canonical_json({**key, **facts, **said, "published_on": on.isoformat()})
    made = PublishedCollective.objects.create(**key, **facts, shown_from=on, row=row)
    _record("publish_collective", version, by=by, at=now)
    return made


@transaction.atomic
def withdraw_collective(
    clause: Commitment, cycle: Cycle, *, by: User, on: dt.date, because: str
) -> PublishedCollective:
    """What is shown of the clause ends on `on`, with a public note; what was written stays.

    It can be published again. Raises WrongMoment where nothing is shown, ValidationError for a
    day in the future or before it was published, and without a reason.
    """
    if not rules.can_announce(by):
        raise PermissionDenied("withdraw_collective: reviewer or administrator")
    Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=clause.pk)
    key = {"cycle": cycle.code, "commitment": clause.reference}
    shown = PublishedCollective.objects.shown().filter(**key).first()
    now = dt.datetime.now(dt.UTC)
    if shown is None:
        raise WrongMoment(_("Nothing of it is public."))
    if on > now.date():
        raise ValidationError({"on": _("This day has not come yet.")})
    if on < shown.shown_from:
        raise ValidationError({"on": _("What is shown now was published after this day.")})
    shown.shown_until, shown.withdrawn_because = on, required(because)
    shown.save(update_fields=["shown_until", "withdrawn_because"])
    about = CollectiveProgress.objects.get(commitment=clause, cycle=cycle, number=shown.version)
    _record("withdraw_collective", about, by=by, at=now)
    return shown


def _cleaned(clause: Commitment, said: Mapping[str, Any]) -> dict[str, Any]:
    if clause.duty != Commitment.Duty.COLLECTIVE or clause.children.exists():
        raise ValidationError(_("This clause is not owed by the alliance as a whole."))
    errors, clean = {}, {}
    for name, cleaner in CLEANERS.items():
        try:
            clean[name] = cleaner(said[name])
        except ValidationError as error:
            errors[name] = error.messages
    if "narrative" not in errors and not clean["narrative"]:
        errors["narrative"] = [_("Say what was done.")]
    if errors:
        raise ValidationError(errors)
    return clean


def _status(value: object) -> str:
    if value not in CollectiveProgress.Status.values:
        raise ValidationError(_("This is not one of the possible answers."))
    return str(value)


CLEANERS = {
    "status": _status,
    "narrative": words.clean_prose,
    "evidence": words.clean_evidence,
}


def _record(verb: str, row: CollectiveProgress, *, by: User, at: dt.datetime) -> None:
    about = f"collective:{row.cycle.code}-{row.commitment.reference}"
    events.record(verb, by=by, about=about, chain="collective", at=at, number=row.number)

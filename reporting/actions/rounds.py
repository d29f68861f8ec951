"""What the secretariat decides of one member in a round: an extension, or an excuse."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import events
from members.models import Member, User

from .. import rules
from ..models import Cycle, Extension, ExtensionRequest, PublishedReport
from ..rounds import given
from ..workflow import WrongMoment
from .moving import required
from .notices import in_words, tell_of_round

WHERE_WHY = gettext_lazy("The reason stands on the page of the due date.")


@transaction.atomic
def decide_extension(
    cycle: Cycle,
    member: Member,
    *,
    due_on: dt.date | None,
    reason: str,
    by: User,
    on: dt.date,
    synthetic: bool = False,
) -> Extension:
    """The dated decision that a member reports later; without `due_on` it is excused.

    The round keeps its own date. A new decision takes the place of the earlier one, which stays
    in the record of events. It becomes public with the member's report, at once where a report
    is shown already, else with the receipts of the round.
    """
    held = _held(cycle, member, by, "decide_extension")
    if due_on is not None and due_on <= held.due_on:
        raise ValidationError({"due_on": _("An extension ends after the round's own due date.")})
    what, note = _decided(due_on, before=_due_before(held, member))
    facts = {"due_on": due_on, "reason": reason, "decided_by": by, "decided_on": on}
    extension = _keep(held, member, "decide_extension", facts, synthetic=synthetic)
    _grant_what_was_asked(extension)
    told = {"on": on, "note": note, "synthetic": synthetic}
    tell_of_round(member, held.code, what, due=extension, page="extension/", **told)
    return extension


@transaction.atomic
def take_back_extension(
    cycle: Cycle, member: Member, *, reason: str, by: User, on: dt.date, synthetic: bool = False
) -> Extension:
    """The decision that the round's own date holds for this member again.

    It takes the place of an extension or an excuse, as any later decision does. Raises WrongMoment
    where none is in force.
    """
    held = _held(cycle, member, by, "take_back_extension")
    if not Extension.objects.in_force().filter(cycle=held, member=member).exists():
        raise WrongMoment(_("No extension and no excuse is in force for this member."))
    facts = {"due_on": held.due_on, "reason": reason, "decided_by": by, "decided_on": on}
    extension = _keep(held, member, "take_back_extension", facts, synthetic=synthetic)
    what = gettext_lazy("the decision was taken back")
    note = format_lazy(
        gettext_lazy("The round's own date holds: the report is due on {day}. {why}"),
        day=in_words(held.due_on),
        why=WHERE_WHY,
    )
    told = {"on": on, "note": note, "synthetic": synthetic}
    tell_of_round(member, held.code, what, due=extension, page="extension/", **told)
    return extension


def _held(cycle: Cycle, member: Member, by: User, verb: str) -> Cycle:
    """The round, locked, where this person may decide about the member in it now."""
    if not rules.can_extend(by, member):
        raise PermissionDenied(f"{verb}: reviewer or administrator, not of the member")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    return held


def _keep(
    cycle: Cycle, member: Member, verb: str, facts: dict[str, Any], *, synthetic: bool
) -> Extension:
    """The decision in force, with its event; public at once where the matter is public."""
    due_on, on = facts["due_on"], facts["decided_on"]
    facts |= {"reason": required(facts["reason"]), "synthetic": synthetic}
    facts["published_on"] = on if _is_public(cycle, member) else None
    extension, _created = Extension.objects.update_or_create(
        cycle=cycle, member=member, defaults=facts
    )
    until = due_on.isoformat() if due_on else None
    code = f"{cycle.code}-{member.code}"
    events.record(verb, by=facts["decided_by"], about=code, chain=f"report:{code}", due_on=until)
    extension.refresh_from_db(fields=["sequence"])  # counted by the database
    return extension


def _grant_what_was_asked(extension: Extension) -> None:
    """A decision answers the request that waits for one, whichever day was wanted."""
    asked = ExtensionRequest.objects.filter(cycle=extension.cycle, member=extension.member)
    facts = {"decided_by": extension.decided_by, "decided_on": extension.decided_on}
    asked.filter(granted=None).update(granted=True, answer=extension.reason, **facts)


def _due_before(cycle: Cycle, member: Member) -> dt.date | None:
    """The day by which the member had to report; None where it was excused."""
    held = Extension.objects.filter(cycle=cycle, member=member).first()
    return None if held and held.due_on is None else given(cycle, held)


def _decided(due_on: dt.date | None, before: dt.date | None) -> tuple[Promise, Promise]:
    """What the member is told of a decision: in short, and what follows from it."""
    if due_on is None:
        none = gettext_lazy("No report is asked of you in this round.")
        return gettext_lazy("excused"), format_lazy("{none} {why}", none=none, why=WHERE_WHY)
    words = gettext_lazy("The report is now due on {day}; you had been excused. {why}")
    if before:
        words = gettext_lazy("The report is now due on {day}; it was due on {before}. {why}")
    days = {"day": in_words(due_on), "before": before and in_words(before)}
    note = format_lazy(words, **days, why=WHERE_WHY)
    return gettext_lazy("the due date was changed"), note


def _is_public(cycle: Cycle, member: Member) -> bool:
    """Can everyone read a report of this member in the round, or an earlier decision?"""
    shown = PublishedReport.objects.shown().filter(cycle=cycle.code, member=member.code)
    known = Extension.objects.filter(cycle=cycle, member=member, published_on__isnull=False)
    return shown.exists() or known.exists()

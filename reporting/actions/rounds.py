"""What the secretariat decides of one member in a round: an extension, or an excuse."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import events
from members.models import Member, User

from .. import rules
from ..models import Cycle, Extension, PublishedReport
from ..workflow import WrongMoment
from .moving import required
from .notices import in_words, tell_of_round


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
    if not rules.can_extend(by, member):
        raise PermissionDenied("decide_extension: reviewer or administrator, not of the member")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    _check_extension(held, due_on)
    facts = {"due_on": due_on, "reason": required(reason), "decided_by": by, "decided_on": on}
    facts["published_on"] = on if _is_public(held, member) else None
    extension, _created = Extension.objects.update_or_create(
        cycle=held, member=member, defaults={**facts, "synthetic": synthetic}
    )
    until = due_on.isoformat() if due_on else None
    code = f"{held.code}-{member.code}"
    events.record("decide_extension", by=by, about=code, chain=f"report:{code}", due_on=until)
    extension.refresh_from_db(fields=["sequence"])  # counted by the database
    what, note = _decided(due_on)
    tell_of_round(member, held.code, what, on=on, note=note, due=extension, synthetic=synthetic)
    return extension


def _decided(due_on: dt.date | None) -> tuple[Promise, Promise]:
    """What the member is told of a decision: in short, and what follows from it."""
    if due_on is None:
        return gettext_lazy("excused"), gettext_lazy("No report is asked of you in this round.")
    note = format_lazy(gettext_lazy("The report is now due on {day}."), day=in_words(due_on))
    return gettext_lazy("the due date was changed"), note


def _is_public(cycle: Cycle, member: Member) -> bool:
    """Can everyone read a report of this member in the round, or an earlier decision?"""
    shown = PublishedReport.objects.shown().filter(cycle=cycle.code, member=member.code)
    known = Extension.objects.filter(cycle=cycle, member=member, published_on__isnull=False)
    return shown.exists() or known.exists()


def _check_extension(cycle: Cycle, due_on: dt.date | None) -> None:
    if cycle.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    if due_on is not None and due_on <= cycle.due_on:
        raise ValidationError({"due_on": _("An extension ends after the round's own due date.")})

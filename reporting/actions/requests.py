"""What a member asks about its due date, and what the secretariat decides for many at once."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import events
from members import rules as member_rules
from members.models import Member, User

from .. import rules
from ..models import Cycle, Extension, ExtensionRequest, Report
from ..rounds import expected_members
from ..workflow import WrongMoment
from .moving import required, today
from .notices import tell_of_round
from .rounds import decide_extension


@transaction.atomic
def ask_extension(
    cycle: Cycle,
    member: Member,
    *,
    wanted_until: dt.date | None,
    reason: str,
    by: User,
    at: dt.datetime,
    synthetic: bool = False,
) -> ExtensionRequest:
    """The member's request to report later; without `wanted_until` to be excused.

    Asked by a focal point, one at a time; the same once more is the one that waits. Nothing
    changes until the secretariat decides.
    """
    if not member_rules.is_focal_point(by, member):
        raise PermissionDenied("ask_extension: focal point of the member")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if is_submitted(held, member):
        raise WrongMoment(_("The report is submitted already: no other day is needed."))
    _can_be_asked(held, wanted_until, today(at))
    facts = {"wanted_until": wanted_until, "reason": required(reason)}
    waiting = ExtensionRequest.objects.filter(cycle=held, member=member, granted=None).first()
    if waiting and all(getattr(waiting, name) == value for name, value in facts.items()):
        return waiting
    if waiting:
        raise WrongMoment(_("A request of this member waits for a decision already."))
    asked = ExtensionRequest.objects.create(
        cycle=held, member=member, asked_by=by, asked_at=at, synthetic=synthetic, **facts
    )
    _record("ask_extension", held, member, by, until=wanted_until)
    return asked


def is_submitted(cycle: Cycle, member: Member) -> bool:
    """Has the member's report come? One that was taken back has not."""
    came = Report.objects.filter(cycle=cycle, member=member, first_submitted_at__isnull=False)
    return came.exists()


def _can_be_asked(cycle: Cycle, wanted_until: dt.date | None, on: dt.date) -> None:
    if cycle.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    if on < cycle.opens_on:
        raise WrongMoment(_("The round has not opened yet."))
    if wanted_until and wanted_until <= cycle.due_on:
        words = _("Choose a day after the round's own due date.")
        raise ValidationError({"wanted_until": words})
    if wanted_until and wanted_until > cycle.closes_on:
        words = _("Choose a day on which the round is still open.")
        raise ValidationError({"wanted_until": words})


@transaction.atomic
def refuse_extension(asked: ExtensionRequest, *, because: str, by: User, on: dt.date) -> None:
    """Declines what a member asked, with a reason that it reads. Once more changes nothing."""
    if not rules.can_extend(by, asked.member):
        raise PermissionDenied("refuse_extension: reviewer or administrator, not of the member")
    held = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if held.granted is False:
        return
    if held.granted:
        raise WrongMoment(_("It was granted meanwhile."))
    held.granted, held.answer = False, required(because)
    held.decided_by, held.decided_on = by, on
    held.save()
    _record("refuse_extension", held.cycle, held.member, by, until=held.wanted_until)
    what = gettext_lazy("your request about the due date was declined")
    note = gettext_lazy("The reason stands on the page of your request. The due date holds.")
    facts = {"on": on, "note": note, "synthetic": held.synthetic}
    tell_of_round(held.member, held.cycle.code, what, page="extension/", **facts)


@transaction.atomic
def extend_round(
    cycle: Cycle, *, due_on: dt.date, reason: str, by: User, on: dt.date, synthetic: bool = False
) -> list[Member]:
    """The members whose due date was moved to `due_on`: all that are expected to report.

    Left as they are: who was excused or has a later date, and whom `by` represents. The round
    keeps its own date, so that it stays known who would have been in time.
    """
    if not rules.can_announce(by):
        raise PermissionDenied("extend_round: reviewer or administrator")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    decided = {e.member_id: e for e in Extension.objects.in_force().filter(cycle=held)}
    moved = []
    for member in expected_members(held):
        before = decided.get(member.pk)
        settled = before and (before.due_on is None or before.due_on >= due_on)
        if not settled and rules.can_extend(by, member):
            facts = {"due_on": due_on, "reason": reason, "by": by, "on": on}
            decide_extension(held, member, **facts, synthetic=synthetic)
            moved.append(member)
    until, count = due_on.isoformat(), len(moved)
    chain = f"cycle:{held.code}"
    events.record("extend_round", by=by, about=held.code, chain=chain, until=until, members=count)
    return moved


def _record(verb: str, cycle: Cycle, member: Member, by: User, *, until: dt.date | None) -> None:
    code = f"{cycle.code}-{member.code}"
    day = until.isoformat() if until else None
    events.record(verb, by=by, about=code, chain=f"report:{code}", until=day)

"""What the secretariat decides for a round: extensions, excuses, who is said to have reported."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import events
from members.models import Member, User

from .. import rules
from ..models import Cycle, Extension, Receipt, Report
from ..rounds import expected_members
from ..summaries import rebuild_when_committed
from ..workflow import WrongMoment
from .moving import required
from .notices import in_words, tell_of_round
from .publication import give_receipt


def announcement_from(cycle: Cycle) -> dt.date:
    """The first day on which the receipts of a round may be announced."""
    return cycle.closes_on + dt.timedelta(days=settings.RECEIPTS_AFTER_DAYS)


def can_be_announced(cycle: Cycle, on: dt.date) -> bool:
    """Is it the moment to announce the receipts of the round?"""
    return not cycle.receipts_announced_on and on >= announcement_from(cycle)


@transaction.atomic
def announce_receipts(
    cycle: Cycle, *, by: User, on: dt.date, synthetic: bool = False
) -> list[Receipt]:
    """The receipts of all members from whom a report was expected, public from `on`.

    Once for a round, from RECEIPTS_AFTER_DAYS after it closed. Extension decisions become public
    with it. The members are told in the same transaction. `synthetic` marks a demonstration.
    """
    if not rules.can_announce(by):
        raise PermissionDenied("announce_receipts: reviewer or administrator")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    _check_moment(held, on)
    reports = {r.member_id: r for r in Report.objects.filter(cycle=held).select_related("member")}
    expected = list(expected_members(held))
    now = dt.datetime.combine(on, dt.time.max, tzinfo=dt.UTC)
    given: dict[str, Any] = {"on": on, "now": now, "expected": True, "synthetic": synthetic}
    receipts = [give_receipt(held, m, report=_came(reports.get(m.pk)), **given) for m in expected]
    Extension.objects.filter(cycle=held, published_on=None).update(published_on=on)
    held.receipts_announced_on = on
    held.save()
    events.record("announce_receipts", by=by, about=held.code, chain=f"cycle:{held.code}")
    for member in expected:
        what = gettext_lazy("it is now public who reported and when")
        tell_of_round(member, held.code, what, on=on, synthetic=synthetic)
    rebuild_when_committed(held.code)
    return receipts


def _check_moment(cycle: Cycle, on: dt.date) -> None:
    if cycle.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    if on < announcement_from(cycle):
        day = date_format(announcement_from(cycle), "j F Y")
        raise WrongMoment(_("Receipts can be announced from %(day)s on.") % {"day": day})
    if on > dt.datetime.now(dt.UTC).date():
        raise ValidationError(_("The day lies in the future."))


def _came(report: Report | None) -> Report | None:
    """A report that was submitted; a draft is none."""
    return report if report and report.first_submitted_at else None


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
    in the record of events.
    """
    if not rules.can_extend(by, member):
        raise PermissionDenied("decide_extension: reviewer or administrator, not of the member")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    _check_extension(held, due_on)
    facts = {"due_on": due_on, "reason": required(reason), "decided_by": by, "decided_on": on}
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


def _check_extension(cycle: Cycle, due_on: dt.date | None) -> None:
    if cycle.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    if due_on is not None and due_on <= cycle.due_on:
        raise ValidationError({"due_on": _("An extension ends after the round's own due date.")})

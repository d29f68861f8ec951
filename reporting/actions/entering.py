"""Reports that came on paper: the secretariat enters them, and the member confirms or objects."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Member, User

from .. import rules, workflow
from ..models import Cycle, Report
from .moving import hold, hold_for, record, required, today
from .notices import tell_colleague
from .writing import begin

NOON = dt.time(12, tzinfo=dt.UTC)


@transaction.atomic
def enter(
    cycle: Cycle,
    member: Member,
    *,
    received_as: str,
    received_on: dt.date,
    by: User,
    at: dt.datetime,
    synthetic: bool = False,
) -> Report:
    """A draft that `by` fills in from what came on paper, by letter or by e-mail.

    It counts as come on `received_on`. Raises WrongMoment where the member has a report of the
    round already, ValidationError by field for a way that is none and for a day that has not
    come or lies before the round. docs/decisions/entering-on-behalf.md
    """
    report = Report(cycle=cycle, member=member, synthetic=synthetic)
    report.received_as, report.received_on, report.entered_by = received_as, received_on, by
    existing = Report.objects.filter(cycle=cycle, member=member).first()
    workflow.check("enter", existing or report, by=by, on=today(at))
    _possible(report, today(at))
    begun = begin(report, by=by, at=at, verb="enter", **_facts(report))
    if begun is not None:
        return begun
    raise workflow.WrongMoment(_("The member has a report of this round already."))


@transaction.atomic
def go_on_entering(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The report, half entered by a colleague, in the hands of `by`, with all that is in it.

    Who had it before cannot open it any more and, as whoever entered it, has no part in its
    review. Done twice it is done once. Raises WrongMoment where nobody of the secretariat enters
    it, PermissionDenied for who may not enter it and for its reviewer.
    """
    held = hold(report)
    if not rules.can_go_on(by, held):
        raise PermissionDenied("go_on_entering: enters reports and does not review this one")
    if not held.is_being_entered or held.entered_by_id is None:
        raise workflow.WrongMoment(_("Nobody of the secretariat enters this report now."), held)
    if held.entered_by_id == by.pk:
        return held
    before = held.entered_by_id
    held.entered_before = sorted({*held.entered_before, before} - {by.pk})
    held.entered_by = by
    held.save(update_fields=["entered_by", "entered_before"])
    record("go_on_entering", held, by=by, at=at, before=before)
    return held


def _possible(report: Report, today: dt.date) -> None:
    ways = [way for way in Report.Channel.values if way != Report.Channel.ONLINE]
    if report.received_as not in ways:
        raise ValidationError({"received_as": _("Say how it came.")})
    if report.received_on is None or report.received_on > today:
        raise ValidationError({"received_on": _("The day lies in the future.")})
    if report.received_on < report.cycle.opens_on:
        raise ValidationError({"received_on": _("The round had not opened on that day.")})


def _facts(report: Report) -> dict[str, str]:
    day = report.received_on
    return {"received_as": report.received_as, "received_on": day.isoformat() if day else ""}


def came(report: Report, at: dt.datetime) -> dt.datetime:
    """When the report came: with the paper that was entered, else with its submission at `at`.

    A day without an hour counts as its noon in UTC, so that it is the same day for every reader.
    """
    if report.received_on is None:
        return at
    return min(at, dt.datetime.combine(report.received_on, NOON))


def received(report: Report, by: User) -> dict[str, Any]:
    """How the report came, for a submission by who entered it; nothing of the member's own.

    Without a name: who entered it stands beside the version, where it can be removed one day.
    """
    return {"received": _facts(report)} if rules.enters(by, report) else {}


@transaction.atomic
def confirm(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The report with its member's word that what was entered is what it sent."""
    held = hold_for("confirm", report, by=by, on=today(at))
    held.confirmed_at = at
    held.save()
    record("confirm", held, by=by, at=at, version=held.versions.count())
    return held


@transaction.atomic
def dispute(report: Report, *, by: User, because: str, at: dt.datetime) -> Report:
    """The report returned, so that what was entered wrongly is corrected, with the reason.

    Whoever entered it is told; the member may correct it itself as well.
    """
    held = hold_for("dispute", report, by=by, on=today(at))
    held.state = Report.State.RETURNED
    held.returned_because = required(because)
    held.review_started_at = None
    held.full_clean()
    held.save()
    record("dispute", held, by=by, at=at)
    if held.entered_by:
        what = gettext_lazy("the member says that it was entered wrongly")
        note = gettext_lazy("The reason stands on the page of the report.")
        tell_colleague(held.entered_by, held, what, on=today(at), note=note)
    return held

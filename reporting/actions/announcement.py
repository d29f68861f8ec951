"""Making public who reported in a round: the members are told first, and days later everyone."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import events
from members.languages import long_date
from members.models import Member, User

from .. import rules
from ..models import AnnouncementNotice, Cycle, Extension, Receipt, Report
from ..rounds import expected_members
from ..summaries import rebuild_when_committed
from ..workflow import WrongMoment
from .notices import in_words, tell_of_round
from .publication import give_receipt, timeliness_of

OF_A_MEMBER = {
    "on_time": gettext_lazy("its report came in time"),
    "late": gettext_lazy("its report came late"),
    "missed": gettext_lazy("there was no report when the round closed"),
    "overdue": gettext_lazy("no report has come yet"),
    "expected": gettext_lazy("its report is not due yet"),
    "excused": gettext_lazy("it was excused"),
}


def told_on(cycle: Cycle) -> dt.date | None:
    """The day on which the members were told that the receipts will be announced."""
    notice = AnnouncementNotice.objects.filter(cycle=cycle).first()
    return notice.told_on if notice else None


def announcement_from(cycle: Cycle, told: dt.date | None) -> dt.date:
    """The first day on which the receipts of a round may be announced.

    RECEIPTS_AFTER_DAYS after it closed, and ANNOUNCEMENT_NOTICE_DAYS after the members were
    told; while they were not, `told` is the day on which they are.
    """
    earliest = cycle.closes_on + dt.timedelta(days=settings.RECEIPTS_AFTER_DAYS)
    if told is None:
        return earliest
    return max(earliest, told + dt.timedelta(days=settings.ANNOUNCEMENT_NOTICE_DAYS))


def can_be_told(cycle: Cycle, told: dt.date | None, on: dt.date) -> bool:
    """Is it the moment to tell the members of the announcement to come?"""
    return told is None and not cycle.receipts_announced_on and on > cycle.closes_on


def can_be_announced(cycle: Cycle, told: dt.date | None, on: dt.date) -> bool:
    """Is it the moment to announce the receipts of the round?"""
    if told is None or cycle.receipts_announced_on:
        return False
    return on >= announcement_from(cycle, told)


@transaction.atomic
def tell_members(
    cycle: Cycle, *, by: User, on: dt.date, synthetic: bool = False
) -> AnnouncementNotice:
    """Tells each expected member what will be public of it, and from when; once for a round."""
    held = _held(cycle, by, on)
    if not can_be_told(held, told_on(held), on):
        raise WrongMoment(_why_not_told(held, on))
    notice = AnnouncementNotice.objects.create(cycle=held, told_on=on, told_by=by)
    events.record("tell_members", by=by, about=held.code, chain=f"cycle:{held.code}")
    what = gettext_lazy("it will soon be public who reported and when")
    from_when = announcement_from(held, on)
    reports = _reports(held)
    for member in expected_members(held):
        note = _what_will_be_said(held, member, reports.get(member.pk), on, from_when)
        tell_of_round(member, held.code, what, on=on, note=note, synthetic=synthetic)
    return notice


def _why_not_told(cycle: Cycle, on: dt.date) -> str:
    if on <= cycle.closes_on:
        return _("The round has not closed yet.")
    return _("The members of this round have been told already.")


def _what_will_be_said(
    cycle: Cycle, member: Member, report: Report | None, on: dt.date, from_when: dt.date
) -> Promise:
    """What the receipt of this member will say, as things stand today."""
    words = gettext_lazy(
        "From {day} on the secretariat may announce it. Of your member it would say: {standing}. "
        "If that is not right, write to the secretariat before that day."
    )
    now = dt.datetime.combine(on, dt.time.max, tzinfo=dt.UTC)
    standing = OF_A_MEMBER[timeliness_of(cycle, member, report, now, expected=True)]
    return format_lazy(words, day=in_words(from_when), standing=standing)


@transaction.atomic
def announce_receipts(
    cycle: Cycle, *, by: User, on: dt.date, synthetic: bool = False
) -> list[Receipt]:
    """The receipts of all members from whom a report was expected, public from `on`.

    Once for a round, some days after its members were told. Extension decisions become public
    with it. The members hear of it in the same transaction. `synthetic` marks a demonstration.
    """
    held = _held(cycle, by, on)
    _check_moment(held, on)
    reports, expected = _reports(held), list(expected_members(held))
    now = dt.datetime.combine(on, dt.time.max, tzinfo=dt.UTC)
    given = {"on": on, "now": now, "expected": True, "synthetic": synthetic}
    receipts = [give_receipt(held, m, report=reports.get(m.pk), **given) for m in expected]
    Extension.objects.filter(cycle=held, published_on=None).update(published_on=on)
    held.receipts_announced_on = on
    held.save()
    events.record("announce_receipts", by=by, about=held.code, chain=f"cycle:{held.code}")
    for member in expected:
        what = gettext_lazy("it is now public who reported and when")
        tell_of_round(member, held.code, what, on=on, synthetic=synthetic)
    rebuild_when_committed()
    return receipts


def _held(cycle: Cycle, by: User, on: dt.date) -> Cycle:
    """The locked round, when `by` may announce and the day has come."""
    if not rules.can_announce(by):
        raise PermissionDenied("announce: reviewer or administrator")
    if on > dt.datetime.now(dt.UTC).date():
        raise ValidationError(_("The day lies in the future."))
    return Cycle.objects.select_for_update().get(pk=cycle.pk)


def _check_moment(cycle: Cycle, on: dt.date) -> None:
    if cycle.receipts_announced_on:
        raise WrongMoment(_("The receipts of this round are announced already."))
    told = told_on(cycle)
    day = long_date(announcement_from(cycle, told))
    if on < announcement_from(cycle, told):
        raise WrongMoment(_("Receipts can be announced from %(day)s on.") % {"day": day})
    if told is None:
        raise WrongMoment(_("Tell the members first, then announce."))


def _reports(cycle: Cycle) -> dict[int, Report]:
    """The reports of the round that were submitted, by the key of their member."""
    came = Report.objects.filter(cycle=cycle, first_submitted_at__isnull=False)
    return {report.member_id: report for report in came.select_related("member")}

"""What a reviewer does with a submitted report."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import User

from .. import workflow
from ..models import Report
from .moving import hold_for, record, required, today
from .notices import tell_of_report


@transaction.atomic
def start_review(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The submitted report with its reviewer; from now on the member cannot recall it."""
    held = hold_for("start_review", report, by=by, on=today(at))
    held.review_started_at, held.reviewer = at, by
    held.save()
    record("start_review", held, by=by, at=at)
    return held


@transaction.atomic
def send_back(report: Report, *, by: User, because: str, at: dt.datetime) -> Report:
    """The report returned to the member, who reads the reason on its pages and not in the mail."""
    held = hold_for("send_back", report, by=by, on=today(at))
    held.state = Report.State.RETURNED
    held.returned_because = required(because)
    held.review_started_at, held.reviewer = None, None
    held.full_clean()
    held.save()
    record("send_back", held, by=by, at=at)
    tell_of_report(held, gettext_lazy("returned with a reason"), on=today(at))
    return held


@transaction.atomic
def accept(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The accepted report. The member may look at what will be read, agree, or let time pass."""
    held = hold_for("accept", report, by=by, on=today(at))
    held.state = Report.State.ACCEPTED
    held.accepted_at, held.agreed_at = at, None
    held.save()
    record("accept", held, by=by, at=at, version=held.versions.count())
    until = date_format(workflow.preview_ends_on(held) or today(at), "j F Y")
    note = _("You can see what the public will read until %(day)s.") % {"day": until}
    tell_of_report(held, gettext_lazy("accepted"), on=today(at), note=note)
    return held

"""What a reviewer does with a submitted report."""

import datetime as dt

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from commitments.deadlines import is_over
from members.models import User

from .. import workflow
from ..models import Report
from .moving import hold_for, record, required, today
from .notices import in_words, tell_of_report
from .reviewers import not_of_another


@transaction.atomic
def start_review(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The submitted report with its reviewer; from now on the member cannot recall it.

    Raises WrongMoment where another reviewer has taken it.
    """
    held = hold_for("start_review", report, by=by, on=today(at))
    not_of_another(held, by)
    held.review_started_at, held.reviewer = at, by
    held.save()
    record("start_review", held, by=by, at=at)
    return held


@transaction.atomic
def send_back(report: Report, *, by: User, because: str, at: dt.datetime) -> Report:
    """The report returned to the member, who reads the reason on its pages and not in the mail.

    An accepted report as well, withdrawn or not yet published, when its member asks for that:
    it is accepted anew afterwards, and the member agrees anew. Its reviewer keeps it: when it
    comes again, it comes to the one who knows it.
    """
    held = hold_for("send_back", report, by=by, on=today(at))
    held.state = Report.State.RETURNED
    held.returned_because = required(because)
    held.review_started_at = None
    held.accepted_at, held.agreed_at, held.objected_at = None, None, None
    held.confirmed_at = None
    held.full_clean()
    held.save()
    record("send_back", held, by=by, at=at)
    what = gettext_lazy("returned with a reason")
    tell_of_report(held, what, on=today(at), note=_after_return(held))
    return held


@transaction.atomic
def accept(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The accepted report. The member may look at what will be read, agree, or let time pass."""
    held = hold_for("accept", report, by=by, on=today(at))
    held.state = Report.State.ACCEPTED
    held.accepted_at, held.agreed_at = at, None
    held.save()
    record("accept", held, by=by, at=at, version=held.versions.count())
    _tell_to_look(held, gettext_lazy("accepted"), on=today(at))
    return held


def preview_anew(held: Report, *, by: User, at: dt.datetime) -> None:
    """Accepts a locked report anew whose member's objection was answered: its days begin again."""
    held.accepted_at, held.objected_at = at, None
    held.save()
    record("preview_anew", held, by=by, at=at, version=held.versions.count())
    _tell_to_look(held, gettext_lazy("what you said to be wrong was answered"), on=today(at))


def _tell_to_look(report: Report, what: Promise, *, on: dt.date) -> None:
    """Sends the focal points to the page that shows what the public will read."""
    path = f"/reporting/{report.code}/preview/"
    note = _after_acceptance(workflow.preview_ends_on(report) or on)
    tell_of_report(report, what, on=on, note=note, path=path)


def _after_return(report: Report) -> Promise:
    """Who can do what until when, after a return."""
    steps = gettext_lazy(
        "The reason stands on the page of the report. Focal points and contributors can change "
        "the answers now; a focal point submits them again."
    )
    closes = report.cycle.closes_on
    if is_over(closes, dt.datetime.now(dt.UTC)):
        return steps
    until = gettext_lazy(
        "Please do so before the round closes on {day}. The day of the first submission still "
        "decides whether the report came in time."
    )
    return format_lazy(
        "{steps} {until}", steps=steps, until=format_lazy(until, day=in_words(closes))
    )


def _after_acceptance(ends: dt.date) -> Promise:
    """The member's next step, and from when the report is published without it."""
    if ends <= dt.datetime.now(dt.UTC).date():
        return gettext_lazy(
            "Look at what the public will read and agree. It may be published at any time now."
        )
    words = gettext_lazy(
        "Look at what the public will read and agree. It may be published from {day}, or as soon "
        "as a focal point agrees."
    )
    return format_lazy(words, day=in_words(ends))

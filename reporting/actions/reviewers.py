"""Who of the secretariat reviews a report: taken, given back, or assigned by an administrator."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members import rules as people
from members.models import User

from .. import rules
from ..models import Report
from ..workflow import WrongMoment
from .moving import hold, record


@transaction.atomic
def take_review(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The submitted report that `by` reviews from now on. Once more it changes nothing.

    Raises PermissionDenied for anyone but a reviewer who does not represent the member, and
    WrongMoment where somebody else has it, or where nothing is submitted.
    """
    if not rules.can_review(by, report):
        raise PermissionDenied("take_review: reviewer who does not represent the member")
    held = _submitted(report)
    if held.reviewer_id == by.pk:
        return held
    not_of_another(held, by)
    return _given(held, by, verb="take_review", by=by, at=at)


@transaction.atomic
def give_back_review(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The submitted report that nobody reviews from now on; what was begun stays begun.

    By its reviewer, or by an administrator. Raises WrongMoment where `by` does not have it.
    """
    if not (rules.can_review(by, report) or people.administers(by)):
        raise PermissionDenied("give_back_review: its reviewer, or an administrator")
    held = _submitted(report)
    if held.reviewer_id is None:
        return held
    if held.reviewer_id != by.pk and not people.administers(by):
        raise WrongMoment(_taken_by(held), held)
    return _given(held, None, verb="give_back_review", by=by, at=at)


@transaction.atomic
def assign_review(report: Report, *, to: User, by: User, at: dt.datetime) -> Report:
    """The submitted report that `to` reviews from now on, whoever did before.

    Only an administrator assigns, and only to a reviewer who does not represent the member:
    ValidationError (`to`) otherwise.
    """
    if not people.administers(by):
        raise PermissionDenied("assign_review: administrator")
    held = _submitted(report)
    if not rules.can_review(to, held):
        raise ValidationError({"to": _("Choose a reviewer who does not represent the member.")})
    if held.reviewer_id == to.pk:
        return held
    return _given(held, to, verb="assign_review", by=by, at=at)


def not_of_another(held: Report, by: User) -> None:
    """Raises WrongMoment where another has the report, who still may review it."""
    other = held.reviewer if held.reviewer_id != by.pk else None
    if other and rules.can_review(other, held):
        raise WrongMoment(_taken_by(held), held)


def _submitted(report: Report) -> Report:
    held = hold(report)
    if held.state != Report.State.SUBMITTED:
        raise WrongMoment(_("Only a submitted report has a reviewer to choose."), held)
    return held


def _taken_by(held: Report) -> str:
    return _("%(person)s reviews this report.") % {"person": held.reviewer}


def _given(held: Report, to: User | None, *, verb: str, by: User, at: dt.datetime) -> Report:
    before, held.reviewer = held.reviewer_id, to
    held.save(update_fields=["reviewer"])
    record(verb, held, by=by, at=at, before=before, to=to.pk if to else None)
    return held

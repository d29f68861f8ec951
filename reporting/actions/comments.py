"""What reviewers and members say to each other about a report."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members import rules as people
from members.models import User

from .. import rules
from ..models import Comment, Report
from ..workflow import WrongMoment
from .moving import hold, record


@transaction.atomic
def comment(
    report: Report,
    commitment: Commitment | None,
    *,
    text: str,
    internal: bool,
    by: User,
    at: dt.datetime,
) -> Comment:
    """A new thread by a reviewer on one answer, or on the whole report without a commitment.

    The member reads it at once unless it is internal. The same words once more, on the same
    place by the same person while the thread is open, are the comment that is there already.
    """
    held = hold(report)
    if not rules.can_review(by, held):
        raise PermissionDenied("comment: reviewer who does not represent the member")
    version = _submitted(held)
    if commitment and not held.answers.filter(commitment=commitment).exists():
        raise ValidationError(_("This report does not ask about that clause."))
    facts = {"commitment": commitment, "text": _words(text), "internal": internal}
    facts["written_by"] = by
    if again := Comment.objects.open().filter(report=held, **facts).first():
        return again
    place = {"version": version, "by_member": False, "written_at": at}
    made = Comment.objects.create(report=held, **facts, **place)
    record("comment", held, by=by, at=at, on=_place(made), internal=internal)
    return made


@transaction.atomic
def reply(first: Comment, *, text: str, by: User, at: dt.datetime) -> Comment:
    """The next word in an open thread, by a reviewer or by the people of the member."""
    held = hold(first.report)
    first = Comment.objects.select_for_update(of=("self",)).get(pk=first.pk)
    if not rules.can_reply(by, held, first.internal):
        raise PermissionDenied("reply: reviewer, or represents the member")
    _still_open(first, held)
    words, last = _words(text), first.replies.order_by("pk").last()
    if last and last.written_by_id == by.pk and last.text == words:
        return last
    thread = {"report": held, "commitment": first.commitment, "internal": first.internal}
    said = {"text": words, "written_by": by, "by_member": people.represents(by, held.member)}
    place = {"version": _submitted(held), "written_at": at}
    made = Comment.objects.create(reply_to=first, **thread, **said, **place)
    record("reply", held, by=by, at=at, on=_place(made), internal=first.internal)
    return made


@transaction.atomic
def resolve(first: Comment, *, by: User, at: dt.datetime) -> Comment:
    """The thread, settled by a reviewer. Once more it changes nothing."""
    held = hold(first.report)
    if not rules.can_review(by, held):
        raise PermissionDenied("resolve: reviewer who does not represent the member")
    first = Comment.objects.select_for_update(of=("self",)).get(pk=first.pk)
    if first.reply_to_id:
        raise ValidationError(_("A thread is settled by its first comment."))
    if first.resolved_at:
        return first
    first.resolved_by, first.resolved_at = by, at
    first.save(update_fields=["resolved_by", "resolved_at"])
    record("resolve", held, by=by, at=at, on=_place(first), internal=first.internal)
    return first


def _submitted(report: Report) -> int:
    """The number of the version that everybody speaks about."""
    last = report.versions.order_by("number").last()
    if last is None:
        raise WrongMoment(_("Nothing was submitted yet that could be commented on."), report)
    return last.number


def _still_open(first: Comment, report: Report) -> None:
    if first.resolved_at:
        raise WrongMoment(_("A reviewer has settled this comment meanwhile."), report)


def _words(text: str) -> str:
    if not text.strip():
        raise ValidationError({"text": _("Write what you want to say.")})
    return text.strip()


def _place(comment: Comment) -> str:
    """Where it stands: the reference of a clause, or `report`."""
    return comment.commitment.reference if comment.commitment else "report"

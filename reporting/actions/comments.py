"""What reviewers and members say to each other about a report."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members import rules as people
from members.models import User

from .. import rules, words
from ..models import Comment, Report
from ..workflow import WrongMoment
from .moving import hold, hold_for, record, today
from .notices import tell_of_objection
from .review import preview_anew


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
    said = {"text": text, "internal": internal, "by_member": False}
    made, is_new = _begun(held, commitment, said, by=by, at=at)
    if is_new:
        record("comment", held, by=by, at=at, on=_place(made), internal=internal)
    return made


@transaction.atomic
def object_to(
    report: Report, wrong: Mapping[Commitment | None, str], *, by: User, at: dt.datetime
) -> Report:
    """The accepted report, which is not published before a reviewer has answered or returned it.

    What is `wrong` with what the public would read, by clause or under None with the whole
    report, begins a thread each; the reviewers are told. The same words once more on the same
    version change nothing. docs/decisions/objections.md
    """
    held = hold_for("object", report, by=by, on=today(at))
    if not wrong:
        raise ValidationError({"text": _("Write what you want to say.")})
    said = {"internal": False, "by_member": True}
    texts = {on: words.clean_prose(text) for on, text in wrong.items()}
    begun = [_begun(held, on, said | {"text": texts[on]}, by=by, at=at) for on in texts]
    if places := [_place(made) for made, is_new in begun if is_new]:
        held.objected_at = held.objected_at or at
        held.save()
        record("object", held, by=by, at=at, on=places, version=begun[0][0].version)
        tell_of_objection(held, on=today(at))
    return held


def _begun(
    held: Report, on: Commitment | None, said: dict[str, Any], *, by: User, at: dt.datetime
) -> tuple[Comment, bool]:
    """The open thread on that place of a locked report, and whether it is new."""
    version = _submitted(held)
    if on and not held.answers.filter(commitment=on).exists():
        raise ValidationError(_("This report does not ask about that clause."))
    facts = {**said, "commitment": on, "text": _words(said["text"]), "version": version}
    facts |= {"report": held, "written_by": by}
    if again := Comment.objects.open().filter(**facts).first():
        return again, False
    return Comment.objects.create(**facts, written_at=at), True


@transaction.atomic
def reply(first: Comment, *, text: str, by: User, at: dt.datetime) -> Comment:
    """The next word in an open thread, by a reviewer or by the people of the member."""
    held = hold(first.report)
    first = Comment.objects.select_for_update(of=("self",)).get(pk=first.pk)
    if not rules.can_reply(by, held, first.internal):
        raise PermissionDenied("reply: reviewer, or represents the member")
    _still_open(first, held)
    text, last = _words(text), first.replies.order_by("pk").last()
    if last and last.written_by_id == by.pk and last.text == text:
        return last
    thread = {"report": held, "commitment": first.commitment, "internal": first.internal}
    said = {"text": text, "written_by": by, "by_member": people.represents(by, held.member)}
    place = {"version": _submitted(held), "written_at": at}
    made = Comment.objects.create(reply_to=first, **thread, **said, **place)
    record("reply", held, by=by, at=at, on=_place(made), internal=first.internal)
    return made


@transaction.atomic
def resolve(first: Comment, *, by: User, at: dt.datetime) -> Comment:
    """The thread, settled by a reviewer. Once more it changes nothing.

    Where the member objected it has a word of the secretariat first. With the last of these
    threads the objection is answered, and the member's days to look begin anew.
    """
    held = hold(first.report)
    if not rules.can_review(by, held):
        raise PermissionDenied("resolve: reviewer who does not represent the member")
    first = Comment.objects.select_for_update(of=("self",)).get(pk=first.pk)
    if first.reply_to_id:
        raise ValidationError(_("A thread is settled by its first comment."))
    if first.resolved_at:
        return first
    _answered(first, held)
    first.resolved_by, first.resolved_at = by, at
    first.save(update_fields=["resolved_by", "resolved_at"])
    record("resolve", held, by=by, at=at, on=_place(first), internal=first.internal)
    unsettled = Comment.objects.open().objections().filter(report=held, version=_submitted(held))
    if held.objected_at and not unsettled.exists():
        preview_anew(held, by=by, at=at)
    return first


def _answered(first: Comment, held: Report) -> None:
    """Raises WrongMoment where the member objects and has had the last word."""
    last = first.replies.order_by("pk").last() or first
    if held.objected_at and first.by_member and last.by_member:
        raise WrongMoment(_("Answer the member first, or return the report."), held)


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

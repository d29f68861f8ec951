"""A focal point leaves: what it held goes to its successor in one step."""

import datetime as dt
from itertools import groupby

from django.db import transaction

from members.actions import pass_on
from members.models import Member, User

from ..models import Assignment, Report
from .moving import record, today
from .notices import tell_successor


@transaction.atomic
def hand_over(
    member: Member, *, leaving: User, to: User, ends: bool, by: User, at: dt.datetime
) -> int:
    """How many questions asked of `leaving` are now asked of `to`, who is focal point from today.

    What was asked of nobody is the focal points' anyway. Reminders, mail and calendars follow
    the roles: from now on they are made for the successor, and no longer for somebody whose role
    ended. Raises ValidationError by field and PermissionDenied, as `pass_on`.
    """
    pass_on(member, leaving=leaving, to=to, ends=ends, by=by, at=at)
    held = Assignment.objects.filter(person=leaving, ended_at__isnull=True)
    rows = list(
        held.filter(answer__report__member=member)
        .select_related("answer__commitment", "answer__report__cycle", "answer__report__member")
        .order_by("answer__report", "answer")
        .select_for_update(of=("self",))
    )
    for row in rows:
        _move(row, to, by=by, at=at)
    for report, moved in groupby(rows, lambda row: row.answer.report):
        clauses = sorted(row.answer.commitment.reference for row in moved)
        record("hand_over", report, by=by, at=at, person=to.pk, commitments=clauses)
    newest = Report.objects.filter(member=member).select_related("cycle", "member")
    last = newest.order_by("-cycle__code").first()
    tell_successor(to, member, on=today(at), asked=len(rows), report=last)
    return len(rows)


def _move(row: Assignment, to: User, *, by: User, at: dt.datetime) -> None:
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["ended_at", "ended_by"])
    facts = {"due_on": row.due_on, "apart": row.apart, "assigned_at": at, "assigned_by": by}
    Assignment.objects.create(answer=row.answer, person=to, **facts)

"""Colleagues are reminded of what is asked of them when its day comes near, and when it is over."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, ngettext

from .. import words, workflow
from ..models import Assignment, AssignmentReminder, Proposal, Report
from ..querysets import AssignmentQuerySet
from .moving import today
from .notices import in_words, tell_colleague

NEAR = dt.timedelta(days=3)
Kind = AssignmentReminder.Kind


@transaction.atomic
def remind_of_dates(*, at: dt.datetime) -> int:
    """How many messages were queued: one for each person, report and kind, of what is open.

    A question is told once when its day is at most three days away, and once when it is over;
    a day on which nothing ran is caught up. May be repeated, and run twice at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reminders', 0))")
    told = 0
    for kind in Kind:
        rows = [row for row in _due(kind, today(at)) if _is_open(row)]
        for _of, group in groupby(rows, lambda row: (row.person_id, row.answer.report_id)):
            _remind(list(group), kind, at)
            told += 1
    return told


def _due(kind: str, day: dt.date) -> AssignmentQuerySet:
    """The questions whose day comes near, or is over, and of which nobody was told so."""
    rows = Assignment.objects.counting(day).filter(answer__report__state__in=workflow.OPEN)
    rows = rows.exclude(reminders__kind=kind).exclude(due_on=None)
    if kind == Kind.OVER:
        rows = rows.filter(due_on__lt=day)
    else:
        rows = rows.filter(due_on__gte=day, due_on__lte=day + NEAR)
        # Who was asked in these very days was told of the day with the question.
        rows = rows.filter(assigned_at__date__lt=F("due_on") - NEAR)
    related = ("person", "answer__report__cycle", "answer__report__member", "answer__proposal")
    return rows.select_related(*related).order_by("person", "answer__report", "due_on")


def _is_open(row: Assignment) -> bool:
    """Is something still missing, in the answer and in what is proposed for it?"""
    proposal: Proposal | None = getattr(row.answer, "proposal", None)
    proposed = proposal is not None and proposal.version > 0
    done = proposed and not words.lacks(proposal.said())  # type: ignore[union-attr]
    return bool(words.lacks(row.answer.said())) and not done


def _remind(rows: list[Assignment], kind: str, at: dt.datetime) -> None:
    AssignmentReminder.objects.bulk_create(
        AssignmentReminder(assignment=row, kind=kind, at=at) for row in rows
    )
    report: Report = rows[0].answer.report
    day = in_words(rows[0].due_on or today(at))
    note: Any = gettext_lazy("Please answer by {day}.")
    if kind == Kind.OVER:
        note = gettext_lazy("They were asked for by {day}. What comes later is still welcome.")
    what = lazy(_open_of_you, str)(len(rows))
    tell_colleague(rows[0].person, report, what, on=today(at), note=format_lazy(note, day=day))


def _open_of_you(n: int) -> str:
    words = ngettext(
        "%(n)d question asked of you is open", "%(n)d questions asked of you are open", n
    )
    return words % {"n": n}

"""Who holds which question of a report, and how far each person is."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.languages import said
from members.models import User

from ... import workflow
from ...forms.people import section_key
from ...models import Assignment, Report
from ...questions import Question


def holder(question: Question) -> str:
    """Who is to answer: the person asked, else the focal point; nobody of what is not owed."""
    if question.assignment:
        return str(question.assignment.person)
    return _("Focal point") if question.is_owed else _("nobody yet")


def holders(asked: Iterable[Question]) -> str:
    """The one who holds all of these questions, or how many share them."""
    names = list(dict.fromkeys(holder(question) for question in asked))
    if len(names) == 1:
        return names[0]
    return ngettext("%(n)d person", "%(n)d people", len(names)) % {"n": len(names)}


def part(report: Report, question: Question) -> dict[str, Any]:
    """One question as a line of a task list."""
    return {
        "url": reverse("answer", args=[report.code, question.reference]),
        "reference": question.reference,
        "title": said(question.commitment.title),
        "who": holder(question),
        "due": question.assignment.due_on if question.assignment else None,
        "work": question.work,
        "waits": question.proposal_waits and question.final is None,
    }


def share(report: Report, mine: list[Question]) -> dict[str, Any]:
    """What one person was asked for: lines, how many are answered, the first day they are due."""
    left = [q.assignment for q in mine if q.assignment and not q.is_done]
    days = [assignment.due_on for assignment in left if assignment.due_on]
    return {
        "parts": [part(report, question) for question in mine],
        "done": sum(question.is_done for question in mine),
        "of": len(mine),
        "due": min(days) if days else None,
    }


def shares(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """Each person that something is asked of, in the order of the questions, with its progress."""
    of: dict[User, list[Question]] = {}
    for question in asked:
        if question.assignment:
            of.setdefault(question.assignment.person, []).append(question)
    return [{"person": who, **share(report, mine)} for who, mine in of.items()]


def choices(asked: list[Question]) -> list[dict[str, Any]]:
    """The sections of a report to choose from, each with its questions and who holds them."""
    return [
        {
            "key": key,
            "statement": group[0].commitment.statement.code,
            "name": said(group[0].commitment.section),
            "questions": [(question, holder(question)) for question in group],
            "who": holders(group),
        }
        for key, group in ((key, list(of)) for key, of in groupby(asked, section_key))
    ]


def asked_of(person: User) -> list[dict[str, Any]]:
    """The reports in which something is asked of the person, with what; three queries."""
    today = dt.datetime.now(dt.UTC).date()
    rows = Assignment.objects.filter(person=person).counting(today)
    rows = rows.filter(answer__report__state__in=workflow.OPEN)
    related = ("person", "answer__commitment", "answer__report__cycle", "answer__report__member")
    of: dict[Report, list[Question]] = {}
    for row in rows.select_related(*related).order_by("answer__report", "answer"):
        answer = row.answer
        facts = {"answer": answer, "assignment": row, "said": answer.said()}
        of.setdefault(answer.report, []).append(Question(answer.commitment, None, **facts))
    return [{"report": report, **share(report, mine)} for report, mine in of.items()]

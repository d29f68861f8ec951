"""A focal point asks colleagues for answers, takes them back, and hides the rest from them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.models import Commitment
from members import events
from members import rules as roles
from members.models import Member, Role, User

from .. import questions, rules, workflow
from ..models import Answer, Assignment, Report, Restriction
from .moving import hold, record, today
from .notices import in_words, tell_colleague


@transaction.atomic
def assign(
    report: Report,
    commitments: Iterable[Commitment],
    *,
    to: User,
    due_on: dt.date | None,
    apart: bool = True,
    by: User,
    at: dt.datetime,
) -> list[Assignment]:
    """The answers now asked of `to`, each until `due_on`; who held one before holds it no more.

    `apart`: what contributors write there is a proposal, until a focal point takes it over.
    One message tells the person. What is asked of it already, until the same day, stays as it
    is, so repeating changes nothing and tells nobody. Raises ValidationError (by field) for a
    person of another member, a past day, or a clause that the report does not ask about, and
    WrongMoment when answers cannot be written.
    """
    held = _hold_for_writing(report, by)
    if not to.is_active or not roles.represents(to, held.member):
        raise ValidationError({"person": _("This person does not act for the member.")})
    if due_on and due_on < today(at):
        raise ValidationError({"due_on": _("This day is over.")})
    open_ones, wanted = _open(held), (to.pk, due_on, apart)
    new = [a for a in _answers(held, commitments) if not _stands(open_ones.get(a.pk), wanted)]
    _end([open_ones[a.pk] for a in new if a.pk in open_ones], by=by, at=at)
    facts: dict[str, Any] = {"person": to, "due_on": due_on, "apart": apart}
    facts |= {"assigned_at": at, "assigned_by": by}
    made = [Assignment.objects.create(answer=answer, **facts) for answer in new]
    if made:
        until = due_on.isoformat() if due_on else ""
        record("assign", held, by=by, at=at, person=to.pk, due_on=until, **_clauses(new))
        _tell(to, held, len(made), asked=True, due_on=due_on, on=today(at))
    return made


@transaction.atomic
def take_back(
    report: Report, commitments: Iterable[Commitment], *, by: User, at: dt.datetime
) -> int:
    """How many answers are no longer asked of a colleague; each is told once how many it lost."""
    held = _hold_for_writing(report, by)
    wanted = {clause.pk for clause in commitments}
    ended = [a for a in _open(held).values() if a.answer.commitment_id in wanted]
    _end(ended, by=by, at=at)
    for person in {a.person for a in ended}:
        lost = [a.answer for a in ended if a.person_id == person.pk]
        record("take_back", held, by=by, at=at, person=person.pk, **_clauses(lost))
        if person.is_active:
            _tell(person, held, len(lost), asked=False, due_on=None, on=today(at))
    return len(ended)


@transaction.atomic
def remind_of_assignments(report: Report, *, person: User, by: User, at: dt.datetime) -> int:
    """How many unanswered questions the person was reminded of; nothing is sent for none."""
    held = _hold_for_writing(report, by)
    mine = [q for q in questions.questions(held) if q.is_held_by(person) and not q.is_done]
    days = [q.assignment.due_on for q in mine if q.assignment and q.assignment.due_on]
    if mine:
        record("remind_of_assignments", held, by=by, at=at, person=person.pk, open=len(mine))
        due_on = min(days) if days else None
        _tell(person, held, len(mine), asked=True, due_on=due_on, on=today(at))
    return len(mine)


@transaction.atomic
def restrict(member: Member, *, person: User, by: User, at: dt.datetime) -> Restriction:
    """From now on the person is shown only what is asked of it; once more changes nothing."""
    _demand_focal_point(by, member)
    if not roles.represents(person, member) or roles.is_focal_point(person, member):
        raise ValidationError({"person": _("Only a contributor's view can be narrowed.")})
    _people_of(member)
    open_ones = Restriction.objects.open().filter(member=member, person=person)
    if there := open_ones.first():
        return there
    facts = {"member": member, "person": person, "set_at": at, "set_by": by}
    row = Restriction.objects.create(**facts)
    _record_view("view narrowed", row, by=by, at=at)
    return row


@transaction.atomic
def unrestrict(member: Member, *, person: User, by: User, at: dt.datetime) -> None:
    """The person is shown all answers of the member again; once more changes nothing."""
    _demand_focal_point(by, member)
    _people_of(member)
    for row in Restriction.objects.open().filter(member=member, person=person):
        row.ended_at, row.ended_by = at, by
        row.save(update_fields=["ended_at", "ended_by"])
        _record_view("view widened", row, by=by, at=at)


def _hold_for_writing(report: Report, by: User) -> Report:
    """The locked report, for its focal point and while answers can be written."""
    if not rules.can_delegate(by, report):
        raise PermissionDenied("the focal point of the member")
    held = hold(report)
    if held.state not in workflow.OPEN:
        words = _("Questions are asked of colleagues while the report can be written.")
        raise workflow.WrongMoment(words, held)
    return held


def _answers(report: Report, commitments: Iterable[Commitment]) -> list[Answer]:
    asked = {q.commitment.pk for q in questions.bare(report)}
    answers = []
    for clause in commitments:
        if clause.pk not in asked:
            raise ValidationError({"questions": _("This report does not ask about that clause.")})
        answers.append(Answer.objects.get_or_create(report=report, commitment=clause)[0])
    return answers


def _open(report: Report) -> dict[int, Assignment]:
    """The open rows by answer, those of people who have left as well."""
    rows = Assignment.objects.filter(answer__report=report, ended_at__isnull=True)
    related = rows.select_related("answer__commitment", "person")
    return {row.answer_id: row for row in related}


def _stands(row: Assignment | None, wanted: tuple[int, dt.date | None, bool]) -> bool:
    return row is not None and (row.person_id, row.due_on, row.apart) == wanted


def _end(rows: Iterable[Assignment], *, by: User, at: dt.datetime) -> None:
    for row in rows:
        row.ended_at, row.ended_by = at, by
        row.save(update_fields=["ended_at", "ended_by"])


def _clauses(answers: Iterable[Answer]) -> dict[str, list[str]]:
    return {"commitments": sorted(answer.commitment.reference for answer in answers)}


def _demand_focal_point(by: User, member: Member) -> None:
    if not roles.is_focal_point(by, member):
        raise PermissionDenied("the focal point of the member")


def _people_of(member: Member) -> None:
    """Lets one at a time change what the people of a member see."""
    list(Role.objects.select_for_update(of=("self",)).filter(member=member).values_list("pk"))


def _record_view(verb: str, row: Restriction, *, by: User, at: dt.datetime) -> None:
    about, member = f"person:{row.person_id}", row.member.code
    events.record(verb, by=by, about=about, chain="accounts", at=at, member=member)


def _tell(
    person: User, report: Report, n: int, *, asked: bool, due_on: dt.date | None, on: dt.date
) -> None:
    what = lazy(_asked_of_you if asked else _taken_back, str)(n)
    note: str | Promise = ""
    if due_on:
        words = gettext_lazy("Please answer by {day}.")
        note = format_lazy(words, day=in_words(due_on))
    tell_colleague(person, report, what, on=on, note=note)


def _asked_of_you(n: int) -> str:
    words = ngettext("%(n)d question is asked of you", "%(n)d questions are asked of you", n)
    return words % {"n": n}


def _taken_back(n: int) -> str:
    words = ngettext(
        "%(n)d question is no longer asked of you", "%(n)d questions are no longer asked of you", n
    )
    return words % {"n": n}

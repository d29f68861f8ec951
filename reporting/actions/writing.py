"""What the member does: start, save, submit, recall, agree, write a new version."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from commitments.models import Commitment
from members.models import Member, User

from .. import questions, rules, words, workflow
from ..models import Answer, Cycle, Proposal, PublishedReport, Report
from .form import keep_form
from .moving import hold_for, record, today

# A row that is saved version by version.
Written = Answer | Proposal
BEGUN_WITH = ("synthetic", "received_as", "received_on", "entered_by")


class Conflict(Exception):
    """Somebody saved this answer since `base_version`. Nothing was written.

    `mine` and `base` are words by field, `theirs` is the answer as it stands.
    """

    def __init__(self, mine: dict[str, Any], theirs: Written, base: dict[str, Any]) -> None:
        super().__init__(f"version {theirs.version}")
        self.mine, self.theirs, self.base = mine, theirs, base


@transaction.atomic
def start_report(
    cycle: Cycle, member: Member, *, by: User, at: dt.datetime, synthetic: bool = False
) -> Report:
    """The member's report of the round, begun with a blank answer to each of its questions.

    May be repeated: a report that exists is returned as it is.
    """
    report = Report(cycle=cycle, member=member, synthetic=synthetic)
    existing = Report.objects.filter(cycle=cycle, member=member).first()
    if existing and rules.can_start(by, existing):
        return existing
    workflow.check("start", existing or report, by=by, on=today(at))
    begun = begin(report, by=by, at=at, verb="start")
    return begun or Report.objects.get(cycle=cycle, member=member)


def begin(report: Report, *, by: User, at: dt.datetime, verb: str, **facts: str) -> Report | None:
    """The report, begun with a blank answer to each question; None where there is one already."""
    defaults = {name: getattr(report, name) for name in BEGUN_WITH}
    begun, created = Report.objects.get_or_create(
        cycle=report.cycle, member=report.member, defaults=defaults
    )
    if not created:
        return None
    asked = questions.bare(begun)
    Answer.objects.bulk_create(Answer(report=begun, commitment=q.commitment) for q in asked)
    form = keep_form(report.cycle, at=at)
    record(verb, begun, by=by, at=at, form=form.number, **facts)
    return begun


@transaction.atomic
def save_answer(
    report: Report,
    commitment: Commitment,
    *,
    said: Mapping[str, Any],
    base_version: int,
    by: User,
    at: dt.datetime,
    origin: str = "form",
) -> Written:
    """The answer after what was `said` became its next version; base_version is what was read.

    What a contributor writes where texts are kept apart is saved as the proposal, in the same
    manner, and the answer stays as it is. docs/decisions/delegation.md
    One conditional UPDATE decides; the kept version is in the same transaction. The same save
    repeated is a success and adds nothing. Raises Conflict when somebody else saved meanwhile,
    WrongMoment when the report is not open, ValidationError by field for words that cannot be
    kept. Leaves all other answers alone.
    """
    if not rules.can_write(by, report):
        raise PermissionDenied("save_answer: represents the member")
    mine = words.clean(said)
    hold_open(report)
    answer = _row(report, _answer(report, commitment), by)
    if "no_change" not in said and {**mine, "no_change": True} == answer.said():
        mine["no_change"] = True  # the same words keep what was signed under them
    unchanged = answer.version == base_version and answer.version and answer.said() == mine
    facts = {"version": base_version + 1, "saved_at": at, "saved_by": by}
    origin = "desk" if rules.enters(by, report) else origin
    if unchanged or not _update(answer, base_version, {**mine, **facts}):
        return _as_it_stands(answer, mine, base_version, by)
    answer.versions.create(origin=origin, **mine, **facts)
    answer.refresh_from_db()
    return answer


def _update(answer: Written, base_version: int, facts: dict[str, Any]) -> int:
    """How many rows took the new words: one, or none when somebody was quicker.

    The version stands in the outer WHERE: a join would move it into a sub-select, which a second
    writer that waited would not read again.
    """
    found = Report.objects.filter(state__in=workflow.OPEN)
    if isinstance(answer, Proposal):
        still_open = found.filter(answers=OuterRef("answer_id"))
    else:
        still_open = found.filter(pk=OuterRef("report_id"))
    rows = type(answer)._default_manager.filter(Exists(still_open), pk=answer.pk)
    return rows.filter(version=base_version).update(**facts)


def _as_it_stands(answer: Written, mine: dict[str, Any], base_version: int, by: User) -> Written:
    """The answer when these words are saved already; else the conflict."""
    answer.refresh_from_db()
    if answer.said() == mine:
        return answer
    versions = {v.version: v for v in answer.versions.filter(version__gte=base_version)}
    done = versions.get(base_version + 1)
    if done and done.saved_by_id == by.pk and done.said() == mine:
        return answer
    base = versions.get(base_version)
    raise Conflict(mine, answer, base.said() if base else dict(words.BLANK))


def sign_no_change(
    report: Report, commitment: Commitment, *, base_version: int, by: User, at: dt.datetime
) -> Written:
    """The answer after the last published one was carried over by an explicit "no change"."""
    earlier = questions.earlier_answers(report.cycle, report.member).get(commitment.reference)
    if earlier is None or not earlier.said["status"]:
        raise ValidationError(_("There is no published answer of an earlier round to carry over."))
    said = {**earlier.said, "no_change": True}
    return save_answer(report, commitment, said=said, base_version=base_version, by=by, at=at)


def hold_open(report: Report) -> None:
    """Keeps the report from being submitted while an answer is saved; savers pass together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM reporting_report WHERE id = %s FOR SHARE", [report.pk])
        (state,) = cursor.fetchone()
    if state not in workflow.OPEN:
        report.refresh_from_db()
        words = _(
            "Answers can be changed in a draft and in a returned report. This one is %(state)s."
        )
        raise workflow.WrongMoment(words % {"state": report.get_state_display()}, report)


def _row(report: Report, answer: Answer, by: User) -> Written:
    """Where this person's words go: the answer, or the proposal that is kept apart from it.

    Refuses who is shown only what is asked of it, and was not asked for this answer.
    """
    if rules.can_send(by, report):
        return answer
    asked = questions.assignments(report).filter(answer=answer).first()
    own = asked is not None and asked.person_id == by.pk
    if not own and questions.is_restricted(by, report.member):
        raise PermissionDenied("save_answer: this answer is not shown to the person")
    if asked is None or not asked.apart:
        return answer
    return Proposal.objects.get_or_create(answer=answer)[0]


def _answer(report: Report, commitment: Commitment) -> Answer:
    """The report's answer on a clause that it asks; a blank one where it has none yet."""
    answer = report.answers.filter(commitment=commitment).first()
    if answer is None:
        if commitment.reference not in {q.reference for q in questions.bare(report)}:
            raise ValidationError(_("This report does not ask about that clause."))
        answer, _created = Answer.objects.get_or_create(report=report, commitment=commitment)
    return answer


@transaction.atomic
def recall(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The report as a draft again; it counts as not submitted until it is submitted anew.

    A report that the public already reads keeps the day it first came. One that was entered
    stays entered when who entered it takes it back; recalled by its member it is the member's own
    from then on, and its next submission counts, not the paper.
    """
    held = hold_for("recall", report, by=by, on=today(at))
    shown = PublishedReport.objects.filter(cycle=held.cycle.code, member=held.member.code)
    held.state = Report.State.DRAFT
    if not shown.exists():
        held.first_submitted_at = None
    if rules.can_submit(by, held):
        held.received_as, held.received_on = Report.Channel.ONLINE, None
        held.confirmed_at = None
    held.save()
    record("recall", held, by=by, at=at)
    return held


@transaction.atomic
def agree(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The accepted report with the member's word that it may be published as previewed."""
    held = hold_for("agree", report, by=by, on=today(at))
    held.agreed_at = at
    held.save()
    record("agree", held, by=by, at=at)
    return held


@transaction.atomic
def reopen(report: Report, *, by: User, at: dt.datetime) -> Report:
    """The report as a draft of a new version; the published one stays until it is replaced."""
    held = hold_for("reopen", report, by=by, on=today(at))
    held.state = Report.State.DRAFT
    held.review_started_at, held.reviewer = None, None
    held.accepted_at, held.agreed_at = None, None
    held.save()
    record("reopen", held, by=by, at=at)
    return held

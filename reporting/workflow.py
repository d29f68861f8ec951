"""The life of a report as a table: which move leads from where to where, and who may make it.

Buttons, the checks of `reporting.actions` and docs/workflow.md come from this table. The same
moves are held by the database (the trigger `legal_moves` of `Report`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.languages import long_date
from members.rules import Person

from . import rules
from .models import Report

DRAFT, SUBMITTED, RETURNED = Report.State.DRAFT, Report.State.SUBMITTED, Report.State.RETURNED
ACCEPTED, PUBLISHED = Report.State.ACCEPTED, Report.State.PUBLISHED

# While a report is in one of these states its answers can be written.
OPEN = (DRAFT, RETURNED)


class WrongMoment(Exception):
    """The move exists and the person may make it, but not now. Pages answer 409.

    `report` is the one that was to be moved, where it is one; it says what can be done instead.
    """

    def __init__(self, why: str, report: Report | None = None) -> None:
        super().__init__(why)
        self.report = report


def _always(report: Report, on: dt.date) -> str:
    return ""


def _after_opening(report: Report, on: dt.date) -> str:
    if int(report.cycle.code) < settings.FIRST_CYCLE:
        return _("Reports of this round are not collected here.")
    return "" if on >= report.cycle.opens_on else _("The round has not opened yet.")


def _before_review(report: Report, on: dt.date) -> str:
    return _("A reviewer has already begun.") if report.review_started_at else ""


def _under_review(report: Report, on: dt.date) -> str:
    return "" if report.review_started_at else _("The review has not been started.")


def _confirmed(report: Report, on: dt.date) -> str:
    """Why a report that was entered cannot be accepted yet."""
    if report.is_unconfirmed:
        return _("The member has not confirmed yet that this is what it sent.")
    return _under_review(report, on)


def _to_confirm(report: Report, on: dt.date) -> str:
    if not report.was_entered:
        return _("The member wrote this report itself.")
    return _("The member has confirmed it already.") if report.confirmed_at else ""


def _not_agreed(report: Report, on: dt.date) -> str:
    if report.objected_at:
        return _("The member has said what is wrong. The secretariat answers that first.")
    return _("The member has already agreed.") if report.agreed_at else ""


def _can_still_object(report: Report, on: dt.date) -> str:
    if report.agreed_at:
        return _("The member has already agreed.")
    ends = preview_ends_on(report)
    return "" if ends and on < ends else _("The days to look at it are over.")


def preview_ends_on(report: Report) -> dt.date | None:
    """The first day on which an accepted report may be published without the member's word."""
    if report.accepted_at is None:
        return None
    return report.accepted_at.date() + dt.timedelta(days=settings.PREVIEW_DAYS)


def _seen_by_member(report: Report, on: dt.date) -> str:
    accepted, ends = report.accepted_at, preview_ends_on(report)
    if accepted is None or ends is None or on < accepted.date():
        return _("A report is not published before it was accepted.")
    if report.objected_at:
        return _("The member says that something is wrong. Answer that, or return the report.")
    if report.agreed_at or on >= ends:
        return ""
    return _("The member may look at it until %(day)s.") % {"day": long_date(ends)}


@dataclass(frozen=True)
class Move:
    """One line of the table. `not_yet` says why the moment is wrong; nothing when it is right."""

    name: str
    sources: frozenset[str]
    target: str
    rule: Callable[[Person, Report], bool]
    label: str | Promise
    who: str | Promise
    when: str | Promise = ""
    not_yet: Callable[[Report, dt.date], str] = _always

    def is_allowed(self, person: Person, report: Report) -> bool:
        return self.rule(person, report)

    def refusal(self, report: Report, on: dt.date) -> str:
        """Why the report cannot make this move on that day, in words; empty when it can."""
        if (report.state if report.pk else "") not in self.sources:
            words = {"move": self.label, "state": report.get_state_display()}
            return _("“%(move)s” cannot be done with a report that is %(state)s.") % words
        return self.not_yet(report, on)


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


FOCAL = gettext_lazy("focal point")
SENDER = gettext_lazy("focal point, or who entered what came on paper until that is confirmed")
REVIEWER = gettext_lazy("reviewer who does not represent the member and did not enter the report")
PUBLISHER = gettext_lazy(
    "reviewer or administrator who does not represent the member and did not enter the report"
)

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "start",
            _from(""),
            DRAFT,
            rules.can_start,
            gettext_lazy("Start the report"),
            who=gettext_lazy("focal point or contributor"),
            when=gettext_lazy("from the day the round opens, also after it closed"),
            not_yet=_after_opening,
        ),
        Move(
            "enter",
            _from(""),
            DRAFT,
            rules.can_enter,
            gettext_lazy("Enter a report that came on paper"),
            who=gettext_lazy("secretariat, who does not represent the member"),
            when=gettext_lazy("from the day the round opens, also after it closed"),
            not_yet=_after_opening,
        ),
        Move(
            "submit",
            _from(*OPEN),
            SUBMITTED,
            rules.can_send,
            label=gettext_lazy("Submit the report"),
            who=SENDER,
            when=gettext_lazy("every owed question is answered"),
        ),
        Move(
            "recall",
            _from(SUBMITTED),
            DRAFT,
            rules.can_send,
            label=gettext_lazy("Recall the report"),
            who=SENDER,
            when=gettext_lazy("until a reviewer starts"),
            not_yet=_before_review,
        ),
        Move(
            "confirm",
            _from(SUBMITTED),
            SUBMITTED,
            rules.can_submit,
            label=gettext_lazy("Confirm the report"),
            who=FOCAL,
            when=gettext_lazy("the secretariat entered it"),
            not_yet=_to_confirm,
        ),
        Move(
            "dispute",
            _from(SUBMITTED),
            RETURNED,
            rules.can_submit,
            label=gettext_lazy("Say what is wrong"),
            who=FOCAL,
            when=gettext_lazy("the secretariat entered it, and the member has not confirmed it"),
            not_yet=_to_confirm,
        ),
        Move(
            "start_review",
            _from(SUBMITTED),
            SUBMITTED,
            rules.can_review,
            label=gettext_lazy("Start review"),
            who=REVIEWER,
            not_yet=_before_review,
        ),
        Move(
            "accept",
            _from(SUBMITTED),
            ACCEPTED,
            rules.can_review,
            label=gettext_lazy("Accept"),
            who=REVIEWER,
            when=gettext_lazy(
                "the review was started; what was entered is confirmed by its member"
            ),
            not_yet=_confirmed,
        ),
        Move(
            "agree",
            _from(ACCEPTED),
            ACCEPTED,
            rules.can_submit,
            label=gettext_lazy("Agree to publication"),
            who=FOCAL,
            when=gettext_lazy("what it said to be wrong was answered"),
            not_yet=_not_agreed,
        ),
        Move(
            "object",
            _from(ACCEPTED),
            ACCEPTED,
            rules.can_submit,
            label=gettext_lazy("Say what is wrong"),
            who=FOCAL,
            when=gettext_lazy("until the member agreed, within PREVIEW_DAYS of acceptance"),
            not_yet=_can_still_object,
        ),
        Move(
            "publish",
            _from(ACCEPTED),
            PUBLISHED,
            rules.can_publish,
            label=gettext_lazy("Publish"),
            who=PUBLISHER,
            when=gettext_lazy(
                "the member agreed, or PREVIEW_DAYS have passed since acceptance and it does not "
                "object"
            ),
            not_yet=_seen_by_member,
        ),
        Move(
            "send_back",
            _from(SUBMITTED, ACCEPTED),
            RETURNED,
            rules.can_review,
            label=gettext_lazy("Return with a reason"),
            who=REVIEWER,
            when=gettext_lazy(
                "the review was started; after acceptance when the member asks to correct it"
            ),
            not_yet=_under_review,
        ),
        Move(
            "withdraw",
            _from(PUBLISHED),
            ACCEPTED,
            rules.can_publish,
            label=gettext_lazy("Withdraw from publication"),
            who=PUBLISHER,
        ),
        Move(
            "reopen",
            _from(PUBLISHED),
            DRAFT,
            rules.can_submit,
            label=gettext_lazy("Write a new version"),
            who=FOCAL,
            when=gettext_lazy("the published version stays until it is replaced"),
        ),
    )
}


def open_moves(person: Person, report: Report, *, on: dt.date) -> list[Move]:
    """The moves that the person can make with the report on that day, in the table's order."""
    return [
        move
        for move in MOVES.values()
        if move.is_allowed(person, report) and not move.refusal(report, on)
    ]


def possible(report: Report, *, on: dt.date) -> list[Move]:
    """The moves that somebody can make with the report on that day, in the table's order."""
    return [move for move in MOVES.values() if not move.refusal(report, on)]


def check(name: str, report: Report, *, by: Person, on: dt.date) -> Move:
    """The move, when `by` may make it now.

    Raises PermissionDenied when the person may never, WrongMoment when not in this state or day.
    """
    move = MOVES[name]
    if not move.is_allowed(by, report):
        raise PermissionDenied(f"{name}: {move.who}")
    if refusal := move.refusal(report, on):
        raise WrongMoment(refusal, report)
    return move


def as_markdown() -> str:
    """The table as docs/workflow.md shows it."""
    lines = [
        "# The workflow of a report",
        "",
        "Written by `manage.py draw_workflow` from `reporting/workflow.py`; do not edit.",
        "",
        "| move | from | to | who | when |",
        "| --- | --- | --- | --- | --- |",
    ]
    for move in MOVES.values():
        sources = ", ".join(sorted(move.sources)) or "(none)"
        lines.append(f"| {move.name} | {sources} | {move.target} | {move.who} | {move.when} |")
    lines += ["", "```mermaid", "stateDiagram-v2"]
    for move in MOVES.values():
        for source in sorted(move.sources):
            lines.append(f"    {source or '[*]'} --> {move.target}: {move.name}")
    return "\n".join([*lines, "```", ""])

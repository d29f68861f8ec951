"""What every move shares: the locked row, the check, the event."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members import events
from members.models import User

from .. import workflow
from ..models import Report


class NotReady(Exception):
    """The report cannot be submitted yet; `blockers` are the questions that must be mended."""

    def __init__(self, blockers: list[Any]) -> None:
        super().__init__(f"{len(blockers)} questions")
        self.blockers = blockers


class Unexplained(Exception):
    """The report can be submitted once each of `wanting` (in words) was explained."""

    def __init__(self, wanting: list[str]) -> None:
        super().__init__(f"{len(wanting)} warnings")
        self.wanting = wanting


def hold(report: Report) -> Report:
    """The report's row as it is now, locked until the end of the transaction."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("cycle", "member")
    return rows.get(pk=report.pk)


def hold_for(move: str, report: Report, *, by: User, on: dt.date) -> Report:
    """The locked report, when `by` may make this move with it on that day."""
    held = hold(report)
    workflow.check(move, held, by=by, on=on)
    return held


def record(verb: str, report: Report, *, by: User, at: dt.datetime, **detail: Any) -> None:
    """An event in the report's own chain."""
    events.record(verb, by=by, about=report.code, chain=f"report:{report.code}", at=at, **detail)


def required(text: str) -> str:
    """A reason, which may not be empty."""
    if not text.strip():
        raise ValidationError(_("Give a reason."))
    return text.strip()


def today(at: dt.datetime) -> dt.date:
    return at.astimezone(dt.UTC).date()

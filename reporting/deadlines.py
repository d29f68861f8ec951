"""Where a round stands, and whether a report came in time. Pure: neither Django nor the clock."""

import datetime as dt
from typing import Protocol

from commitments.deadlines import end_of_day_anywhere, is_over

STATES = ("not_collected", "planned", "open", "overdue", "closed")


class Round(Protocol):
    """The facts of a reporting cycle that its state follows from."""

    code: str
    opens_on: dt.date
    due_on: dt.date
    closes_on: dt.date


def state(cycle: Round, now: dt.datetime, first_cycle: int) -> str:
    """The round's state at `now`: not_collected, planned, open, overdue or closed.

    A round before `first_cycle` is not collected here, whatever the day. A round opens with
    its day in UTC; it is overdue, and later closed, when that day is over everywhere.
    """
    if int(cycle.code) < first_cycle:
        return "not_collected"
    if now.astimezone(dt.UTC).date() < cycle.opens_on:
        return "planned"
    if not is_over(cycle.due_on, now):
        return "open"
    return "closed" if is_over(cycle.closes_on, now) else "overdue"


def timeliness(
    first_submitted_at: dt.datetime | None,
    due_on: dt.date,
    extended_due_on: dt.date | None,
    closes_on: dt.date,
    excused: bool,
    expected: bool,
    now: dt.datetime,
) -> str:
    """Whether a member's report came in time, as known at `now`.

    on_time   the first submission came by the (extended) due day
    late      it came after that, before the round closed
    overdue   it has not come, and the due day is over
    missed    the round closed without it; one that comes later still counts as missed
    expected  it has not come, and is not yet due
    excused   no report was asked for, and none came in time
    voluntary, not_expected   the member owes no report; one came, or none did
    """
    came = first_submitted_at if first_submitted_at and first_submitted_at <= now else None
    if not expected:
        return "voluntary" if came else "not_expected"
    deadline = max(due_on, extended_due_on or due_on)
    if came and came < end_of_day_anywhere(deadline):
        return "on_time"
    if excused:
        return "excused"
    last = max(deadline, closes_on)
    if came:
        return "late" if came < end_of_day_anywhere(last) else "missed"
    if not is_over(deadline, now):
        return "expected"
    return "missed" if is_over(last, now) else "overdue"

"""Two invented errata: a figure that was counted wrong, and a correction that was wrong itself."""

import datetime as dt
import uuid
from typing import Any

from members.models import Member

from .. import actions
from ..figures import Round, cycle_figures
from ..models import Cycle
from .people import People
from .texts import MARK

CYCLE, KIND = "2022", Member.Kind.GOVERNMENT
WRONG_SINCE = dt.date(2023, 2, 1)
FIRST, SECOND = dt.date(2023, 3, 1), dt.date(2023, 3, 8)


def publish(cast: People, now: dt.datetime) -> None:
    """Both entries, by the action; none where the round was not collected or the day not come."""
    cycle = Cycle.objects.collected().filter(code=CYCLE).first()
    if cycle is None or now.date() < SECOND:
        return
    told: Any = cycle_figures(Round(cycle, FIRST))
    right, of = told["published"][KIND], told["expected"][KIND]
    first = _entry(
        cast,
        FIRST,
        what="A report published late in January was left out of a count.",
        published_in="An invented press note of 1 February 2023.",
        dataset="cycles",
        old_value=right - 1,
        old_denominator=of,
        new_value=right,
        new_denominator=of - 1,
        wrong_since=WRONG_SINCE,
    )
    _entry(
        cast,
        SECOND,
        what="The entry before gave the figure right and its denominator wrong.",
        published_in="The entry before.",
        dataset="errata",
        old_value=right,
        old_denominator=of - 1,
        new_value=right,
        new_denominator=of,
        wrong_since=FIRST,
        corrects=first,
    )


def _entry(cast: People, on: dt.date, *, what: str, published_in: str, **said: Any) -> Any:
    return actions.publish_erratum(
        by=cast.reviewer,
        on=on,
        key=uuid.uuid5(uuid.NAMESPACE_OID, f"erratum {on}"),
        synthetic=True,
        what=f"{MARK} {what}",
        published_in=f"{MARK} {published_in}",
        figure=f"{MARK} reports published of the round {CYCLE}, government members",
        corrected_on=on,
        **said,
    )

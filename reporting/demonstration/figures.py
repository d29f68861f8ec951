"""Invented yearly figures of a few members, so that a verdict is seen; all of them synthetic."""

import datetime as dt
from random import Random
from typing import Any

from members.models import User

from .. import actions
from ..models import Indicator, Report

SEED = "the demonstration's own"
ONE_IN = 3  # members that tell any figure
NOT_AVAILABLE = "Invented for the demonstration: the unit keeps no count of this year."
SOURCE = "Invented for the demonstration"


def tell(report: Report, *, by: User, at: dt.datetime) -> None:
    """The two years before the round, of one in three of the members that are asked."""
    dice = Random(f"{SEED} figures {report.member.code}")  # noqa: S311
    if dice.randrange(ONE_IN):
        return
    target = Indicator.objects.select_related("commitment__statement").first()
    if target is None or not report.answers.filter(commitment=target.commitment).exists():
        return
    count = dice.choice([0, 3, 40, 120, 300])
    for year in range(int(report.cycle.code) - 2, int(report.cycle.code)):
        said = _said(count, year, dice)
        actions.save_observation(report, target, year, said=said, base_version=0, by=by, at=at)


def _said(count: int, year: int, dice: Random) -> dict[str, Any]:
    if not dice.randrange(10):
        return {"state": "not_available", "note": NOT_AVAILABLE}
    grown = round(count * (1 + dice.uniform(0.02, 0.2)) ** (year - 2020))
    return {"state": "value", "value": grown, "source": SOURCE}

"""What came back in a workbook is saved like anything else: by version, and all at once."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from commitments.models import Commitment
from members.models import User

from .. import rules
from ..models import Indicator, Report
from ..observations import is_year, place_of
from .moving import record
from .observing import ObservationChanged, save_observation
from .writing import Conflict, save_answer


@transaction.atomic
def take_workbook(
    report: Report,
    chosen: Mapping[str, tuple[Mapping[str, Any], int]],
    *,
    by: User,
    at: dt.datetime,
) -> list[str]:
    """Saves what was chosen of a workbook: the words, and the version that was shown, by key.

    A key is the reference of a clause, or that of a year (`observations.key_of`). Returns the
    keys of what somebody saved meanwhile; these stay as they are, the others are saved, each as
    a version of its own. One transaction: a killed one saves nothing. May be repeated. Raises
    what `save_answer` and `save_observation` raise.
    """
    if not rules.can_write(by, report):
        raise PermissionDenied("take_workbook: represents the member")
    late, saves = [], _saves(report, chosen)
    for key in sorted(saves):  # in one order, so that two at once never block each other
        said, version = chosen[key]
        try:
            saves[key](said=said, base_version=version, by=by, at=at)
        except (Conflict, ObservationChanged):
            late.append(key)
    saved = len(saves) - len(late)
    record("import_workbook", report, by=by, at=at, saved=saved, late=len(late))
    return late


def _saves(report: Report, keys: Iterable[str]) -> dict[str, Callable[..., Any]]:
    """What saves each: an answer, or the figure of a year."""
    clauses = Commitment.objects.in_bulk(
        [key for key in keys if not is_year(key)], field_name="reference"
    )
    saves: dict[str, Callable[..., Any]] = {
        reference: partial(save_answer, report, clause, origin="import")
        for reference, clause in clauses.items()
    }
    places = {key: place_of(key) for key in keys if is_year(key)}
    indicators = Indicator.objects.select_related("commitment__statement").in_bulk(
        {code for code, _year in places.values()}, field_name="code"
    )
    for key, (code, year) in places.items():
        saves[key] = partial(save_observation, report, indicators[code], year)
    return saves

"""Answers that came back in a workbook are saved like any other: by version, and all at once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from commitments.models import Commitment
from members.models import User

from .. import rules
from ..models import Report
from .moving import record
from .writing import Conflict, save_answer


@transaction.atomic
def take_workbook(
    report: Report,
    chosen: Mapping[str, tuple[Mapping[str, Any], int]],
    *,
    by: User,
    at: dt.datetime,
) -> list[str]:
    """Saves what was chosen of a workbook, by reference: the words, and the version that was shown.

    Returns the references that somebody saved meanwhile; these stay as they are, the others are
    saved, each as a version of its own. One transaction: a killed one saves nothing. May be
    repeated. Raises what `save_answer` raises.
    """
    if not rules.can_write(by, report):
        raise PermissionDenied("take_workbook: represents the member")
    clauses = Commitment.objects.filter(reference__in=chosen).order_by("reference")
    late = []
    for clause in clauses:  # in one order, so that two who do this at once never block each other
        said, version = chosen[clause.reference]
        try:
            save_answer(
                report, clause, said=said, base_version=version, by=by, at=at, origin="import"
            )
        except Conflict:
            late.append(clause.reference)
    saved = len(clauses) - len(late)
    record("import_workbook", report, by=by, at=at, saved=saved, late=len(late))
    return late

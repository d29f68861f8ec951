"""Invented progress on clauses that all owe together; nobody said any of it, and it is marked."""

import datetime as dt

from commitments.models import Commitment

from .. import actions
from ..models import CollectiveProgress, Cycle
from .people import People
from .texts import marked

Status = CollectiveProgress.Status
AFTER_DUE = 100  # days until what was written is published
TOLD = {
    ("2022", "2012-S3"): (Status.PLANNED, "A first comparison of what was reported is planned."),
    ("2024", "2012-S3"): (Status.IN_PROGRESS, "What was reported is being compared."),
    ("2026", "2012-S3"): (Status.IN_PROGRESS, "What was reported this time is being compared."),
    ("2024", "2015-S1"): (Status.IMPLEMENTED, "A contact for each member has been agreed."),
    ("2024", "2022-TF-F1"): (Status.IN_PROGRESS, "A list of what is still missing is being drawn."),
    ("2026", "2022-TF-F1"): (Status.IMPLEMENTED, "A list of what is still missing is agreed."),
    ("2026", "2022-TF-F7"): (Status.IN_PROGRESS, "A first meeting took place this year."),
}


def tell(cast: People, now: dt.datetime) -> None:
    """Writes and publishes each, by the actions, where its round is collected and its day come."""
    rounds = {cycle.code: cycle for cycle in Cycle.objects.collected()}
    for (code, reference), (status, words) in TOLD.items():
        on = rounds[code].due_on + dt.timedelta(days=AFTER_DUE) if code in rounds else now.date()
        if on >= now.date():
            continue
        link = {"title": marked("Minutes"), "url": f"https://example.org/minutes/{code}"}
        said = {"status": status, "narrative": marked(words), "evidence": [link]}
        at = dt.datetime.combine(on, dt.time(9), dt.UTC)
        clause = Commitment.objects.get(reference=reference)
        facts = {"base_number": 0, "by": cast.reviewer, "at": at, "synthetic": True}
        version = actions.write_collective(clause, rounds[code], said, **facts)
        actions.publish_collective(version, by=cast.reviewer, on=on)

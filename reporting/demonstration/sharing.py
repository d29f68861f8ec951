"""What the people who can be played share: questions asked of a colleague, and a proposal."""

import datetime as dt

from .. import actions, workflow
from ..models import Report
from .lives import FOCAL_POINT_OF
from .people import People
from .texts import marked

ASKED, DAYS = 3, 14
PROPOSED = {
    "status": "planned",
    "narrative": marked("A colleague proposes this text; it waits for the focal point."),
    "next_steps": marked("The focal point compares it and takes it over, or sets it aside."),
}


def share(cast: People, now: dt.datetime) -> None:
    """Asks the contributor for some open answers of its member's draft, and proposes one."""
    mine = Report.objects.filter(member__code=FOCAL_POINT_OF, state__in=workflow.OPEN)
    report = mine.order_by("-cycle__code").first()
    if report is None or cast.focal_point is None or cast.contributor is None:
        return
    blank = report.answers.filter(status="").select_related("commitment")[:ASKED]
    clauses = [answer.commitment for answer in blank]
    until = now.date() + dt.timedelta(days=DAYS)
    facts = {"to": cast.contributor, "due_on": until, "by": cast.focal_point, "at": now}
    actions.assign(report, clauses, **facts)
    if clauses:
        said = {"said": PROPOSED, "base_version": 0, "by": cast.contributor, "at": now}
        actions.save_answer(report, clauses[0], **said)

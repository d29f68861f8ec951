"""The lives of the invented reports: what happens to each, how many days after the due day.

A life is read from left to right. A step whose day has not come yet is left out with all that
follows, so that the demonstration can be made on any day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# The verbs of `reporting.demonstration.making`, each with its day, counted from the due day.
Step = tuple[str, int]

BEGUN: list[Step] = [("start", -110)]
WRITTEN: list[Step] = [*BEGUN, ("fill", -30)]
IN_TIME: list[Step] = [*WRITTEN, ("submit", -20)]
LATE: list[Step] = [*WRITTEN, ("submit", 22)]
EXTENDED: list[Step] = [("extend", -25), *WRITTEN, ("submit", 30)]
REVIEWED: list[Step] = [("review", 40), ("accept", 50)]
READ: list[Step] = [*REVIEWED, ("agree", 54), ("publish", 62)]

LIVES: dict[str, list[Step]] = {
    "none": [],
    "excused": [("excuse", -40)],
    "extended": [("extend_long", -25)],
    "begun": BEGUN,
    "draft": [*BEGUN, ("fill_part", -20)],
    "asking": [*BEGUN, ("fill_part", -20), ("ask", -10)],
    "recalled": [*IN_TIME, ("recall", -8)],
    "submitted": IN_TIME,
    "submitted_late": LATE,
    "under_review": [*IN_TIME, ("review", 40)],
    "returned": [*IN_TIME, ("review", 40), ("send_back", 48)],
    "resubmitted": [*IN_TIME, ("review", 40), ("send_back", 48), ("mend", 60), ("submit", 62)],
    "accepted": [*IN_TIME, *REVIEWED],
    "objected": [*IN_TIME, *REVIEWED, ("object", 53)],
    "agreed": [*IN_TIME, *REVIEWED, ("agree", 54)],
    "published": [*IN_TIME, *READ],
    "published_unanswered": [*IN_TIME, *REVIEWED, ("publish", 70)],
    "published_nothing": [*BEGUN, ("fill_with_nothing", -30), ("submit", -20), *READ],
    "published_late": [*LATE, *READ],
    "published_extended": [*EXTENDED, *READ],
    "published_after_return": [
        *(*IN_TIME, ("review", 25), ("send_back", 30), ("mend", 34), ("submit", 36)),
        *READ,
    ],
    "published_after_closing": [
        *(*WRITTEN, ("submit", 195)),
        *(("review", 200), ("accept", 202), ("agree", 204), ("publish", 206)),
    ],
    "published_twice": [
        *(*IN_TIME, *READ, ("reopen", 80), ("mend", 82), ("submit", 84)),
        *(("review", 88), ("accept", 92), ("agree", 94), ("publish", 98)),
    ],
    "reopened": [*IN_TIME, *READ, ("reopen", 80), ("mend", 82)],
    "withdrawn": [*IN_TIME, *READ, ("withdraw", 90)],
}


@dataclass(frozen=True)
class Plan:
    """How many reports of a round lead which life; the expected members first, then others."""

    cycle: str
    expected: dict[str, int]
    voluntary: Sequence[str]
    announce_after_closing: int | None = None


PLANS = [
    Plan(
        "2022",
        {
            "published": 26,
            "published_unanswered": 4,
            "published_late": 5,
            "published_extended": 2,
            "published_after_return": 3,
            "published_after_closing": 1,
            "withdrawn": 1,
            "draft": 1,
            "excused": 1,
        },
        ["published", "published", "published", "published_late", "published", "published"],
        announce_after_closing=31,
    ),
    Plan(
        "2024",
        {
            "published": 39,
            "published_nothing": 2,
            "published_unanswered": 5,
            "published_late": 8,
            "published_extended": 3,
            "published_after_return": 6,
            "published_after_closing": 1,
            "published_twice": 2,
            "withdrawn": 1,
            "begun": 1,
            "draft": 2,
            "excused": 2,
        },
        [],
        announce_after_closing=31,
    ),
    Plan(
        "2026",
        {
            "published": 24,
            "published_nothing": 1,
            "published_unanswered": 2,
            "published_late": 4,
            "published_extended": 2,
            "published_after_return": 2,
            "reopened": 2,
            "withdrawn": 1,
            "agreed": 4,
            "accepted": 4,
            "objected": 1,
            "under_review": 5,
            "resubmitted": 2,
            "submitted": 5,
            "submitted_late": 3,
            "returned": 4,
            "recalled": 1,
            "draft": 6,
            "asking": 1,
            "begun": 2,
            "extended": 2,
            "excused": 1,
        },
        [],
    ),
]

# The members whose people can be played, and what their reports are to show first.
FOCAL_POINT_OF, OUTSIDER_OF = "ALB", "BEL"
FIXED = {
    (FOCAL_POINT_OF, "2022"): "published",
    (FOCAL_POINT_OF, "2024"): "published_late",
    (FOCAL_POINT_OF, "2026"): "draft",
    (OUTSIDER_OF, "2022"): "published",
    (OUTSIDER_OF, "2024"): "published",
    (OUTSIDER_OF, "2026"): "accepted",
}

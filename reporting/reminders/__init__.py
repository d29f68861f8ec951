"""Who is reminded of what, and when. Reminders are a state, not an appointment.

The planner does not ask "whose day is it?" but "which milestones have come, for a report that
is still missing, and have no row?" A day on which nothing ran is therefore caught up, and a
second run finds nothing. docs/decisions/reminders-as-state.md says more.
"""

from .planning import AS_IT_IS, Trial, ahead, plan, still_due
from .plans import Plan, PlannedMilestone, as_planned, plans_of, words_of_kinds
from .writing import items, key

__all__ = [
    "AS_IT_IS",
    "Plan",
    "PlannedMilestone",
    "Trial",
    "ahead",
    "as_planned",
    "items",
    "key",
    "plan",
    "plans_of",
    "still_due",
    "words_of_kinds",
]

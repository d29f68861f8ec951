"""The milestones of each round: its own where it has a plan of its own, else the default ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Contact, Cycle, Milestone, ReminderPlan


@dataclass(frozen=True)
class PlannedMilestone:
    """A milestone as a plan has it, or would have it."""

    kind: str
    relative_to: str
    offset_days: int
    reaches: str = Contact.FOCAL_POINT.value

    @property
    def words(self) -> str:
        """The milestone as people read it: "30 days before: the due date"."""
        n = abs(self.offset_days)
        if self.offset_days < 0:
            when = ngettext("%(n)d day before", "%(n)d days before", n) % {"n": n}
        elif self.offset_days:
            when = ngettext("%(n)d day after", "%(n)d days after", n) % {"n": n}
        else:
            when = _("on the day")
        return f"{when}: {Milestone.RelativeTo(self.relative_to).label}"

    @property
    def order(self) -> tuple[bool, int]:
        """Its place in the course of a round."""
        return (self.relative_to != Milestone.RelativeTo.OPENING, self.offset_days)


Plan = Sequence[PlannedMilestone]


def plans_of(cycles: Iterable[Cycle]) -> dict[int, Plan]:
    """The plan in force of each of these rounds, by its key; three queries at most."""
    default = [as_planned(row) for row in Milestone.objects.filter(plan=None)]
    own = {
        plan.cycle_id: [as_planned(row) for row in plan.milestones.all()]
        for plan in ReminderPlan.objects.prefetch_related("milestones")
    }
    return {cycle.pk: own.get(cycle.pk, default) for cycle in cycles}


def as_planned(row: Milestone) -> PlannedMilestone:
    """The stored milestone as a plan tells it."""
    return PlannedMilestone(row.kind, row.relative_to, row.offset_days, row.reaches)

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
        """The milestone as people read it: "30 days before the due date"."""
        n, days = self.offset_days, abs(self.offset_days)
        if self.relative_to == Milestone.RelativeTo.OPENING:
            before = ngettext("%(n)d day before the opening", "%(n)d days before the opening", days)
            after = ngettext("%(n)d day after the opening", "%(n)d days after the opening", days)
            on = _("at the opening")
        else:
            before = ngettext(
                "%(n)d day before the due date", "%(n)d days before the due date", days
            )
            after = ngettext("%(n)d day after the due date", "%(n)d days after the due date", days)
            on = _("on the due date")
        return (before if n < 0 else after if n else on) % {"n": days}

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


def words_of_kinds() -> dict[str, str]:
    """Every milestone that some plan holds, in words, by its kind."""
    rows = Milestone.objects.order_by("plan")  # the default ones last
    return {row.kind: as_planned(row).words for row in rows}

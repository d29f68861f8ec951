"""The data files of reporting: the rounds, their milestones, and the measured quantities."""

from collections.abc import Iterator

from django.db.models import QuerySet

from members.loading import Column, Dataset
from members.loading.datasets import Row

from .models import Cycle, Indicator, Milestone


class Cycles(Dataset):
    name, file, model, key = "cycles", "reporting/data/cycles.csv", Cycle, ("code",)
    columns = [
        Column("code", pattern="[0-9]{4}"),
        Column("opens_on"),
        Column("due_on"),
        Column("closes_on"),
    ]

    def check(self, row: Row) -> Iterator[tuple[str, str]]:
        for earlier, later in (("opens_on", "due_on"), ("due_on", "closes_on")):
            if row.values[earlier] >= row.values[later]:
                yield later, f"{row.values[later]} is not after {earlier} {row.values[earlier]}"


class Milestones(Dataset):
    name, file, model, key = "milestones", "reporting/data/milestones.csv", Milestone, ("kind",)
    columns = [
        Column("kind", pattern="[a-z0-9_]+"),
        Column("offset_days"),
        Column("relative_to"),
        Column("reaches"),
    ]

    def stored(self) -> QuerySet:
        """The default milestones; a round's own plan is the secretariat's."""
        return Milestone.objects.filter(plan=None)


class Indicators(Dataset):
    name, file, model, key = "indicators", "reporting/data/indicators.csv", Indicator, ("code",)
    columns = [
        Column("code", pattern="[a-z_]+"),
        Column("title"),
        Column("commitment", refers_to="commitments", path="commitment__reference"),
        Column("unit"),
        Column("definition"),
    ]


DATASETS = [Cycles(), Milestones(), Indicators()]

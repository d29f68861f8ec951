"""The data files of reporting: rounds, milestones, measured quantities, guidance for writers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from members.loading import Column, Dataset
from members.loading.datasets import Ids, Row, Values

from .models import Cycle, Guidance, Indicator, Milestone


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


class GuidanceOfTheRegister(Dataset):
    """What writers are told where the secretariat has not written its own: that is never followed.

    Rows are only added: where the file says something else, a new number says so.
    """

    name, file, model, key = "guidance", "reporting/data/guidance.csv", Guidance, ("commitment",)
    columns = [
        Column("commitment", refers_to="commitments", path="commitment__reference"),
        Column("text"),
    ]

    def stored(self) -> QuerySet:
        """What counts for each clause, whoever wrote it."""
        return Guidance.objects.newest()

    def facts(self, values: Values, ids: Ids) -> dict[str, Any]:
        return super().facts(values, ids) | {"number": 1, "written_at": timezone.now()}

    def change(self, pk: int, facts: dict[str, Any]) -> None:
        before = Guidance.objects.get(pk=pk)
        Guidance.objects.create(**facts | {"number": before.number + 1})


DATASETS = [Cycles(), Milestones(), Indicators(), GuidanceOfTheRegister()]

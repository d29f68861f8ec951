"""Goal 11: planning reminders."""

from bench.goals import Bench
from bench.measuring import Row


def planning(bench: Bench) -> list[Row]:
    return []

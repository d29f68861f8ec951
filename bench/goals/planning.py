"""Goal 11: planning the reminders of a round for which nothing has come."""

from bench import inside
from bench.goals import Bench
from bench.measuring import Row


def planning(bench: Bench) -> list[Row]:
    """The planner's one statement beside asking for each reminder, and beside inserting all."""
    return inside.rows(bench.s2, "bench.goals.reminding", bench.rounds)

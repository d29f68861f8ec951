"""Goal 11: planning the reminders of a round for which nothing has come."""

from tests.bench import inside
from tests.bench.goals import Bench
from tests.bench.measuring import Row


def planning(bench: Bench) -> list[Row]:
    """The planner's one statement beside asking for each reminder, and beside inserting all."""
    return inside.rows(bench.s2, "tests.bench.goals.reminding", bench.rounds)

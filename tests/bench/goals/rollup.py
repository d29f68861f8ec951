"""Goal 10: adding up all that was reported, and again after one report."""

from tests.bench import inside
from tests.bench.goals import Bench
from tests.bench.measuring import Row


def rollup(bench: Bench) -> list[Row]:
    """The counts behind the summaries of every scope, beside two loops that count the same."""
    return inside.rows(bench.s2, "tests.bench.goals.counting", bench.rounds)

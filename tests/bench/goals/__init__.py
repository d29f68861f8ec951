"""The goals, a family a file; each measures both sides after proving that they say the same."""

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.bench import worlds
from tests.bench.worlds import World


@dataclass
class Bench:
    """What a goal is measured with."""

    rounds: int
    quick: bool
    seconds: float  # of load on each contender in a round

    @cached_property
    def s1(self) -> World:
        """300 members, 90 clauses, 6 rounds."""
        return worlds.build("S1", self.quick, say)

    @cached_property
    def s2(self) -> World:
        """1,000 members, 100 clauses, 10 rounds: a million answers."""
        return worlds.build("S2", self.quick, say)

    @property
    def rounds_and_say(self) -> tuple[Any, Any]:
        return self.rounds, say


def say(line: str) -> None:
    """Tells the person at the keyboard."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

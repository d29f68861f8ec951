"""Measures that need the register's own code: each runs in a process of its own on a world.

    python -m tests.bench.inside tests.bench.goals.keyset 5

prints what the `measure` of that module returns, as JSON.
"""

import importlib
import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from tests.bench import servers
from tests.bench.measuring import Row
from tests.bench.worlds import World

SECONDS = 840


def ask(world: World, module: str, rounds: int) -> Any:
    """What `measure(rounds)` of the module returns when it is run on this world."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.inside", module, str(rounds)],
        env=servers.ours_env(world.address),
        cwd=servers.ROOT,
        stdout=subprocess.PIPE,
        timeout=SECONDS,
        check=True,
    )
    return json.loads(told.stdout)


def rows(world: World, module: str, rounds: int) -> list[Row]:
    """The same where `measure` returns rows."""
    return [Row(**row) for row in ask(world, module, rounds)]


def _plain(value: Any) -> Any:
    return asdict(value) if isinstance(value, Row) else str(value)


if __name__ == "__main__":
    import django

    django.setup()
    measured = importlib.import_module(sys.argv[1]).measure(int(sys.argv[2]))
    json.dump(measured, sys.stdout, default=_plain)

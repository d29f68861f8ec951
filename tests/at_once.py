"""Doing one thing several times at the same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(work: Callable[[], Result], times: int, seconds: float = 9) -> list[Result]:
    """What each run returned; raises what any of them raised. Needs `fresh_database`."""
    start = Barrier(times)

    def run() -> Result:
        start.wait(seconds)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [one.result(seconds) for one in [pool.submit(run) for _ in range(times)]]

"""Interleaved repetitions, and the table that is made of them."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

Measured = dict[str, list[float]]


@dataclass
class Row:
    """One comparison: seconds (or bytes) of both sides, and the ratio that the goal is about."""

    goal: str
    what: str
    ours: list[float]
    theirs: list[float]
    opponent: str
    wanted: str  # ">= 10" times as quick, or "<= 0.85" of the other's time
    unit: str = "s"
    note: str = ""
    measured: str = ""  # when, at which version, how often

    @property
    def ratio(self) -> float:
        """The other's median over ours where the goal is to be quicker, else ours over it."""
        ours, theirs = statistics.median(self.ours), statistics.median(self.theirs)
        return theirs / ours if self.wanted.startswith(">=") else ours / theirs

    @property
    def met(self) -> bool | None:
        if not self.wanted:
            return None
        sign, number = self.wanted.split()
        return self.ratio >= float(number) if sign == ">=" else self.ratio <= float(number)


def interleaved(
    contenders: Mapping[str, Callable[[], float]], rounds: int, say: Callable[[str], None]
) -> Measured:
    """What each contender gives, once in each round, after a round that is not counted.

    Every second round goes backwards, so that none always follows the same one.
    """
    measured: Measured = {name: [] for name in contenders}
    for number in range(-1, rounds):
        names = list(contenders)
        for name in names if number % 2 else reversed(names):
            found = contenders[name]()
            if number >= 0:
                measured[name].append(found)
        say(f"    round {number + 1} of {rounds}")
    return measured


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The same work, giving the seconds that it took."""

    def measure() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return measure


def repeated(work: Callable[[], object], times: int) -> Callable[[], float]:
    """The seconds of one of so many runs: for what is too quick to be timed alone."""

    def measure() -> float:
        began = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - began) / times

    return measure


def keep(rows: list[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1))


def kept(path: Path) -> list[Row]:
    """The rows of an earlier run; none where there was none."""
    return [Row(**row) for row in json.loads(path.read_text())] if path.exists() else []


def in_units(values: list[float], unit: str) -> str:
    """Median, and in brackets the least and the most."""
    if unit == "MB":
        shown = [f"{v:.2f}" for v in (statistics.median(values), min(values), max(values))]
        return f"{shown[0]} MB ({shown[1]} to {shown[2]})"
    scale, name = next(
        (s, n) for s, n in [(1, "s"), (1e3, "ms"), (1e6, "µs")] if max(values) * s >= 1 or n == "µs"
    )
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle * scale:.3g} {name} ({least * scale:.3g} to {most * scale:.3g})"

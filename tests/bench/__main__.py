"""`make bench`: measures the goals one by one and writes the table as it goes.

make bench                       everything, into docs/benchmarks.md
make bench ARGS="--quick"        small data and short runs, to see that it works
make bench ARGS="--goal 5"       one goal; the others stay as they were measured last

What was measured is kept beside the page, in docs/benchmarks.json, with its version.
"""

import argparse
import datetime as dt
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

from tests.bench import report, servers, worlds
from tests.bench.goals import Bench, exports, matrix, pages, planning, rollup, say, start
from tests.bench.measuring import Row, keep, kept

GOALS = {
    "1": exports.ndjson,
    "2": exports.table,
    "4": exports.memory,
    "5": pages.page,  # and 6
    "7": pages.ends,
    "8": pages.unchanged,
    "9": matrix.matrix,
    "12": start.start,
    "10": rollup.rollup,
    "11": planning.planning,
}
TOGETHER = {"6": "5"}
FULL = "S1: 162,000 answers, S2: 1,000,000"
LONGEST_SECONDS = 900  # of one goal


class TooLong(Exception):
    """A goal took longer than it may."""


def main() -> int:
    asked = _arguments()
    servers.STATE.mkdir(parents=True, exist_ok=True)
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, _too_long)
    servers.own_venv()
    page = servers.STATE / "quick.md" if asked.quick else servers.ROOT / "docs/benchmarks.md"
    chosen = [TOGETHER.get(asked.goal, asked.goal)] if asked.goal else list(GOALS)
    beside = f", beside {asked.beside}" if asked.beside else ""
    bench = Bench(asked.rounds, asked.quick, 0.5 if asked.quick else 2.0)
    with worlds.server() as database:
        servers.prepare_ours(database.address)
        failed = _measure(bench, chosen, page.with_suffix(".json"), page, beside)
    say(page.read_text())
    return bool(failed)


def _measure(
    bench: Bench, chosen: list[str], results: Path, page: Path, beside: str
) -> dict[str, str]:
    """Measures the chosen goals; after each the table is written anew. Returns what failed."""
    rows, failed = kept(results), {}
    facts = worlds.machine() | {"how": "small data" if bench.quick else FULL}
    for goal in chosen:
        say(f"Goal {goal} ...")
        began = time.monotonic()
        try:
            found = _bounded(bench, goal)
        except Exception as error:
            traceback.print_exc()
            failed[goal] = f"{type(error).__name__}"
            continue
        of = {row.goal for row in found}
        for row in found:
            row.measured = _measured(bench) + beside
        rows = sorted(
            [row for row in rows if row.goal not in of] + found, key=lambda row: int(row.goal)
        )
        keep(rows, results)
        report.write(rows, failed, facts, page)
        say(f"  {time.monotonic() - began:.0f} s")
    report.write(rows, failed, facts, page)
    return failed


def _bounded(bench: Bench, goal: str) -> list[Row]:
    _ = bench.s1, bench.s2  # the building counts to no goal
    signal.alarm(LONGEST_SECONDS)
    try:
        return GOALS[goal](bench)
    finally:
        signal.alarm(0)


def _too_long(*_: object) -> None:
    raise TooLong(f"longer than {LONGEST_SECONDS} seconds")


def _measured(bench: Bench) -> str:
    times = "once" if bench.rounds == 1 else f"{bench.rounds} times"
    return f"{dt.datetime.now(dt.UTC).date()} at {_commit()}, {times}"


def _commit() -> str:
    """The version that is measured, as far as it is known."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(asked, cwd=servers.ROOT, capture_output=True, text=True)
    return f"commit {found.stdout.strip()}" if found.returncode == 0 else "an unknown version"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, short runs")
    parser.add_argument("--goal", choices=[*GOALS, *TOGETHER], help="one goal alone")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, 5 unless given")
    parser.add_argument("--beside", default="", help="what else the machine did, to be told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

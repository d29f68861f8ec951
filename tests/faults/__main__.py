"""`make faults`: a long run, told as it goes, with its report."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.site import ROOT

from .disk import disk, move_apart
from .town import Town


def main() -> None:
    move_apart(sys.argv[1:])
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="alliance-faults-") as folder, disk(Path(folder)) as d:
        town = Town(d, outage=asked.outage)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            sys.exit(live(town, asked))
        finally:
            town.end_all()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=40, help="no new fault after these")
    parser.add_argument("--outage", type=float, default=35, help="seconds of a long absence")
    parser.add_argument("--write", type=Path, help="keep the report in this file")
    return parser.parse_args()


BEGAN = time.monotonic()


def say(text: str) -> None:
    """Says it with the seconds since the beginning."""
    sys.stdout.write(f"{time.monotonic() - BEGAN:6.0f} s  {text}\n")
    sys.stdout.flush()


def live(town: Town, asked: argparse.Namespace) -> int:
    """0 when nothing happened that must never happen, else 1."""
    town.start_database()
    os.environ.update(town.environment)
    for command in (["prepare"], ["compile_catalogues"], ["collectstatic", "--no-input"]):
        asked_for = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(asked_for, cwd=ROOT, check=True)
    import django

    django.setup()
    from .report import report
    from .run import run

    seconds = asked.minutes * 60
    found = run(town, faults=asked.faults, seed=asked.seed, seconds=seconds, say=say)
    text = report(found, seed=asked.seed, outage=asked.outage)
    sys.stdout.write(text)
    if asked.write:
        asked.write.write_text(text)
    failures = [*found.failures, *found.too_late]  # the short run in CI tells lateness alone
    for failure in failures:
        say(f"FAIL: {failure}")
    return bool(failures)


if __name__ == "__main__":
    main()

"""`make fuzz`: as many requests as were asked for, or as the time allows, and the report on them.

make fuzz ARGS="--cases 100000 --minutes 60 --seed 20260701"
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.site import ROOT

REPORT = ROOT / "docs" / "fuzz.md"
MARK = "<!-- The figures below are written by make fuzz. -->"
# Forms are asked inside the tests' own process, a part of each hundred cases.
OF_A_HUNDRED, AT_ONCE = 2, 2000
Row = dict[str, Any]


def main() -> int:
    """1 when something was found, 0 when nothing was."""
    asked = arguments()
    began = time.time()
    mostly, until = began + asked.minutes * 45, began + asked.minutes * 60
    with tempfile.TemporaryDirectory(prefix="alliance-fuzz-results-") as folder:
        results = Path(folder) / "results.jsonl"
        results.touch()
        given = {"FUZZ_SEED": str(asked.seed), "FUZZ_RESULTS": str(results)}
        of_forms = asked.cases * OF_A_HUNDRED // 100
        of_api = {"FUZZ_CASES": str(asked.cases - of_forms), "FUZZ_UNTIL": str(mostly)}
        broke = run(["tests/fuzz/long_run.py"], given | of_api)
        broke |= fill_in_forms(of_forms, asked.seed, until, given)
        rows = [json.loads(line) for line in results.read_text().splitlines()]
    write(rows, asked, round(time.time() - began), broke=broke)
    for row in rows:
        sys.stdout.write(row.get("words", ""))
    return int(broke or any(row["found"] for row in rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(f"{dt.datetime.now(dt.UTC):%Y%m%d}"))
    return parser.parse_args()


def fill_in_forms(cases: int, seed: int, until: float, given: dict[str, str]) -> bool:
    """Makes cases of forms until then, each lot by another chance; did any fail?"""
    done, broke = 0, False
    test = "tests/fuzz/test_fill_in_forms_wrongly.py"
    while done < cases and time.time() < until:
        part = min(AT_ONCE, cases - done)
        chance = ["--hypothesis-profile=wander", f"--hypothesis-seed={seed * 1000 + done}"]
        broke |= run([test, "-k", "whatever", *chance], given | {"FUZZ_FORM_CASES": str(part)})
        done += part
    return broke


def run(files: list[str], given: dict[str, str]) -> bool:
    """Did a test fail?"""
    quiet = ["-q", "--show-capture=no", "--tb=short", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *quiet, *files]
    return subprocess.run(command, env=os.environ | given, cwd=ROOT).returncode != 0


def write(rows: list[Row], asked: argparse.Namespace, seconds: int, *, broke: bool) -> None:
    """Puts the figures below the mark of docs/fuzz.md; what stands above it stays."""
    cases = sum(row["cases"] for row in rows)
    found = {str(one): one for row in rows for one in row["found"]}.values()
    short = f" of the {asked.cases:,} asked for" if cases < asked.cases else ""
    whole = all(row["whole"] for row in rows)
    end = "What was compared after it had changed. " if broke else ""
    end = end if whole else "The run did not come to its end. "
    lines = [
        MARK,
        "",
        f"{cases:,} cases{short} in {seconds // 60} min {seconds % 60} s on "
        f"{os.cpu_count()} processors, {dt.datetime.now(dt.UTC):%Y-%m-%d}, seed {asked.seed}. "
        f"Findings: {len(found)}. {end}",
        "",
        "| asked by | cases | seconds | answers |",
        "| --- | ---: | ---: | --- |",
        *(_line(name, rows) for name in dict.fromkeys(row["kind"] for row in rows)),
        "",
        *(f"- {one['title']} ({one['count']}): {', '.join(one['operations'])}" for one in found),
    ]
    above = REPORT.read_text().partition(MARK)[0]
    REPORT.write_text(above + "\n".join(lines).rstrip() + "\n")


def _line(name: str, rows: list[Row]) -> str:
    of_it = [row for row in rows if row["kind"] == name]
    answers: Counter[str] = Counter()
    for row in of_it:
        for words, n in row["answers"].items():
            answers[words.split()[-1]] += n
    told = ", ".join(f"{status}: {n:,}" for status, n in sorted(answers.items()))
    cases, seconds = (sum(row[what] for row in of_it) for what in ("cases", "seconds"))
    return f"| {name.replace('_', ' ')} | {cases:,} | {seconds:,} | {told} |"


if __name__ == "__main__":
    sys.exit(main())

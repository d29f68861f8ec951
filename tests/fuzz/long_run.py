"""The same questions as in every run of the tests, by the ten thousand and with other chances.

`make fuzz` collects this file, which no other run does; `tests/fuzz/run.py` says how long.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from tests.fuzz.asking import Asked, Told, ask
from tests.fuzz.conftest import PEOPLE
from tests.fuzz.stored import everything

CASES, SEED = int(os.environ["FUZZ_CASES"]), int(os.environ["FUZZ_SEED"])
UNTIL, RESULTS = float(os.environ["FUZZ_UNTIL"]), Path(os.environ["FUZZ_RESULTS"])
EDGES = ["--phases", "examples,coverage"]
CHANCE = ["--phases", "fuzzing", "--max-examples"]
EXAMPLES, ROUND_SECONDS = 200, 1800


def test_ask_until_there_are_enough(asked: Asked, tmp_path: Path) -> None:
    before, done, rounds = everything(), 0, 0
    while done < CASES and time.time() < UNTIL:
        kind, turn = PEOPLE[rounds % len(PEOPLE)], rounds // len(PEOPLE)
        how = EDGES if turn == 0 else [*CHANCE, str(min(EXAMPLES, 1 + (CASES - done) // 20))]
        began = time.monotonic()
        seed = SEED * 1000 + rounds
        told = ask(asked, kind, tmp_path, *how, f"--seed={seed}", seconds=ROUND_SECONDS)
        keep(kind, told, seed=seed, seconds=round(time.monotonic() - began))
        assert told.cases or not told.in_time, f"The site is gone:\n{told.words[-2000:]}"
        done, rounds = done + told.cases, rounds + 1
    assert everything() == before


def keep(kind: str, told: Told, **facts: Any) -> None:
    """Adds one round to the results; what was found stands in it as schemathesis says it."""
    found = [
        {name: one[name] for name in ("title", "count", "operations")}
        for one in told.report["failures"]
    ]
    row = {"kind": kind, "cases": told.cases, "answers": told.answers, "found": found, **facts}
    row["whole"] = told.is_whole
    if found:
        row["words"] = told.words[-20_000:]
    with RESULTS.open("a") as file:
        file.write(json.dumps(row) + "\n")

"""A short run of real faults: everything that was promised is there afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.wounds import FULL_DISK, WOUNDS
from tests.site import ROOT

# Of the orders, one in which what leaves messages waiting for a lease comes early: no time is lost.
SEED = 37221
MINUTES, OUTAGE_SECONDS, LONGEST_SECONDS = 2, 5, 180


def crowding() -> float:
    """1 on a machine that has time for it; how many times over its processors are wanted."""
    return min(4.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


@pytest.mark.redis
def test_every_kind_of_fault_once_loses_nothing(tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    report, times = tmp_path / "report.md", crowding()
    asked = ["--faults", len(WOUNDS), "--minutes", MINUTES * times, "--outage", OUTAGE_SECONDS]
    asked += ["--seed", SEED, "--write", report]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults", *map(str, asked)],
        env=kept,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS * times,
    )
    assert ran.returncode == 0, json.dumps([ran.stdout[-4000:], ran.stderr[-4000:]], indent=1)
    said = report.read_text()
    assert "| messages lost | 0 |" in said
    impossible = {FULL_DISK} if "let nobody make one" in said else set()
    assert not [kind for kind in {*WOUNDS} - impossible if f"\n| {kind} | " not in said]

"""A short run of real faults: everything that was promised is there afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import ROOT

FAULTS, MINUTES, LONGEST_SECONDS = 23, 2, 400


@pytest.mark.redis
def test_every_kind_of_fault_once_loses_nothing(tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    report = tmp_path / "report.md"
    asked = ["--faults", FAULTS, "--minutes", MINUTES, "--seed", 2026, "--write", report]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults", *map(str, asked)],
        env=kept,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    assert ran.returncode == 0, json.dumps([ran.stdout[-4000:], ran.stderr[-4000:]], indent=1)
    assert "| messages lost | 0 |" in report.read_text()

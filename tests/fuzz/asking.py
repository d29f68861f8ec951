"""How schemathesis is run against a site, and what it then says of itself."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.site import ROOT, Site

HERE = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).with_name("schemathesis")


@dataclass(frozen=True)
class Asked:
    """A running site, and the headers of each person who may ask it."""

    site: Site
    headers: dict[str, dict[str, str]]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.site.port}"


@dataclass(frozen=True)
class Told:
    """The report of one run: how many cases, which answers, what was found."""

    report: dict[str, Any]
    answers: dict[str, int]
    words: str

    @property
    def cases(self) -> int:
        return self.report["test_cases"]["generated"]

    @property
    def is_whole(self) -> bool:
        """Every operation chosen was tried, each answer was judged, and nothing ended it early."""
        operations, cases = self.report["operations"], self.report["test_cases"]
        return (
            self.report["complete"]
            and operations["tested"] == operations["selected"] > 0
            and cases["errored"] == cases["without_checks"] == 0
        )


def ask(
    asked: Asked, kind: str, folder: Path, *options: str, seconds: int, workers: int = 2
) -> Told:
    """Runs schemathesis as this person over the whole OpenAPI document of the site."""
    counts, report = folder / f"{kind}-answers.json", folder / f"{kind}.json"
    headers = [f"--header={name}: {value}" for name, value in asked.headers[kind].items()]
    command = [PROGRAM, "--no-color", "--config-file", HERE / "schemathesis.toml", "run"]
    command += [f"{asked.address}/api/v1/schema/", "--workers", str(workers), *headers]
    command += ["--report", "json", "--report-json-path", report, *options]
    done = subprocess.run(
        command,
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": str(ROOT)}
        | {"FUZZ_SITE": asked.address, "FUZZ_COUNTS": str(counts)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    if not report.exists():
        raise RuntimeError(f"schemathesis did not run:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return Told(json.loads(report.read_text()), json.loads(counts.read_text()), done.stdout)

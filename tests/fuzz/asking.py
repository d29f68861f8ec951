"""How schemathesis is run against a site, and what it then says of itself."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.site import ROOT, Site

HERE = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).with_name("schemathesis")
TO_END = 30  # seconds in which it writes what it has found, once it is told to end


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
    """The report of one run: how many cases, which answers, what was found, whether in time."""

    report: dict[str, Any]
    answers: dict[str, int]
    words: str
    in_time: bool = True

    @property
    def cases(self) -> int:
        return self.report["test_cases"]["generated"]

    @property
    def is_whole(self) -> bool:
        """Every operation chosen was tried, each answer was judged, and nothing ended it early."""
        operations, cases = self.report["operations"], self.report["test_cases"]
        return (
            self.in_time
            and self.report["complete"]
            and operations["tested"] == operations["selected"] > 0
            and cases["errored"] == cases["without_checks"] == 0
        )


def ask(
    asked: Asked, kind: str, folder: Path, *options: str, seconds: int, workers: int = 2
) -> Told:
    """Runs schemathesis as this person over the whole OpenAPI document of the site.

    One that goes on beyond `seconds` is ended, and told of with what it had found by then.
    """
    counts, report = folder / f"{kind}-answers.json", folder / f"{kind}.json"
    for path in (counts, report):
        path.unlink(missing_ok=True)  # those of the round before
    headers = [f"--header={name}: {value}" for name, value in asked.headers[kind].items()]
    command = [PROGRAM, "--no-color", "--config-file", HERE / "schemathesis.toml", "run"]
    command += [f"{asked.address}/api/v1/schema/", "--workers", str(workers), *headers]
    command += ["--report", "json", "--report-json-path", report, *options]
    given = {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": str(ROOT)}
    given |= {"FUZZ_SITE": asked.address, "FUZZ_COUNTS": str(counts)}
    words, in_time = _run(command, folder, os.environ | given, seconds)
    if in_time and not report.exists():
        raise RuntimeError(f"schemathesis did not run:\n{words[-8000:]}")
    answers = json.loads(counts.read_text()) if counts.exists() else {}
    told = json.loads(report.read_text()) if report.exists() else _untold(answers)
    return Told(told, answers, words, in_time)


def _run(command: list[Any], folder: Path, given: dict[str, str], seconds: int) -> tuple[str, bool]:
    """What it said, and whether it ended in time. It is asked to end, and killed if it does not."""
    with subprocess.Popen(
        command,
        env=given,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            return running.communicate(timeout=seconds)[0], True
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGINT)
        try:
            return running.communicate(timeout=TO_END)[0], False
        except subprocess.TimeoutExpired:
            running.kill()
            return running.communicate()[0], False


def _untold(answers: dict[str, int]) -> dict[str, Any]:
    """The report of a run that left none: as many cases as answers were counted."""
    cases = {"generated": sum(answers.values()), "errored": 0, "without_checks": 0}
    operations = {"tested": 0, "selected": 0}
    return {"complete": False, "test_cases": cases, "operations": operations, "failures": []}

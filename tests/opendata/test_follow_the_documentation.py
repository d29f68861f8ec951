"""An analyst types what the documentation says, against a running site, and it is as it says."""

import html
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path

import pytest

from reporting.views.public.examples import EXAMPLES
from tests.database import cloned
from tests.site import ROOT, Site, started

pytestmark = pytest.mark.xdist_group("documentation")  # one site, with the demonstration, for all
SCRIPT = ROOT / "docs" / "examples" / "answers_by_statement.py"
PYTHON = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, given = tmp_path_factory.mktemp("documentation"), {"DEMO": "1", "FIRST_CYCLE": "2026"}
    with cloned() as database, started(folder, DATABASE_URL=database.url, **given) as site:
        yield site


def on_the_page(site: Site, mark: str) -> dict[str, str]:
    """What stands in the code of the page under this mark, by the code of its example."""
    status, page = site.get("/api/")
    assert status == 200
    found = re.findall(rf'<code data-{mark}="([a-z-]+)"[^>]*>(.*?)</code>', page, re.DOTALL)
    return {code: html.unescape(text) for code, text in found}


def test_the_page_has_every_example(site: Site) -> None:
    codes = [one.code for one in EXAMPLES]
    assert list(on_the_page(site, "example")) == codes
    assert list(on_the_page(site, "prints")) == codes


NEEDS = {"shell": [pytest.mark.curl], "python": []}


@pytest.mark.parametrize(
    "example", [pytest.param(one, id=one.code, marks=NEEDS[one.language]) for one in EXAMPLES]
)
def test_an_example_prints_what_the_page_says(site: Site, example: object) -> None:
    code, language = example.code, example.language  # type: ignore[attr-defined]
    typed = on_the_page(site, "example")[code].replace("localhost", "127.0.0.1")
    run = ["bash", "-euo", "pipefail", "-c"] if language == "shell" else [sys.executable, "-c"]
    told = subprocess.run(
        [*run, typed], capture_output=True, text=True, timeout=60, check=False, env=PYTHON
    )
    assert told.stderr == ""
    assert told.stdout == on_the_page(site, "prints")[code]


def test_the_script_counts_what_the_site_counts(site: Site, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{site.port}"

    def run() -> list[str]:
        given = [sys.executable, str(SCRIPT), address, "--into", str(tmp_path)]
        env = PYTHON | {"MPLCONFIGDIR": str(tmp_path)}
        return subprocess.run(
            given, capture_output=True, text=True, timeout=120, check=True, env=env
        ).stdout.splitlines()

    names = [*json.loads(site.get("/api/v1/")[1])]
    assert {line.partition(":")[0] for line in run()[:-1]} >= set(names) - {"schema"}
    with (tmp_path / "answers-2026.csv").open(encoding="utf-8") as written:
        bars = list(DictReader(written))
    _, text = site.get("/api/v1/summaries/cycle-2026/")
    counted = json.loads(text)["figures"]["government"]
    for status in ("implemented", "in_progress", "planned", "not_started"):
        for apart, ending in ((False, ""), (True, "_by_endorsement")):
            mine = sum(int(bar[status]) for bar in bars if ("endorsed" in bar["bar"]) is apart)
            assert mine == (counted[f"answers_{status}{ending}"]["numerator"] or 0)
    assert all(int(bar["none"]) > 0 for bar in bars), "silence keeps its place"
    assert (tmp_path / "answers-2026.png").read_bytes().startswith(b"\x89PNG")
    again = run()
    assert "progress: unchanged" in again
    assert not [line for line in again if line.endswith(": fetched")]


def test_the_script_draws_nothing_of_a_round_of_which_nothing_is_known() -> None:
    script = runpy.run_path(str(SCRIPT))
    columns = ["code", "reason", "opens_on"]
    rounds = [
        ("2014", "not_collected", "2014-01-01"),
        ("2024", None, "2024-01-01"),
        ("2026", "not_yet_published", "2026-01-01"),
        ("9998", "not_yet_published", "9998-01-01"),
    ]
    cycles = script["pd"].DataFrame(rounds, columns=columns)
    assert [script["collected"](cycles, code).code for code in ("2024", "2026")] == ["2024", "2026"]
    for code, why in {"2014": "not_collected", "9998": "not opened", "2025": "there are"}.items():
        with pytest.raises(SystemExit, match=why):
            script["collected"](cycles, code)

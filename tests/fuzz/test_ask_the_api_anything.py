"""Whoever asks the API whatever a machine can think of finds it as its OpenAPI document says.

schemathesis makes the requests, good and bad ones, the same every time. `make fuzz` goes on
where this ends, and asks as an administrator too.
"""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fuzz import asking
from tests.fuzz.asking import Asked, ask
from tests.fuzz.stored import everything

pytestmark = pytest.mark.xdist_group("fuzz")
# A visitor asks everything, also as far as chance leads; two who are signed in share all edges of
# the rows' pages, for the document tells everyone the same. test_routes.py asks as each person.
ALL = ["--phases", "examples,coverage,fuzzing", "--max-examples", "4"]
EDGES = ["--phases", "coverage", "--exclude-path-regex", "/exports/", "--include-path-regex"]
ASKED = {
    "visitor": (1500, ALL),
    "analyst": (700, [*EDGES, "/v1/([a-m]|$)"]),
    "focal_point": (700, [*EDGES, "/v1/[n-z]"]),
}


@pytest.mark.parametrize("kind", ASKED)
def test_the_api_is_as_its_document_says(asked: Asked, kind: str, tmp_path: Path) -> None:
    before, (at_least, how) = everything(), ASKED[kind]
    told = ask(asked, kind, tmp_path, "--generation-deterministic", *how, seconds=480)
    assert not told.report["failures"], told.words[-8000:]
    assert told.is_whole
    assert told.cases >= at_least
    assert sum(told.answers.values()) >= at_least
    statuses = {re.split(" ", name)[-1] for name in told.answers}
    assert statuses <= {"200", "304", "400", "404", "405", "410", "412"}
    assert everything() == before


def test_a_run_that_does_not_end_is_not_whole_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    endless.chmod(0o755)
    monkeypatch.setattr(asking, "PROGRAM", endless)
    monkeypatch.setattr(asking, "TO_END", 1)
    (tmp_path / "visitor.json").write_text('{"complete": true}')  # of the round before
    nowhere = Asked(cast(Any, SimpleNamespace(port=1)), {"visitor": {}})
    told = ask(nowhere, "visitor", tmp_path, seconds=0)
    assert not told.is_whole and not told.in_time
    assert (told.cases, told.answers, told.report["failures"]) == (0, {}, [])

"""Whoever asks the API whatever a machine can think of finds it as its OpenAPI document says.

schemathesis makes the requests, good and bad ones, the same every time. `make fuzz` goes on
where this ends, and asks as an administrator too.
"""

import re
from pathlib import Path

import pytest

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

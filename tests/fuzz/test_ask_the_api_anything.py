"""Whoever asks the API whatever a machine can think of finds it as its OpenAPI document says.

schemathesis makes the requests, good and bad ones, the same every time. `make fuzz` goes on
where this ends, and asks as an administrator too.
"""

import re
from pathlib import Path

import pytest

from tests.fuzz.asking import Asked, ask
from tests.fuzz.conftest import PEOPLE
from tests.fuzz.stored import everything

pytestmark = pytest.mark.xdist_group("fuzz")
AT_LEAST = 1500
# A visitor asks everything, also as far as chance leads; the others all edges of the rows' pages.
ALL = ["--phases", "examples,coverage,fuzzing", "--max-examples", "4"]
EDGES = ["--phases", "coverage", "--exclude-path-regex", "/exports/"]


@pytest.mark.parametrize("kind", PEOPLE[:3])
def test_the_api_is_as_its_document_says(asked: Asked, kind: str, tmp_path: Path) -> None:
    before = everything()
    how = ALL if kind == "visitor" else EDGES
    told = ask(asked, kind, tmp_path, "--generation-deterministic", *how, seconds=240)
    assert not told.report["failures"], told.words[-8000:]
    assert told.is_whole
    assert told.cases >= AT_LEAST
    assert sum(told.answers.values()) >= AT_LEAST
    statuses = {re.split(" ", name)[-1] for name in told.answers}
    assert statuses <= {"200", "304", "400", "404", "405", "410", "412"}
    assert everything() == before

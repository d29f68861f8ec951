"""Someone reads how the project is built: every file that a document names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]
DECISIONS = sorted(f"docs/decisions/{path.name}" for path in (ROOT / "docs/decisions").glob("*.md"))
FOLDERS = "alliance|members|commitments|reporting|templates|static|tests|docs|locale"
NAMED = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
LINKED = re.compile(r"(?<!!)\[[^]]*\]\(([\w./-]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS + DECISIONS)
def test_what_it_names_exists(document: str) -> None:
    path = ROOT / document
    text = path.read_text(encoding="utf-8")
    named = [ROOT / name for name in NAMED.findall(text)]
    linked = [path.parent / name for name in LINKED.findall(text)]
    assert [str(found) for found in [*named, *linked] if not found.exists()] == []


@pytest.mark.parametrize("document", DECISIONS)
def test_a_decision_is_about_half_a_page(document: str) -> None:
    assert len((ROOT / document).read_text(encoding="utf-8").split()) < 700

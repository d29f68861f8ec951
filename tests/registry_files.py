"""The registry's data files as plain rows, for the tests that prove them; needs no database."""

import csv
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEMBERS = ROOT / "members" / "data"
COMMITMENTS = ROOT / "commitments" / "data"
REPORTING = ROOT / "reporting" / "data"

STATEMENT_CODES = ["2012", "2014-GOV", "2014-CSO", "2015", "2022", "2022-TF"]
#: The official texts and the statements that together account for each, in the order of the text.
SOURCES = {
    "2012-declaration.txt": ["2012"],
    "2014-governments.txt": ["2014-GOV"],
    "2014-civil-society.txt": ["2014-CSO"],
    "2015-governments.txt": ["2015"],
    "2022-communique.txt": ["2022", "2022-TF"],
}
#: What typesetting puts before a line and what is not a word of the text: a Markdown heading,
#: a rule, a bullet, a list number with a full stop. "3:" of 2012 is no such number: it is kept.
LINE_FURNITURE = re.compile(r"^(#+\s|---$|[-·•](\s+|$)|\d+\.\s)")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as dicts of strings; an empty field is the empty string."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def header(path: Path) -> str:
    """The first line of a CSV file."""
    return path.read_text(encoding="utf-8").splitlines()[0]


def document(name: str) -> Any:
    """A JSON file of the commitments' data."""
    return json.loads((COMMITMENTS / name).read_text(encoding="utf-8"))


def statements() -> list[dict[str, Any]]:
    """The six statements in the order of their file."""
    return document("statements.json")


def clauses(code: str | None = None) -> list[dict[str, Any]]:
    """The clauses of one statement, or of all six in order."""
    codes = [code] if code else STATEMENT_CODES
    return [clause for each in codes for clause in document(f"{each}.json")["clauses"]]


def source_text(name: str) -> str:
    """An official text as it stands in the repository."""
    return (COMMITMENTS / "sources" / name).read_bytes().decode("utf-8")


def source_of(code: str) -> str:
    """The official text that holds a statement."""
    return source_text(next(name for name, codes in SOURCES.items() if code in codes))


def source_words(text: str) -> list[str]:
    """The words of an official text in order, without the furniture of its lines."""
    lines = (line.strip() for line in text.replace("**", "").split("\n"))
    return [word for line in lines for word in LINE_FURNITURE.sub("", line).split()]


def told_words(code: str) -> list[str]:
    """The words of a statement in order, as its passages and clauses tell them."""
    told = document(f"{code}.json")
    texts = {clause["reference"]: clause["text"] for clause in told["clauses"]}
    blocks = (texts[b["clause"]] if "clause" in b else b["text"] for b in told["blocks"])
    return [word for text in blocks for word in text.split()]


def signatories_lines(code: str) -> list[str]:
    """The lines of the passage that holds a statement's printed names."""
    found = [
        b["text"] for b in document(f"{code}.json")["blocks"] if b.get("passage") == "signatories"
    ]
    return found[0].split("\n") if found else []

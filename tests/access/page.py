"""docs/access.md, made of routes.csv and the profiles: `python -m tests.access.page`."""

import csv
import sys
from collections import defaultdict
from pathlib import Path

from tests.access.profiles import EVERYONE, PROFILES, outcomes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"
ROUTES = Path(__file__).parent / "routes.csv"
TOP = """# Who may open what

Made from `tests/access/routes.csv` and `tests/access/profiles.py` by `.venv/bin/python -m \
tests.access.page`; a test sees that it is current, and others that each cell is true: \
`tests/access/test_routes.py` sends each request as each person, and a refused one may leave no \
trace. How access is declared: \
[decisions/access-by-declared-rule.md](decisions/access-by-declared-rule.md).

Answers: **allow** the page, a redirect on, or a complaint about what was sent; **hide** 404 or \
410, as if there were nothing; **deny** 403; **login** on to the sign-in page; **405** and **503** \
as they stand. The contributor, the focal point and the former focal point are of one member, the \
outsider is the focal point of another. Writers also need a second factor: \
[decisions/second-factor.md](decisions/second-factor.md).
"""


def made() -> str:
    """The page as Markdown: the profiles as a table of persons, then the routes under each."""
    by_profile: dict[str, list[str]] = defaultdict(list)
    with ROUTES.open(newline="") as file:
        for row in csv.DictReader(file):
            by_profile[row["profile"]].append(f"{row['method']} `/{row['route']}`")
    names = sorted(by_profile, key=lambda name: (name.startswith("405:"), list(_order(name))))
    head = "| profile | " + " | ".join(kind.replace("_", " ") for kind in EVERYONE) + " |"
    lines = [TOP, "## The profiles", "", head, "| --- " * (len(EVERYONE) + 1) + "|"]
    for name in names:
        cells = " | ".join(outcomes(name)[kind] for kind in EVERYONE)
        lines.append(f"| {name} | {cells} |")
    for name in names:
        lines += ["", f"## {name}", "", *(f"- {route}" for route in sorted(by_profile[name]))]
    return "\n".join(lines) + "\n"


def _order(name: str) -> list[int]:
    return [list(PROFILES).index(name.removeprefix("405:"))]


if __name__ == "__main__":
    PAGE.write_text(made(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is made\n")

"""The plain tables as a file of SQLite, for Datasette, with the names that it takes for labels."""

import json
import sqlite3
from pathlib import Path

from tests.bench import servers
from tests.bench.worlds import World

TABLES = """
CREATE TABLE member (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
CREATE TABLE statement (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE "commitment" (
    id INTEGER PRIMARY KEY, reference TEXT, statement_id INTEGER REFERENCES statement (id)
);
CREATE TABLE report (
    id INTEGER PRIMARY KEY, code TEXT, cycle TEXT, member_id INTEGER REFERENCES member (id),
    published_on TEXT, synthetic INTEGER
);
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, report_id INTEGER REFERENCES report (id),
    commitment_id INTEGER REFERENCES "commitment" (id), status TEXT, narrative TEXT,
    next_steps TEXT, obstacles TEXT, evidence TEXT, withheld INTEGER
);
CREATE VIEW progress AS
SELECT r.code AS report, r.cycle, m.code AS member, m.name AS member_name,
       c.reference AS "commitment", s.code AS statement, a.status, a.narrative, a.next_steps,
       a.obstacles, a.evidence, a.withheld, r.published_on, r.synthetic
FROM answer a
JOIN report r ON r.id = a.report_id
JOIN member m ON m.id = r.member_id
JOIN "commitment" c ON c.id = a.commitment_id
JOIN statement s ON s.id = c.statement_id
ORDER BY a.id;
"""
NAMES = ("member", "statement", "commitment", "report", "answer")
LABELS = {"member": "code", "statement": "code", "commitment": "reference", "report": "code"}


def file_of(world: World) -> tuple[Path, Path]:
    """The file with this world's answers, and beside it what names the labels."""
    labels = servers.STATE / "datasette.json"
    tables = {name: {"label_column": label} for name, label in LABELS.items()}
    labels.write_text(json.dumps({"databases": {"data": {"tables": tables}}}))
    folder = servers.STATE / world.database
    folder.mkdir(exist_ok=True)
    path = folder / "data.db"
    if not path.exists():
        part = folder / "data.part"
        part.unlink(missing_ok=True)
        _fill(world, part)
        part.rename(path)
    return path, labels


def _fill(world: World, path: Path) -> None:
    file = sqlite3.connect(path)
    file.executescript(TABLES)
    with world.connection() as opened:
        opened.autocommit = False
        for name in NAMES:
            cursor = opened.cursor(name)
            cursor.itersize = 10_000
            cursor.execute(f'SELECT * FROM plain."{name}" ORDER BY id')
            for row in cursor:
                values = [_plain(value) for value in row]
                file.execute(
                    f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(values))})', values
                )
    file.commit()
    file.close()


def _plain(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value if isinstance(value, str | int | None) else str(value)

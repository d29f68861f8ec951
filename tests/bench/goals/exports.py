"""Goals 1, 2 and 4: whole datasets over HTTP beside psql's COPY and Datasette."""

import csv
import hashlib
import json
import subprocess
from pathlib import Path

from reporting.tables.cells import csv_text
from tests.bench import load, servers, sqlite
from tests.bench.goals import Bench
from tests.bench.measuring import Row, interleaved, timed
from tests.bench.worlds import World

SHOWN = "FROM reporting_publishedanswer WHERE shown_until IS NULL ORDER BY cycle, member, {}"
SAME_ROWS = f"SELECT row {SHOWN.format('commitment')}"
SAME_LINES = f"SELECT line || E'\\r' {SHOWN.format('commitment')}"
FIELDS = (
    'report, cycle, member, "commitment", statement, status, narrative, next_steps, obstacles, '
    "evidence, withheld, published_on, synthetic"
)
AS_JSON = f"SELECT row_to_json(p) FROM (SELECT {FIELDS} FROM plain.progress ORDER BY id) p"
# The columns that a table without our line would write; their names as in our file.
PLAIN_COLUMNS = (
    "report, cycle, member ->> 'code' AS member, member ->> 'name' AS member_name, "
    '"commitment", statement, status, narrative, next_steps, obstacles, withheld, '
    "published_on, synthetic"
)
AS_TABLE = f"SELECT {PLAIN_COLUMNS} FROM plain.progress ORDER BY id"
SIGNS = "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"


def ndjson(bench: Bench) -> list[Row]:
    """Goal 1: every answer as a line of JSON."""
    _same_json(bench.s1)
    path = "/api/v1/exports/progress.ndjson"
    with servers.ours(bench.s2.address) as ours:
        _same_bytes(bench.s2, ours, path, SAME_ROWS)
        found = interleaved(
            {
                "ours": lambda: load.download(ours.port, path)[0],
                "row_to_json": timed(lambda: _copy(bench.s2, AS_JSON, "")),
                "the same": timed(lambda: _copy(bench.s2, SAME_ROWS, SIGNS)),
            },
            *bench.rounds_and_say,
        )
    what = f"NDJSON of {bench.s2.answers} answers over HTTP"
    return [
        Row("1", what, found["ours"], found["row_to_json"], "psql COPY (row_to_json)", "<= 0.85"),
        Row("1", what, found["ours"], found["the same"], "psql COPY, same query", "<= 1.10"),
    ]


def table(bench: Bench) -> list[Row]:
    """Goal 2: every answer as a line of CSV."""
    path = "/api/v1/exports/progress.csv"
    _same_csv(bench.s1, path)
    with servers.ours(bench.s2.address) as ours:
        found = interleaved(
            {
                "ours": lambda: load.download(ours.port, path)[0],
                "columns": timed(lambda: _copy(bench.s2, AS_TABLE, "(FORMAT csv, HEADER)")),
                "the same": timed(lambda: _copy(bench.s2, SAME_LINES, SIGNS)),
            },
            *bench.rounds_and_say,
        )
    what = f"CSV of {bench.s2.answers} answers over HTTP"
    rows = [
        Row("2", what, found["ours"], found["columns"], "psql COPY of joined columns", "<= 1.10"),
        Row("2", what, found["ours"], found["the same"], "psql COPY, same query", "<= 1.10"),
    ]
    return rows + _beside_datasette(bench, path)


def memory(bench: Bench) -> list[Row]:
    """Goal 4: what a worker grows by during an export."""
    grown: dict[str, list[float]] = {"S1": [], "S2": []}
    for _ in range(bench.rounds):
        for world in (bench.s1, bench.s2):
            with servers.ours(world.address, workers="1") as ours:
                (worker,) = servers.children_of(ours.pid)
                load.download(ours.port, "/api/v1/progress/?page_size=100")
                before = _status(worker, "VmRSS")
                Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak begins anew
                load.download(ours.port, "/api/v1/exports/progress.ndjson")
                load.download(ours.port, "/api/v1/exports/progress.csv")
                grown[world.name].append(_status(worker, "VmHWM") - before)
    most = [40.0] * bench.rounds
    return [
        Row("4", "worker grows by, 1 M answers", grown["S2"], most, "40 MB", "<= 1", "MB"),
        Row("4", "the same, S2 beside S1", grown["S2"], grown["S1"], "S1", "<= 1.25", "MB"),
    ]


def _status(pid: int, name: str) -> float:
    """Megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _beside_datasette(bench: Bench, path: str) -> list[Row]:
    world = bench.s1
    with (
        servers.ours(world.address) as ours,
        servers.datasette(*sqlite.file_of(world)) as theirs,
    ):
        streamed = "/data/answer.csv?_stream=on&_labels=on&_size=max"
        _same_as_datasette(ours, path, theirs, streamed)
        found = interleaved(
            {
                "ours": lambda: load.download(ours.port, path)[0],
                "datasette": lambda: load.download(theirs.port, streamed)[0],
            },
            *bench.rounds_and_say,
        )
    what = f"CSV of {world.answers} answers over HTTP"
    opponent = "Datasette, streamed with labels"
    return [Row("2", what, found["ours"], found["datasette"], opponent, ">= 15")]


def _copy(world: World, query: str, how: str) -> None:
    command = world.psql("-c", f"COPY ({query}) TO STDOUT {how}")
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _told(world: World, *arguments: str) -> bytes:
    return subprocess.run(world.psql(*arguments), stdout=subprocess.PIPE, check=True).stdout


# Do both sides say the same?


def _same_bytes(world: World, ours: servers.Served, path: str, query: str) -> None:
    *_, body = load.download(ours.port, path, keep=True)
    told = _told(world, "-At", "-c", query)
    assert hashlib.sha256(body).digest() == hashlib.sha256(told).digest()


def _same_json(world: World) -> None:
    with servers.ours(world.address) as ours:
        *_, body = load.download(ours.port, "/api/v1/exports/progress.ndjson", keep=True)
    mine, theirs = body.splitlines(), _told(world, "-At", "-c", AS_JSON).splitlines()
    assert len(mine) == len(theirs) == world.answers
    for one, other in zip(mine, theirs, strict=True):
        told = json.loads(other)
        assert {field: value for field, value in json.loads(one).items() if field in told} == told


def _same_csv(world: World, path: str) -> None:
    with servers.ours(world.address) as ours:
        *_, body = load.download(ours.port, path, keep=True)
    mine = csv.DictReader(_lines(body), strict=True)
    told = _told(world, "-c", f"COPY ({AS_TABLE}) TO STDOUT (FORMAT csv, HEADER)")
    flags, counted = {"t": "true", "f": "false"}, 0
    for one, other in zip(mine, csv.DictReader(_lines(told), strict=True), strict=True):
        for name, value in other.items():
            flag = name in ("withheld", "synthetic")
            assert csv_text(one[name]) == (flags[value] if flag else value)
        counted += 1
    assert counted == world.answers


def _same_as_datasette(
    ours: servers.Served, path: str, theirs: servers.Served, streamed: str
) -> None:
    *_, body = load.download(ours.port, path, keep=True)
    *_, other_body = load.download(theirs.port, streamed, keep=True)
    pairs = zip(
        csv.DictReader(_lines(body), strict=True),
        csv.DictReader(_lines(other_body), strict=True),
        strict=True,
    )
    for one, other in pairs:
        for name, theirs_name in [("report", "report_id_label"), ("narrative", "narrative")]:
            assert csv_text(one[name]) == other[theirs_name].replace("\r\n", "\n")
        assert (one["commitment"], one["status"]) == (other["commitment_id_label"], other["status"])


def _lines(body: bytes) -> list[str]:
    return body.decode().splitlines(keepends=True)

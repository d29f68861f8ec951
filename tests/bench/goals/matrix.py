"""Goal 9: members by clauses as one table of HTML."""

import re
import zlib

from tests.bench import load, servers
from tests.bench.goals import Bench
from tests.bench.load import Client
from tests.bench.measuring import Row, interleaved

OURS = "/matrix/?cycle=2024"
CLIENTS = 2
BODY = re.compile(rb"<tbody>.*</tbody>", re.DOTALL)
BETWEEN = re.compile(rb">\s+<")


def matrix(bench: Bench) -> list[Row]:
    """The page, beside two templates that write the same cells."""
    address = bench.s1.address
    with (
        servers.ours(address) as ours,
        servers.django_opponent("matrix_site", address) as theirs,
    ):
        page = Client(ours.port).get(OURS)
        for path in ("/django", "/jinja"):
            assert _cells(Client(theirs.port).get(path)) == _cells(page), path
        asked = {
            "ours": (ours.port, OURS),
            "Django": (theirs.port, "/django"),
            "Jinja2": (theirs.port, "/jinja"),
        }
        found = interleaved(
            {
                name: lambda port=port, path=path: load.seconds_each(
                    port, load.request(path), max(bench.seconds, 2), CLIENTS
                )
                for name, (port, path) in asked.items()
            },
            *bench.rounds_and_say,
        )
    what = f"matrix of {bench.s1.members * bench.s1.clauses} cells"
    sizes = [len(page) / 1e6], [len(zlib.compress(page, 6)) / 1e6]
    return [
        Row("9", what, found["ours"], found["Django"], "Django template over the ORM", ">= 20"),
        Row("9", what, found["ours"], found["Jinja2"], "Jinja2 over the ORM", ">= 6"),
        Row("9", "the matrix compressed", sizes[1], sizes[0], "as it is", "<= 0.10", "MB"),
    ]


def _cells(page: bytes) -> bytes:
    """The rows of the table, without the space between elements."""
    found = BODY.search(page)
    assert found
    return BETWEEN.sub(b"><", found[0]).strip()

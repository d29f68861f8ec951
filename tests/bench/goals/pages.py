"""Goals 5 to 8: a page of 100 answers, its ends, and the answer that nothing has changed."""

import contextlib
import json
from collections.abc import Callable, Iterator

from tests.bench import inside, load, servers, sqlite
from tests.bench.goals import Bench, say
from tests.bench.load import Client
from tests.bench.measuring import Row, interleaved

OURS = "/api/v1/progress/?page_size=100"
THEIRS = "/progress"
OF_DATASETTE = "/data/progress.json?_shape=array&_size=100&_nocount=1&_nosuggest=1&_nofacet=1"
WHOLE_CHAIN = (
    "The register answers as it is served, through its whole chain: policy, access, limit, stamp, "
    "a line in the log. Goal 8 shows what that chain takes alone. The others have almost none."
)
WANTED = {
    "DRF, ModelSerializer": ("5", ">= 10"),
    "django-ninja": ("5", ">= 9"),
    "FastAPI, SQLAlchemy ORM": ("5", ">= 3"),
    "Datasette, joined view": ("5", ">= 4"),
    "FastAPI, raw asyncpg": ("6", ">= 0.7"),
}


@contextlib.contextmanager
def everyone(bench: Bench) -> Iterator[dict[str, tuple[int, str]]]:
    """Port and path of each contender."""
    address = bench.s1.address
    with contextlib.ExitStack() as stack:
        started = {
            "ours": (servers.ours(address), OURS),
            "DRF, ModelSerializer": (servers.django_opponent("drf", address), THEIRS),
            "django-ninja": (servers.django_opponent("ninja_site", address), THEIRS),
            "FastAPI, SQLAlchemy ORM": (servers.fastapi_opponent("fastapi_orm", address), THEIRS),
            "FastAPI, raw asyncpg": (servers.fastapi_opponent("fastapi_asyncpg", address), THEIRS),
            "Datasette, joined view": (
                servers.datasette(*sqlite.file_of(bench.s1)),
                OF_DATASETTE,
            ),
        }
        yield {
            name: (stack.enter_context(context).port, path)
            for name, (context, path) in started.items()
        }


def page(bench: Bench) -> list[Row]:
    """Goals 5 and 6: the first page of 100, asked by 8 clients at once."""
    with everyone(bench) as asked:
        rows = _rows(*asked["ours"])
        assert len(rows) == 100
        for name, (port, path) in asked.items():
            flat = name.startswith("Datasette")
            _same(_as_sqlite(rows) if flat else rows, _rows(port, path), name)
        found = interleaved(
            {name: _asking(bench, port, path) for name, (port, path) in asked.items()},
            *bench.rounds_and_say,
        )
    what = "page of 100, 8 clients, s a page"
    return [
        Row(goal, what, found["ours"], found[name], name, wanted, note=WHOLE_CHAIN)
        for name, (goal, wanted) in WANTED.items()
    ]


def ends(bench: Bench) -> list[Row]:
    """Goal 7: the last page beside the first, keyset beside OFFSET, totals beside COUNT."""
    told = inside.ask(bench.s2, "tests.bench.goals.keyset", bench.rounds)
    last = f"{OURS}&cursor={told['last']}"
    with servers.ours(bench.s2.address) as ours:
        page = json.loads(Client(ours.port).get(last))
        assert (page["next"], len(page["results"])) == (None, 100)
        found = interleaved(
            {
                "first": _asking(bench, ours.port, OURS),
                "last": _asking(bench, ours.port, last),
            },
            *bench.rounds_and_say,
        )
    what = f"last page of {bench.s2.answers}"
    return [
        Row("7", what, found["last"], found["first"], "the first page", "<= 1.2"),
        *(Row(**row) for row in told["rows"]),
    ]


def unchanged(bench: Bench) -> list[Row]:
    """Goal 8: 304 from a stamp of one row beside 304 from hashing the body."""
    address = bench.s1.address
    with servers.ours(address) as ours, servers.django_opponent("drf", address) as drf:
        asked = {"ours": _held(ours.port, OURS), "DRF": _held(drf.port, THEIRS)}
        found = interleaved(
            {
                "ours": lambda: load.seconds_each(ours.port, asked["ours"], bench.seconds),
                "DRF": lambda: load.seconds_each(drf.port, asked["DRF"], bench.seconds),
            },
            *bench.rounds_and_say,
        )
    opponent = "DRF with ConditionalGetMiddleware"
    what, ours, theirs = "304 for a page of 100", found["ours"], found["DRF"]
    return [Row("8", what, ours, theirs, opponent, ">= 15", note=WHOLE_CHAIN)]


def _asking(bench: Bench, port: int, path: str) -> Callable[[], float]:
    return lambda: load.seconds_each(port, load.request(path), bench.seconds)


def _rows(port: int, path: str) -> list:
    told = json.loads(Client(port).get(path))
    if isinstance(told, list):  # Datasette, which has objects as text
        return [row | {"evidence": json.loads(row["evidence"])} for row in told]
    return told["results"]


def _same(ours: list[dict], theirs: list[dict], name: str) -> None:
    """Every field of the plain tables; what the register adds to them only makes it slower."""
    for one, other in zip(ours, theirs, strict=True):
        assert {field: one[field] for field in other} == other, name


def _as_sqlite(rows: list[dict]) -> list[dict]:
    """The rows as a database without booleans and objects gives them."""
    flat = []
    for row in rows:
        named = {"member": row["member"]["code"], "member_name": row["member"]["name"]}
        flags = {name: int(row[name]) for name in ("withheld", "synthetic")}
        flat.append(row | named | flags)
    return flat


def _held(port: int, path: str) -> bytes:
    """A request of a client that holds the page already; it is answered with 304."""
    client = Client(port)
    client.ask(load.request(path))
    head = bytes(client.buffer).partition(b"\r\n\r\n")[0].decode("latin-1")
    etag = next(
        line.partition(":")[2].strip()
        for line in head.splitlines()
        if line.lower().startswith("etag:")
    )
    asked = load.request(path, If_None_Match=etag)
    assert bytes(client.ask(asked)) == b""
    assert client.buffer.startswith(b"HTTP/1.1 304")
    say(f"    {path} answers 304")
    return asked

"""The databases that are measured, on a PostgreSQL server of the benchmark's own."""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from alliance.standalone import postgres
from tests.bench import servers

# members, clauses, rounds
SIZES = {"S1": (300, 90, 6), "S2": (1000, 100, 10)}
QUICK = {"S1": (60, 30, 3), "S2": (100, 50, 6)}
OPTIONS = [
    *("-c", "shared_buffers=512MB", "-c", "fsync=off", "-c", "max_wal_size=8GB"),
    *("-c", "synchronous_commit=off", "-c", "max_connections=100"),
]
BUILD_SECONDS = 900
# What the data depend on: while this is the same, a database of an earlier run is taken again.
SOURCES = (
    "tests/bench/build.py",
    "tests/bench/plain.sql",
    "reporting/migrations",
    "members/migrations",
)
SOURCES += ("commitments/migrations", "reporting/serializers.py", "reporting/tables")


@dataclass(frozen=True)
class World:
    """A filled database."""

    name: str
    database: str
    address: str
    members: int
    clauses: int
    rounds: int

    @property
    def answers(self) -> int:
        return self.members * self.clauses * self.rounds

    @contextlib.contextmanager
    def connection(self) -> Iterator["psycopg2.extensions.connection"]:
        with contextlib.closing(psycopg2.connect(self.address)) as opened:
            opened.autocommit = True
            yield opened

    def psql(self, *arguments: str) -> list[str]:
        """The command that asks this database by psql."""
        with self.connection() as opened:
            major = opened.server_version // 10_000
        program = postgres.clients_for(major) / "psql"
        return [str(program), "-X", "-q", "-d", self.address, *arguments]


@contextlib.contextmanager
def server() -> Iterator[postgres.Server]:
    started = postgres.start(servers.STATE, OPTIONS)
    try:
        yield started
    finally:
        started.stop()


def build(name: str, quick: bool, say: Callable[[str], None]) -> World:
    """The world of this name, filled now or by an earlier run with the same sources."""
    size = (QUICK if quick else SIZES)[name]
    database = f"bench_{name.lower()}_{_digest(size)}"
    world = World(name, database, postgres.address(servers.STATE, database), *size)
    if _is_there(database):
        return world
    say(f"Building {name}: {world.answers} answers ...")
    _sql(f"DROP DATABASE IF EXISTS {database}_part")
    _sql(f"CREATE DATABASE {database}_part")
    subprocess.run(
        [sys.executable, "-m", "tests.bench.build", *map(str, size)],
        env=servers.ours_env(postgres.address(servers.STATE, f"{database}_part")),
        cwd=servers.ROOT,
        timeout=BUILD_SECONDS,
        check=True,
    )
    _sql(f"ALTER DATABASE {database}_part RENAME TO {database}")
    return world


def _digest(size: tuple[int, int, int]) -> str:
    digest = hashlib.sha256(repr(size).encode())
    for source in SOURCES:
        path = servers.ROOT / source
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:8]


def _is_there(database: str) -> bool:
    with contextlib.closing(psycopg2.connect(postgres.address(servers.STATE))) as opened:
        cursor = opened.cursor()
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [database])
        return bool(cursor.fetchone()[0])


def _sql(statement: str) -> None:
    with contextlib.closing(psycopg2.connect(postgres.address(servers.STATE))) as opened:
        opened.autocommit = True
        opened.cursor().execute(statement)


def machine() -> dict[str, str]:
    """What the figures depend on, in words that name no place."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with contextlib.closing(psycopg2.connect(postgres.address(servers.STATE))) as opened:
        database = str(opened.server_version // 10_000)
    return {
        "processors": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "Python": ".".join(map(str, sys.version_info[:3])),
        "PostgreSQL": database,
    }

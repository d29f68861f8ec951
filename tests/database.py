"""One PostgreSQL server for a run of the tests, and one golden database that all others copy.

The server lives in a temporary folder with its safety off and ends with the run. The golden
database is migrated and has the registry loaded; each xdist worker gets a copy of it, and so does
each test that asks for `fresh_database`. docs/decisions/golden-test-database.md says why.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from alliance import environment
from alliance.standalone import postgres

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "alliance-tests-"
SERVER, GOLDEN = "TESTS_SERVER", "TESTS_GOLDEN"  # how the controller tells its workers
UNSAFE_BUT_QUICK = [
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "max_connections=100", "-c", "autovacuum=off"),
]


def begin(config: pytest.Config) -> None:
    """Starts the server and makes the golden database; the end of the run undoes both."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("ended by SIGTERM", 143))
    os.environ[GOLDEN] = f"golden_{uuid.uuid4().hex[:8]}"
    if given := os.environ.get("TEST_DATABASE_URL"):
        os.environ[SERVER] = given
        config.add_cleanup(lambda: _sql(f"DROP DATABASE IF EXISTS {os.environ[GOLDEN]}"))
    else:
        _remove_what_killed_runs_left()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        server = postgres.start(folder, UNSAFE_BUT_QUICK)
        config.add_cleanup(server.stop)
        os.environ[SERVER] = server.address
    # Migrating from nothing takes most of a short run: whoever keeps a database that `prepare` made
    # names it here, and only what came since is migrated.
    kept = os.environ.get("TEST_TEMPLATE", "template1")
    _sql(f"CREATE DATABASE {os.environ[GOLDEN]} TEMPLATE {kept}")
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare", "--verbosity", "0"],
        env=os.environ
        | {"DATABASE_URL": _url(os.environ[GOLDEN]), "DJANGO_SETTINGS_MODULE": "alliance.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if prepared.returncode:
        pytest.exit(f"The golden database could not be made:\n{prepared.stderr[-4000:]}", 3)
    # Nothing does it by itself here, and without it the planner guesses at every table's size.
    _sql("VACUUM ANALYZE", os.environ[GOLDEN])


def point_django_at_it() -> None:
    """Makes Django's test database a copy of the golden one. The dictionary is Django's own."""
    found = environment.database(os.environ[SERVER])
    del found["OPTIONS"]
    settings.DATABASES["default"].update(found)
    names = {"NAME": f"test_{os.environ[GOLDEN]}", "TEMPLATE": os.environ[GOLDEN]}
    settings.DATABASES["default"].setdefault("TEST", {}).update(names)


@dataclass
class Database:
    """A database that one test has for itself, and its address for other processes."""

    name: str
    url: str


@pytest.fixture
def fresh_database(django_db_blocker: Any) -> Iterator[Database]:
    """A copy of the golden database, for tests with several connections or processes."""
    with copied(django_db_blocker) as database:
        yield database


@contextmanager
def copied(django_db_blocker: Any) -> Iterator[Database]:
    """The same for a fixture that lives longer than one test."""
    with django_db_blocker.unblock(), cloned() as database, used(database):
        yield database


@contextmanager
def cloned(template: str = "") -> Iterator[Database]:
    """A database of its own, copied from `template` (the golden one), and gone at the end."""
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    _sql(f"CREATE DATABASE {name} TEMPLATE {template or os.environ[GOLDEN]}")
    try:
        yield Database(name, _url(name))
    finally:
        connections.close_all()
        _sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def used(database: Database) -> Iterator[None]:
    """Within, Django's connection leads to this database."""
    connections.close_all()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], database.name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _sql(statement: str, database: str = "") -> None:
    address = _url(database) if database else os.environ[SERVER]
    with closing(psycopg2.connect(address)) as direct:
        direct.autocommit = True
        direct.cursor().execute(statement)


def _url(database: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    return urlunsplit(urlsplit(os.environ[SERVER])._replace(path=f"/{database}"))


def _remove_what_killed_runs_left() -> None:
    """Clears folders of runs ended by kill -9: their server is gone when its lock is free."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            with (folder / "postgres" / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another's, still at work, or not yet begun
            continue

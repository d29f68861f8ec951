"""Someone starts the site without a database of their own: one is started beside it."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from alliance.standalone import postgres

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["-c", "fsync=off", "-c", "shared_buffers=8MB"]


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder whose path has a space in it."""
    folder = Path(tempfile.mkdtemp(prefix="alliance state "))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def ask(server: postgres.Server | str, sql: str) -> str:
    address = server if isinstance(server, str) else server.address
    direct = psycopg2.connect(address)
    try:
        with direct, direct.cursor() as cursor:
            cursor.execute(sql)
            return str(cursor.fetchone()[0]) if cursor.description else ""
    finally:
        direct.close()


def test_data_stay_and_each_end_is_clean(state: Path) -> None:
    first = postgres.start(state, QUICK)
    try:
        ask(first, "CREATE TABLE kept AS SELECT 7 AS n")
    finally:
        first.stop()
    assert first.process.poll() == 0
    (state / "postgres" / "data" / "postmaster.pid").write_text("99999\nstale\n")
    second = postgres.start(state, QUICK)
    try:
        assert ask(second, "SELECT n FROM kept") == "7"
        assert second.address == postgres.address(state)
    finally:
        second.stop()


def test_nobody_else_can_reach_it(state: Path) -> None:
    server = postgres.start(state, QUICK)
    try:
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW server_encoding") == "UTF8"
    finally:
        server.stop()


def test_a_refused_text_does_not_stand_in_its_log(state: Path) -> None:
    word = "quillfeatherwhisper"
    server = postgres.start(state, QUICK)
    refused = [
        f"INSERT INTO said VALUES ('{word}', -1)",  # against a check: the row is told
        f"INSERT INTO said VALUES ('{word}', 1)",  # against a key: the value is told
        f"SELECT '{word}', nowhere FROM said",  # not to be understood: the statement is told
    ]
    try:
        ask(server, "CREATE TABLE said (text text PRIMARY KEY, n int CHECK (n > 0))")
        ask(server, f"INSERT INTO said VALUES ('{word}', 1)")
        for statement in refused:
            with pytest.raises(psycopg2.Error, match=word):
                ask(server, statement)
    finally:
        server.stop()
    log = (state / "postgres" / "log").read_text()
    assert log.count("ERROR:") == len(refused), "that it was refused is told"
    assert word not in log


def test_two_on_the_same_data_are_refused(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_PATIENCE", 0.3)
    server = postgres.start(state, QUICK)
    try:
        with pytest.raises(postgres.CannotStart, match=str(server.process.pid)):
            postgres.start(state, QUICK)
    finally:
        server.stop()


def test_data_of_an_older_major_are_not_touched(state: Path) -> None:
    data = state / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(postgres.CannotStart, match="was made by PostgreSQL 9"):
        postgres.start(state, QUICK)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_long_path_gets_a_short_socket(state: Path) -> None:
    deep = state / ("long" * 20)
    deep.mkdir()
    server = postgres.start(deep, QUICK)
    try:
        assert len(os.fsencode(server.socket_folder)) <= postgres.LONGEST_SOCKET_FOLDER
        assert ask(postgres.address(deep), "SELECT 1") == "1"
    finally:
        server.stop()
        server.socket_folder.rmdir()


def test_it_ends_when_its_starter_is_killed(state: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from alliance.standalone import postgres\n"
        "print(postgres.start(Path(sys.argv[1])).process.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(state)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert starter.stdout
    pid = int(starter.stdout.readline())
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    end = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()

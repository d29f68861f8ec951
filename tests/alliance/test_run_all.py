"""Someone starts the whole site with one command, and ends it in each way it can end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliance.standalone.processes import dies_with_parent
from tests.database import Database
from tests.site import END_SECONDS, ROOT, Site, free_port, started, wait_for

pytestmark = pytest.mark.xdist_group("run_all")  # one after the other, on the same data


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="alliance run "))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def site(state: Path) -> Iterator[Site]:
    with started(state) as site:
        yield site


def test_all_is_ready_and_a_polite_end_leaves_nothing(site: Site) -> None:
    parts = json.loads(site.get("/readyz")[1])["parts"]
    assert set(parts.values()) == {"ready"}
    for part in ("postgres", "gunicorn", "celery", "alliance.standalone.mail"):
        assert site.running(part), part
    weights = {
        p: os.getpriority(os.PRIO_PROCESS, min(site.running(p))) for p in ("gunicorn", "celery")
    }
    assert weights["celery"] > weights["gunicorn"]  # what is built stands back for who reads
    told = ""
    while f"http://localhost:{site.port}/" not in told:  # said once it has asked for itself
        line = site.process.stdout.readline()
        assert line, told
        told += line
    site.process.terminate()
    told, _ = site.process.communicate(timeout=END_SECONDS)
    assert site.process.returncode == 0
    assert "killed" not in told
    assert not site.processes()


def test_the_hardest_end_leaves_nothing(site: Site) -> None:
    os.kill(site.process.pid, signal.SIGKILL)
    assert wait_for(lambda: not site.processes(), END_SECONDS), site.processes()


@pytest.mark.parametrize(
    ("part", "name"), [("gunicorn", "web"), ("celery", "worker"), ("postgres -D", "postgres")]
)
def test_a_part_that_dies_ends_all_and_is_named(site: Site, part: str, name: str) -> None:
    os.kill(min(site.running(part)), signal.SIGKILL)
    told, _ = site.process.communicate(timeout=END_SECONDS)
    assert site.process.returncode == 1
    assert f"{name} ended by itself" in told
    assert not site.processes()


@pytest.fixture
def redis_url() -> Iterator[str]:
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        ["redis-server", *options],
        stdout=subprocess.DEVNULL,
        preexec_fn=dies_with_parent(signal.SIGKILL),
    )
    yield f"redis://127.0.0.1:{port}/0"
    server.kill()
    server.wait()


@pytest.mark.redis
def test_servers_of_ones_own_are_used(
    tmp_path: Path, fresh_database: Database, redis_url: str
) -> None:
    with started(tmp_path, DATABASE_URL=fresh_database.url, REDIS_URL=redis_url) as site:
        assert not site.running("postgres -D")
        assert len(site.running("celery --quiet --app alliance beat")) == 1
        assert site.running("celery --quiet --app alliance worker")
        assert not (tmp_path / "broker").exists()
        assert not (tmp_path / "postgres").exists()
        site.process.terminate()
        site.process.communicate(timeout=END_SECONDS)
        assert not site.processes()


def test_a_taken_port_is_told(tmp_path: Path, fresh_database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [sys.executable, "manage.py", "run_all"],
            env=os.environ
            | {"STATE_DIR": str(tmp_path), "PORT": port, "DATABASE_URL": fresh_database.url}
            | {"DJANGO_SETTINGS_MODULE": "alliance.settings"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert told.returncode == 1
    assert f"Port {port} is taken" in told.stdout

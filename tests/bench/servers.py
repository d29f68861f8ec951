"""Servers that the benchmark starts on free ports of this machine, and ends by their process."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bootstrap
from alliance.standalone.processes import dies_with_parent

ROOT = Path(__file__).resolve().parents[2]

STATE = Path(os.environ.get("BENCH_DIR") or ROOT / "var" / "bench").resolve()
VENV = STATE / "venv"
WORKERS, THREADS = "2", "4"
PATIENCE_SECONDS = 60
GTHREAD = ["--worker-class", "gthread", "--threads", THREADS, "--timeout", "600"]


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    pid: int


def own_venv() -> None:
    """Makes the opponents' environment from tests/bench/requirements.lock where that is needed."""
    _made(VENV, "tests/bench/requirements.lock")


def production_python() -> str:
    """A Python with what production installs and nothing else.

    A library may import what development has beside it: that is no part of a start.
    """
    return _made(STATE / "production", bootstrap.RUNTIME)


def _made(venv: Path, lock: str) -> str:
    bootstrap.VENV = str(venv)
    bootstrap.PYTHON, bootstrap.STAMP = str(venv / "bin/python"), str(venv / "installed.json")
    bootstrap.make_venv(lock)
    return bootstrap.PYTHON


def prepare_ours(address: str) -> None:
    """Gathers the static files that the register's pages name."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, env=ours_env(address), cwd=ROOT, check=True)


@contextlib.contextmanager
def ours(address: str, workers: str = WORKERS) -> Iterator[Served]:
    """The register as `make run` serves it."""
    command = [sys.executable, "-m", "gunicorn", "alliance.wsgi", "--workers", workers, *GTHREAD]
    with _started("ours", [*command, "--no-control-socket"], ours_env(address)) as served:
        yield served


def ours_env(address: str) -> dict[str, str]:
    """The environment of the register on a database; from the caller's, nothing of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        **{"DATABASE_URL": address, "STATE_DIR": str(STATE), "DEMO": "0", "FIRST_CYCLE": "2000"},
        **{"DJANGO_SETTINGS_MODULE": "alliance.settings", "API_REQUESTS_PER_MINUTE": "0"},
        **{"PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore"},
    }


@contextlib.contextmanager
def django_opponent(name: str, address: str) -> Iterator[Served]:
    module = f"tests.bench.opponents.{name}:application"
    command = [str(VENV / "bin/python"), "-m", "gunicorn", module, "--workers", WORKERS]
    with _started(name, [*command, *GTHREAD, "--no-control-socket"], _env(address)) as served:
        yield served


@contextlib.contextmanager
def fastapi_opponent(name: str, address: str) -> Iterator[Served]:
    module = f"tests.bench.opponents.{name}:app"
    command = [str(VENV / "bin/python"), "-m", "uvicorn", module, "--workers", WORKERS]
    with _started(name, [*command, "--log-level", "warning"], _env(address)) as served:
        yield served


@contextlib.contextmanager
def datasette(file: Path, labels: Path) -> Iterator[Served]:
    """Datasette, which is one process; with limits wide enough for what is asked."""
    command = [str(VENV / "bin/python"), "-m", "datasette", "serve", "--immutable", str(file)]
    command += ["--metadata", str(labels)]
    for setting, value in [("sql_time_limit_ms", "600000"), ("max_csv_mb", "0")]:
        command += ["--setting", setting, value]
    with _started("datasette", command, _env("")) as served:
        yield served


def _env(address: str) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DATABASE_URL": address, "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def _started(name: str, command: Sequence[str], env: Mapping[str, str]) -> Iterator[Served]:
    port = _free_port()
    where = ["--bind", f"127.0.0.1:{port}"] if "gunicorn" in command else ["--port", str(port)]
    with (STATE / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *where],
            **{"env": dict(env), "cwd": ROOT, "stdin": subprocess.DEVNULL},
            **{"stdout": log, "stderr": log, "start_new_session": True},
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
    try:
        _wait(process, port, name)
        yield Served(port, process.pid)
    finally:
        _end(process)


def _wait(process: subprocess.Popen, port: int, name: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise OSError(f"{name} does not answer: {(STATE / f'{name}.log').read_text()[-500:]}")


def _end(process: subprocess.Popen) -> None:
    """Asks it to end, then ends its whole session: workers of killed masters stay otherwise."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def children_of(pid: int) -> list[int]:
    """The process ids of a server's workers."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

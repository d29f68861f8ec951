"""The whole site as real processes: what `make run` starts, for tests that need all of it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS, END_SECONDS = 120, 60


@dataclass
class Site:
    """A running `make run`, without make."""

    process: subprocess.Popen[str]
    state: Path
    port: int

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=10
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def processes(self) -> dict[int, str]:
        """Every process that was started for this state folder, by what it runs."""
        found, mark = {}, f"STATE_DIR={self.state}\0".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() + b"\0":
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def running(self, part: str) -> list[int]:
        return [pid for pid, runs in self.processes().items() if part in runs]


def wait_for(what: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def started(state: Path, patience: float = START_SECONDS, **given: str) -> Iterator[Site]:
    """A site once it is ready; `given` stands in its environment. It ends with the block."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_all"],
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            "STATE_DIR": str(state),
            "PORT": str(port),
            "DEMO": "0",
            **given,
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    site = Site(process, state, port)
    try:
        assert wait_for(lambda: site.get("/readyz")[0] == 200, patience), site.get("/readyz")
        yield site
    finally:
        for pid in site.processes():
            os.kill(pid, signal.SIGKILL)
        process.wait()

"""Starts all that one machine needs, watches it, and leaves nothing behind when it ends."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alliance.standalone import postgres
from alliance.standalone.processes import dies_with_parent, stand_back

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PATIENCE = 20  # seconds that a child has for its end
LOG_LIMIT = 10_000_000  # bytes of a log that is carried on with


class Stop(Exception):
    """Someone asked for the end."""


class EndedByItself(Exception):
    """A child came to an end that nobody asked for; the text names it."""


@dataclass
class Child:
    """A process of ours, in a session of its own."""

    name: str
    process: subprocess.Popen[bytes]

    def ask_to_end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def end(self, patience: float) -> bool:
        """Whether it ended in time; if not it is killed. What it started itself is killed too."""
        in_time = True
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            in_time = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return in_time


@dataclass
class Supervisor:
    """The processes of one start. Nothing is restarted: one that ends by itself ends all."""

    state: Path
    children: list[Child] = field(default_factory=list)
    server: postgres.Server | None = None

    def listen_to_signals(self) -> None:
        def stop(*_: Any) -> None:
            raise Stop

        for sign in SIGNALS:
            signal.signal(sign, stop)

    def start_postgres(self) -> None:
        self.server = postgres.start(self.state)

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        fds: Sequence[int] = (),
        last: bool = False,
    ) -> None:
        """Starts `python -m arguments`, writing to logs/<name>.log; `last` lets others go first."""
        lives = dies_with_parent(signal.SIGTERM)

        def before() -> None:
            lives()
            if last:
                stand_back()

        with self.log(name).open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(env),
                pass_fds=fds,
                start_new_session=True,
                preexec_fn=before,
            )
        self.children.append(Child(name, process))

    def log(self, name: str) -> Path:
        folder = self.state / "logs"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.old"))
        return path

    def watch_once(self) -> None:
        """Raises EndedByItself when a child is gone."""
        running = [(child.name, child.process, self.log(child.name)) for child in self.children]
        if self.server:
            running.append(("postgres", self.server.process, self.state / "postgres" / "log"))
        for name, process, log in running:
            if (code := process.poll()) is not None:
                raise EndedByItself(f"{name} ended by itself ({code}); see {log}")

    def end_all(self) -> None:
        """Ends every child, the database last; no signal interrupts this."""
        for sign in SIGNALS:
            signal.signal(sign, signal.SIG_IGN)
        for child in self.children:
            child.ask_to_end()
        end = time.monotonic() + PATIENCE
        for child in self.children:
            if not child.end(max(0.1, end - time.monotonic())):
                say(f"{child.name} did not end within {PATIENCE} seconds and was killed.")
        if self.server:
            self.server.stop(PATIENCE)


def say(line: str) -> None:
    """Tells the person at the keyboard."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def own_secret(state: Path) -> str:
    """A secret key made once for this state folder and kept in it."""
    path = state / "secret-key"
    with contextlib.suppress(FileExistsError):
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(made, secrets.token_urlsafe(48).encode())
        os.close(made)
    return path.read_text()


def empty_broker(folder: Path) -> None:
    """Makes the folder that stands in for Redis anew; the database holds all that matters."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("queue", "control"):
        (folder / part).mkdir(parents=True)


def listening_socket() -> socket.socket:
    """A socket on a free port of this machine, for a child to take over."""
    found = socket.create_server(("127.0.0.1", 0))
    found.set_inheritable(True)
    return found


def port_is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True

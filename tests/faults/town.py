"""A small town of real processes: database, broker, mail, web, two workers and two beats."""

import os
import signal
import subprocess
import sys
import time
from typing import IO

from aiosmtpd.smtp import SMTP, Envelope, Session

from alliance.standalone import postgres
from alliance.standalone.processes import dies_with_parent
from tests.mail_server import MailServer
from tests.site import ROOT, free_port

from .disk import Disk

WORKERS, BEATS = ("worker-1", "worker-2"), ("beat-1", "beat-2")
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "alliance"]
WORKER = [
    *("worker", "--loglevel", "warning", "--pool", "solo", "--include", "tests.faults.wrong"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
QUICK = {"OUTBOX_EVERY_SECONDS": "1", "PLAN_EVERY_SECONDS": "2"}


class Post(MailServer):
    """A mail server that remembers when the handing over of each message began."""

    def __init__(self) -> None:
        self.begun: dict[str, list[float]] = {}
        super().__init__()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.begun.setdefault(address, []).append(time.time())
        return await super().handle_RCPT(server, session, envelope, address, options)


class Town:
    """Everything that runs. Start and end parts from the main thread alone: a child dies with
    the thread that started it."""

    def __init__(self, disk: Disk, *, outage: float) -> None:
        self.disk, self.folder = disk, disk.folder
        self.outage = outage  # seconds for which a part that is gone for long is gone
        self.mail = Post()
        self.ports = {"redis": free_port(), "web": free_port()}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.logs: dict[str, IO[bytes]] = {}
        self.database: postgres.Server | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def environment(self) -> dict[str, str]:
        """What every part is told, and what this process itself must be told."""
        return QUICK | {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": postgres.address(self.folder),
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "STATE_DIR": str(self.folder),
            "SITE_URL": self.site,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port),
            "SMTP_STARTTLS": "0",
            "DEMO": "0",
            "SECOND_FACTOR": "0",  # signing in is not what is tried here
            "LOG_LEVEL": "WARNING",
        }

    def command(self, part: str) -> list[str]:
        if part == "redis":
            kept = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
            return ["redis-server", "--bind", "127.0.0.1", "--port", str(self.ports[part]), *kept]
        if part == "web":
            threads = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
            where = ["--no-control-socket", "--bind", f"127.0.0.1:{self.ports[part]}"]
            return [sys.executable, "-m", "gunicorn", "alliance.wsgi", *threads, *where]
        if part in WORKERS:
            return [*CELERY, *WORKER, "--hostname", f"{part}@town"]
        return [*CELERY, "beat", "--loglevel", "warning", "--pidfile="]

    def start_database(self) -> None:
        self.database = postgres.start(self.folder)

    def start_database_if_it_ended(self) -> None:
        if self.database is None or self.database.process.poll() is not None:
            self.start_database()

    def stop_database(self, sign: signal.Signals) -> None:
        """SIGINT ends open connections and the server; SIGQUIT leaves a crash behind."""
        assert self.database is not None
        self.database.process.send_signal(sign)
        self.database.process.wait(30)

    def start(self, part: str) -> None:
        if part in self.running and self.running[part].poll() is None:
            return
        log = self.logs.setdefault(part, (self.folder / f"{part}.log").open("ab"))
        self.running[part] = subprocess.Popen(
            self.command(part),
            env={"PATH": os.environ["PATH"], **self.environment},
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )

    def end(self, part: str, sign: signal.Signals = signal.SIGKILL) -> None:
        """Ends the part and all that it started."""
        process = self.running[part]
        if process.poll() is None:
            os.killpg(process.pid, sign)
            process.wait(30)

    def start_all(self) -> None:
        for part in ("redis", "web", *WORKERS, *BEATS):
            self.start(part)

    def manage(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A management command beside the running parts."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env={"PATH": os.environ["PATH"], **self.environment},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )

    def end_all(self) -> None:
        for part in self.running:
            self.end(part)
        if self.database:
            self.database.stop()
        self.mail.stop()
        for log in self.logs.values():
            log.close()


def rest(seconds: float) -> None:
    """Lets the town work on. A fault lasts for a while by its nature; nothing is judged by it."""
    time.sleep(seconds)

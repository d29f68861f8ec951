"""A real worker with its timetable does the work, over either broker, and survives being killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from kombu import Connection
from structlog.contextvars import bound_contextvars

from alliance.celery import app
from alliance.standalone.processes import dies_with_parent
from members import outbox
from members.models import Heartbeat, Message
from tests.database import Database
from tests.mail_server import MailServer, mail_server

__all__ = ["mail_server"]

WORKER = [
    *(sys.executable, "-m", "celery", "--app", "alliance", "worker", "--pool", "solo", "--beat"),
    *("--loglevel", "warning"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def put(number: int) -> None:
    address = f"reader-{number}@cast.example"
    outbox.queue(kind="workflow", to=address, subject=f"Message {number}", body="-")


@pytest.fixture
def world(fresh_database: Database, mail_server: MailServer, tmp_path: Path) -> dict[str, str]:
    """The environment of a worker: database, mail server and folder of this test alone."""
    queue = tmp_path / "broker"
    for folder in ("queue", "control"):
        (queue / folder).mkdir(parents=True)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "DATABASE_URL": fresh_database.url,
        "REDIS_URL": "",
        "STATE_DIR": str(tmp_path),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_server.port),
        "SMTP_STARTTLS": "0",
        "OUTBOX_EVERY_SECONDS": "1",
    }


@contextmanager
def running(
    command: list[str], env: dict[str, str], log: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, ended with all that it started: a killed worker leaves its timetable running."""
    process = subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGKILL),
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def a_folder_as_broker(state_dir: Path) -> Connection:
    queue, control = (str(state_dir / "broker" / name) for name in ("queue", "control"))
    options = {"data_folder_in": queue, "data_folder_out": queue, "control_folder": control}
    return Connection("folder://", transport_options=options)


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def redis(port: int) -> Iterator[None]:
    """A redis-server that keeps nothing on disk."""
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running(["redis-server", *options], dict(os.environ)):
        wait_for(lambda: _listens(port), 5)
        yield


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_timetable_sends_what_the_outbox_holds(
    world: dict[str, str], mail_server: MailServer
) -> None:
    put(1)
    with running(WORKER, world):
        wait_for(lambda: Message.objects.filter(state="sent").exists())
        put(2)
        wait_for(lambda: Message.objects.filter(state="sent").count() == 2)
        assert Heartbeat.objects.filter(name="worker").exists()
        assert Heartbeat.objects.filter(name="beat").exists()

    assert len(mail_server.accepted) == 2


def test_every_line_of_a_task_names_it_and_the_request_that_queued_it(
    world: dict[str, str], tmp_path: Path
) -> None:
    put(1)
    quiet, talkative = world | {"OUTBOX_EVERY_SECONDS": "3600"}, [*WORKER, "--loglevel", "info"]
    with (tmp_path / "log").open("wb") as log, running(talkative, quiet, log):
        with a_folder_as_broker(tmp_path) as broker, bound_contextvars(request_id="the request"):
            app.send_task("members.tasks.drain_outbox", connection=broker)
        wait_for(lambda: Message.objects.filter(state="sent").exists())
        wait_for(lambda: "outbox_drained" in (tmp_path / "log").read_text())

    (line,) = [line for line in (tmp_path / "log").read_text().splitlines() if "drained" in line]
    told = json.loads(line)
    assert told["task"] == "members.tasks.drain_outbox" and len(told["task_id"]) == 36
    assert told["request_id"] == "the request"


@pytest.mark.redis
def test_a_redis_that_goes_and_comes_back_empty_loses_nothing(
    world: dict[str, str], mail_server: MailServer
) -> None:
    port = a_free_port()
    world["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    with ExitStack() as until_the_end:
        with redis(port):
            until_the_end.enter_context(running(WORKER, world))
            put(1)
            wait_for(lambda: Message.objects.filter(state="sent").exists())
        put(2)
        time.sleep(2)
        with redis(port):
            wait_for(lambda: Message.objects.filter(state="sent").count() == 2)

    assert len(mail_server.accepted) == 2


def test_a_worker_killed_in_the_middle_leaves_the_rest_to_the_next(
    world: dict[str, str], mail_server: MailServer
) -> None:
    for number in range(60):
        put(number)
    with running(WORKER, world) as worker:
        wait_for(lambda: len(mail_server.accepted) >= 10)
        worker.send_signal(signal.SIGKILL)
        worker.wait(5)
    Message.objects.exclude(lease_until=None).update(lease_until="2020-01-01T00:00Z")
    outbox.drain()

    assert Message.objects.filter(state="sent").count() == 60
    copies = len(mail_server.recipients) - len(set(mail_server.recipients))
    assert set(mail_server.recipients) == set(Message.objects.values_list("to", flat=True))
    assert copies <= Message.objects.filter(maybe_twice=True).count() <= 1


PUBLISHES_WITHOUT_A_BROKER = """
import django, time
django.setup()
from django.db import transaction
from reporting.summaries import rebuild_when_committed
begun = time.monotonic()
with transaction.atomic():
    rebuild_when_committed()
assert time.monotonic() - begun < 5, "the page would have waited"
"""


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", ""])
def test_a_broker_that_is_away_neither_stops_nor_delays_a_publication(
    broker: str, world: dict[str, str], tmp_path: Path
) -> None:
    world |= {"REDIS_URL": broker, "STATE_DIR": str(tmp_path / "gone")}
    subprocess.run([sys.executable, "-c", PUBLISHES_WITHOUT_A_BROKER], env=world, check=True)

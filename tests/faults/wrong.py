"""Five ways of doing the same work that are known to be wrong. The harness must show it.

A task for each mail, queued after the commit; rows marked as sent before they are sent; a look who
has no row yet, then a row and a mail; a summary written in place; a text that is read, changed and
saved, with its history. What went wrong is found by `detect`, as for our own code.
"""

import smtplib
import threading
import time
from collections import Counter
from email.utils import make_msgid

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerAway

from . import generations
from .detect import Handed, Reading, half_built, missing, told_twice, unsent

WRONG = "@wrong.example"
SCHEMA = """
CREATE TABLE wrong_mail (address text PRIMARY KEY, sent boolean NOT NULL DEFAULT false);
CREATE TABLE wrong_person (address text PRIMARY KEY);
CREATE TABLE wrong_plan (address text NOT NULL);
CREATE TABLE wrong_summary (scope text NOT NULL, figure text NOT NULL, n int NOT NULL);
CREATE TABLE wrong_text (words text NOT NULL);
CREATE TABLE wrong_history (words text NOT NULL);
INSERT INTO wrong_text VALUES ('');
"""
THOUGHT_SECONDS = 0.02  # between a look and what is done about it


def _send(address: str) -> None:
    message_id = make_msgid(domain=WRONG.removeprefix("@"))
    text = f"To: {address}\r\nMessage-ID: {message_id}\r\n\r\n-\r\n"
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
        server.sendmail("wrong@town.example", [address], text)


@shared_task
def mail_by_task(address: str) -> None:
    _send(address)


@shared_task
def mark_then_send() -> None:
    for address in _asked(
        "UPDATE wrong_mail SET sent = true WHERE address IN "
        "(SELECT address FROM wrong_mail WHERE NOT sent LIMIT 20) RETURNING address"
    ):
        _send(address)


@shared_task
def look_then_plan() -> None:
    """Two who look at once both find nothing, and no constraint stops the second."""
    silent = _asked("SELECT address FROM wrong_person EXCEPT SELECT address FROM wrong_plan")
    time.sleep(THOUGHT_SECONDS)
    for address in silent:
        _do("INSERT INTO wrong_plan VALUES (%s)", address)
        _send(address)


@shared_task
def summary_in_place() -> None:
    for scope in generations.SCOPES:
        found = generations.counted(scope)
        _do("DELETE FROM wrong_summary WHERE scope = %s", scope)
        time.sleep(THOUGHT_SECONDS)
        for figure, n in found.items():
            _do("INSERT INTO wrong_summary VALUES (%s, %s, %s)", scope, figure, n)


# Looked for twice in each turn, as by two timetables: that no two ever met was a matter of luck.
TASKS = [mark_then_send, look_then_plan, look_then_plan, summary_in_place]


def _do(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _asked(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [found for (found,) in cursor.fetchall()]


class Wrong:
    """Does it all, and keeps what it believes it has done."""

    def __init__(self) -> None:
        self.by_task: set[str] = set()
        self.marked: set[str] = set()
        self.planned: set[str] = set()
        self.readings: Counter[Reading] = Counter()
        self.edits: dict[str, str] = {}
        self.number = 0
        self.lock = threading.Lock()

    def promise_mails(self) -> None:
        self.number += 1
        ways = ("task", "marked", "planned")
        by_task, marked, planned = (f"{way}-{self.number}{WRONG}" for way in ways)
        with transaction.atomic():
            _do("INSERT INTO wrong_mail VALUES (%s)", marked)
            _do("INSERT INTO wrong_person VALUES (%s)", planned)
        self.by_task.add(by_task)
        self.marked.add(marked)
        self.planned.add(planned)
        try:
            mail_by_task.delay(by_task)
            for task in TASKS:
                task.delay()
        except BrokerAway:
            return

    def read_summaries(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT scope, figure, n FROM wrong_summary")
            self.readings[generations.reading(cursor.fetchall())] += 1

    def edit(self) -> None:
        (words,) = _asked("SELECT words FROM wrong_text")
        time.sleep(THOUGHT_SECONDS / 2)  # somebody thinks about the next word
        with self.lock:
            word = f"word-{len(self.edits):06d}"
            _do("UPDATE wrong_text SET words = %s", f"{words} {word}")
            _do("INSERT INTO wrong_history VALUES (%s)", word)
            self.edits[word] = "the text"

    def send_the_rest(self) -> None:
        """What the timetable would do once all is well again."""
        mark_then_send.delay()

    def lost(self, handed: Handed) -> dict[str, tuple[int, int]]:
        """By way: how many were lost, of how many."""
        handed, edits = list(handed), self.edits
        half = half_built(self.readings, generations.states())
        live, history = (
            {"the text": " ".join(_asked(f"SELECT words FROM {table}"))}
            for table in ("wrong_text", "wrong_history")
        )
        found = {
            "a task for each mail: mails lost": (unsent(self.by_task, handed), self.by_task),
            "mark, then send: mails lost": (unsent(self.marked, handed), self.marked),
            "look, then plan: told twice": (told_twice(self.planned, handed), self.planned),
            "get, then save: edits lost": (missing(edits, live, history), edits),
        }
        partial = sum(self.readings[one] for one in half), self.readings.total()
        counted = {way: (len(lost), len(of)) for way, (lost, of) in found.items()}
        return counted | {"a summary written in place: partial ones read": partial}


def prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)

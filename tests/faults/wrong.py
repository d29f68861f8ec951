"""Four ways of doing the same work that are known to be wrong. The harness must show it.

A task for each mail, queued after the commit; rows marked as sent before they are sent; a summary
written in place; a text that is read, changed and saved.
"""

import smtplib
import threading
import time
from collections import Counter

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerAway

SCHEMA = """
CREATE TABLE wrong_mail (address text PRIMARY KEY, sent boolean NOT NULL DEFAULT false);
CREATE TABLE wrong_summary (name text PRIMARY KEY, number int NOT NULL);
CREATE TABLE wrong_text (id int PRIMARY KEY, words text NOT NULL);
INSERT INTO wrong_text VALUES (1, '');
INSERT INTO wrong_summary VALUES ('reports', 0), ('answers', 0);
"""
PARTS = ["reports", "answers"]


def _send(address: str) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
        server.sendmail("wrong@town.example", [address], f"To: {address}\r\n\r\n-\r\n")


@shared_task
def mail_by_task(address: str) -> None:
    _send(address)


@shared_task
def mark_then_send() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wrong_mail SET sent = true WHERE address IN "
            "(SELECT address FROM wrong_mail WHERE NOT sent LIMIT 20) RETURNING address"
        )
        found = [address for (address,) in cursor.fetchall()]
    for address in found:
        _send(address)


@shared_task
def summary_in_place(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wrong_summary")
        for name in PARTS:
            cursor.execute("INSERT INTO wrong_summary VALUES (%s, %s)", [name, number])


class Wrong:
    """Does it all, and keeps what it believes it has done."""

    def __init__(self) -> None:
        self.by_task: set[str] = set()
        self.marked: set[str] = set()
        self.partial = 0
        self.edits: list[str] = []
        self.number = 0
        self.lock = threading.Lock()

    def promise_mails(self) -> None:
        self.number += 1
        by_task, marked = (f"{way}-{self.number}@town.example" for way in ("task", "marked"))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO wrong_mail VALUES (%s)", [marked])
        self.by_task.add(by_task)
        self.marked.add(marked)
        try:
            mail_by_task.delay(by_task)
            mark_then_send.delay()
            summary_in_place.delay(self.number)
        except BrokerAway:
            return

    def read_summary(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, number FROM wrong_summary")
            found = dict(cursor.fetchall())
        if len(found) != len(PARTS) or len(set(found.values())) != 1:
            self.partial += 1

    def edit(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM wrong_text")
            (words,) = cursor.fetchone()
            time.sleep(0.01)  # somebody thinks about the next word
            with self.lock:
                word = str(len(self.edits))
                cursor.execute("UPDATE wrong_text SET words = %s", [f"{words} {word}"])
                self.edits.append(word)

    def send_the_rest(self) -> None:
        """What the timetable would do once all is well again."""
        mark_then_send.delay()

    def lost(self, accepted: Counter[str]) -> dict[str, tuple[int, int]]:
        """By way: how many were lost, of how many."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM wrong_text")
            (words,) = cursor.fetchone()
        kept = set(words.split())
        return {
            "a task for each mail: mails lost": _missing(self.by_task, accepted),
            "mark, then send: mails lost": _missing(self.marked, accepted),
            "a summary written in place: partial ones read": (self.partial, self.number),
            "get, then save: edits lost": (len(set(self.edits) - kept), len(self.edits)),
        }


def _missing(promised: set[str], accepted: Counter[str]) -> tuple[int, int]:
    return sum(1 for address in promised if not accepted[address]), len(promised)


def prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)

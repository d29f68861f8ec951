"""The report of a run, in Markdown."""

import os
import platform

from django.db import connection

from .count import Count
from .wounds import FULL_DISK


def report(found: Count, *, seed: int) -> str:
    """What was injected, what came of it, and what the wrong ways lost under the same faults."""
    lines = ["# What real faults did", "", *_intro(seed), "", "| figure | seen | aim |"]
    lines += ["| --- | ---: | --- |", *(f"| {a} | {b} | {c} |" for a, b, c in found.table), ""]
    lines += ["## What wrong ways lost in the same run", "", *_CONTROLS, ""]
    lines += ["| way | lost | of |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {lost} | {of} |" for name, (lost, of) in found.wrong.items()]
    lines += ["", "## The faults", "", "| fault | times |", "| --- | ---: |"]
    lines += [f"| {name} | {times} |" for name, times in sorted(found.faults.items())]
    return "\n".join([*lines, "", _left_out(found), ""])


def _left_out(found: Count) -> str:
    """What was not tried in this run."""
    never = "Not injected here: a leap day, a change of clocks (both are tests of their own)"
    disk = "" if found.faults[FULL_DISK] else ", a full disk (this machine let nobody make one)"
    return f"{never}{disk}. {_ENDS}"


def _intro(seed: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return [
        "Written by `make faults`. Real parts on loopback: PostgreSQL "
        f"{version}, redis-server, gunicorn, two Celery workers, two beats and a mail server, on "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, seed {seed}.",
        "While faults are injected, messages are queued, people appointed who must be reminded, "
        "reports submitted of which nobody must be reminded any more, reports published, "
        "summaries built and read, and six people save answers over HTTP.",
    ]


_CONTROLS = [
    "The same harness does the same work in four ways that are known to be wrong. A harness that "
    "does not catch them proves nothing, so the run fails when one of them loses nothing."
]
_ENDS = (
    "A fault ends when its part has been started again; what a message still waits for then is in "
    "the figure of seconds."
)

"""The report of a run, in Markdown."""

import os
import platform
import subprocess

from django.db import connection

from tests.site import ROOT

from .count import Count
from .wounds import FULL_DISK


def report(found: Count, *, seed: int, outage: float) -> str:
    """What was injected, what came of it, and what the wrong ways lost under the same faults."""
    lines = ["# What real faults did", "", *_intro(seed, outage), "", "| figure | seen | aim |"]
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


def _intro(seed: int, outage: float) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return [
        f"Written by `make faults`, of {commit()}. Real parts on loopback: PostgreSQL "
        f"{version}, redis-server, gunicorn, two Celery workers, two beats and a mail server, on "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, seed {seed}.",
        "While faults are injected, messages are queued, people appointed who must be reminded, "
        "reports submitted of which nobody must be reminded any more, reports published, "
        "some of them anew with other answers, summaries built and read, and six people add words "
        "to answers over HTTP.",
        f"Redis that is gone for long is gone for {outage:.0f} s, both beats for twice as long.",
        "",
        *_READ,
    ]


def commit() -> str:
    """Which commit was measured, and whether files that it does not hold were."""
    git = ["git", "-C", str(ROOT)]
    try:
        asked = [[*git, "rev-parse", "--short=12", "HEAD"], [*git, "status", "--porcelain"]]
        found, changed = (subprocess.check_output(one, text=True, timeout=30) for one in asked)
    except (OSError, subprocess.SubprocessError):
        return "an unknown commit"
    other = " with changes that it does not hold" if changed.strip() else ""
    return f"commit {found.strip()}{other}"


_READ = [
    "Each address is promised one message: a second one under another Message-ID counts, and so "
    "does a copy under the same one that is not flagged. A summary is partial where six scopes in "
    "one public answer say together what the published rows said at no moment. A saved word is "
    "missing unless it stands in the answer as it is now and in its history.",
]
_CONTROLS = [
    "The same harness does the same work in five ways that are known to be wrong, and looks for "
    "what went wrong in the same way as for our own code. A harness that does not catch them "
    "proves nothing, so the run fails when one of them loses nothing.",
]
_ENDS = (
    "A fault ends when its part has been started again; what a message still waits for then is in "
    "the figure of seconds."
)

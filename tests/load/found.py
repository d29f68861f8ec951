"""What a load run found: how long saves took, and whether every acknowledged one is there."""

import os
import platform
from collections import Counter
from collections.abc import Iterable

from reporting.models import Answer, AnswerVersion

from .quantiles import quantile
from .writing import EVERY_SECONDS, Saves

AIM_MS = 300


def lost(kept: Iterable[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Acknowledged saves (answer, version) that are not in the history word for word, or whose
    answer stands at an earlier version."""
    there = dict.fromkeys(AnswerVersion.objects.values_list("answer_id", "version", "narrative"))
    stands = dict(Answer.objects.values_list("pk", "version"))
    return [
        (answer, version)
        for answer, version, words in kept
        if (answer, version, words) not in there or stands[answer] < version
    ]


def report(found: Saves, *, people: int, seconds: float) -> str:
    """The figures, in Markdown."""
    rows = [
        ("people, each saving every 10 s" if EVERY_SECONDS == 10 else "people", people),
        ("seconds", round(seconds)),
        ("saves acknowledged", len(found.kept)),
        ("of them not found afterwards", len(lost(found.kept))),
        ("not acknowledged", len(found.other)),
        ("half were answered within, ms", round(quantile(found.seconds, 0.5))),
        (f"95% within, ms (aim: {AIM_MS})", round(quantile(found.seconds, 0.95))),
        ("99% within, ms", round(quantile(found.seconds, 0.99))),
        ("the slowest, ms", round(quantile(found.seconds, 1.0))),
    ]
    lines = ["# Many who write at once", "", *_intro(), "", "| figure | |", "| --- | ---: |"]
    lines += [f"| {name} | {value:,} |" for name, value in rows]
    if found.other:
        counted = ", ".join(f"{what}: {n}" for what, n in Counter(found.other).most_common())
        lines += ["", f"Not acknowledged, by answer: {counted}."]
    return "\n".join([*lines, ""])


def _intro() -> list[str]:
    used = len(os.sched_getaffinity(0))
    busy = os.getloadavg()[0]
    return [
        "Written by `make load`. The site as `make run` starts it (PostgreSQL, gunicorn with two "
        "processes of four threads, a worker), filled with the registry; focal points of sixty "
        "government members, each at an answer of its own, whose page saves by itself as it does "
        "in a browser. Every save is a new version. Afterwards each acknowledged one is looked "
        f"for in the history, word for word. Site and crowd shared {used} processors, Python "
        f"{platform.python_version()}; load average at the end {busy:.1f}."
    ]

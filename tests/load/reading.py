"""Many who read at once: every public page, so many requests a second, none of them a 304.

A request is due at its moment whatever became of those before it, and its time counts from then:
a site that falls behind is not asked more slowly.
"""

import http.client
import itertools
import os
import platform
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from .quantiles import quantile

AIM_MS, PATIENCE, READERS = 200, 30, 64
SEARCHES = ["/search/?q=law", "/search/?q=hotline", "/members/?region=Europe"]
SEED = 2026


@dataclass
class Pages:
    """What came back: by kind of page the seconds of each answer, and whatever was no page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    other: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return list(itertools.chain.from_iterable(self.seconds.values()))


def addresses(port: int) -> list[str]:
    """Every page of the sitemap, and a few questions, in an order that is always the same."""
    status, body = _get(_line(port), "/sitemap.xml")
    if status != 200:
        raise RuntimeError(f"/sitemap.xml answers {status}.")
    found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", body.decode())
    order = [*found, *SEARCHES]
    random.Random(SEED).shuffle(order)
    return order


def read_for(paths: list[str], port: int, rate: float, seconds: float) -> Pages:
    """So many requests a second for so long, over the pages again and again."""
    found, begin = Pages(), time.monotonic() + 1
    turns = iter([(begin + n / rate, paths[n % len(paths)]) for n in range(int(rate * seconds))])
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_read, args=(found, turns, lock, port), daemon=True)
        for _ in range(READERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 2 * PATIENCE)
    return found


def _read(
    found: Pages, turns: Iterator[tuple[float, str]], lock: threading.Lock, port: int
) -> None:
    line = _line(port)
    while True:
        with lock:
            due, path = next(turns, (0.0, ""))
        if not path:
            line.close()
            return
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            status, body = _get(line, path)
        except (OSError, http.client.HTTPException) as error:
            found.other.append(type(error).__name__)
            line.close()
            continue
        if status == 200:
            found.seconds[kind_of(path)].append(time.monotonic() - due)
            found.sizes.append(len(body))
        else:
            found.other.append(str(status))


def kind_of(path: str) -> str:
    """The kind of page: that of a list, or of a single thing."""
    parts = path.partition("?")[0].strip("/").split("/")
    return f"/{parts[0]}/…/" if len(parts) > 1 else f"/{parts[0]}/".replace("//", "/")


def _line(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)


def _get(line: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    line.request("GET", path)
    answer = line.getresponse()
    return answer.status, answer.read()


def report(found: Pages, *, pages: int, rate: float, seconds: float) -> str:
    """The figures, in Markdown."""
    rows: list[tuple[str, float]] = [
        ("requests a second", rate),
        ("seconds", round(seconds)),
        ("different pages", pages),
        ("pages sent", len(found.all)),
        ("answers that were no page", len(found.other)),
        ("half were answered within, ms", round(quantile(found.all, 0.5))),
        (f"95% within, ms (aim: {AIM_MS})", round(quantile(found.all, 0.95))),
        ("99% within, ms", round(quantile(found.all, 0.99))),
        ("the slowest, ms", round(quantile(found.all, 1.0))),
    ]
    lines = [*_intro(), "", "| figure | |", "| --- | ---: |"]
    lines += [f"| {name} | {value:,g} |" for name, value in rows]
    lines += ["", "| kind of page | sent | half within, ms | 95% within, ms |"]
    lines += ["| --- | ---: | ---: | ---: |"]
    for kind, times in sorted(found.seconds.items()):
        half, most = quantile(times, 0.5), quantile(times, 0.95)
        lines += [f"| `{kind}` | {len(times):,} | {half:,.0f} | {most:,.0f} |"]
    if found.other:
        counted = ", ".join(f"{what}: {n}" for what, n in Counter(found.other).most_common())
        lines += ["", f"No page, by answer: {counted}."]
    return "\n".join([*lines, ""])


def _intro() -> list[str]:
    used = len(os.sched_getaffinity(0))
    busy = os.getloadavg()[0]
    return [
        "Written by `make load`. The site as `make run` starts it (PostgreSQL, gunicorn with two "
        "processes of four threads, a worker), filled with the registry and the demonstration. "
        "Every page of the sitemap and a few searches in an order drawn once, again and again; "
        "nobody sends an ETag. A request is due at its moment, and its time counts from then. "
        f"Site and readers shared {used} processors, Python {platform.python_version()}; load "
        f"average at the end {busy:.1f}."
    ]

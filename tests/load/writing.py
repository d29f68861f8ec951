"""What each of the crowd does: types a little, and the page saves it, every ten seconds."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .crowd import TOKEN, Writer

EVERY_SECONDS, PATIENCE = 10.0, 30
VERSION = re.compile(rb'data-version="(\d+)"')


@dataclass
class Saves:
    """What came back. `kept`: answer, version and words of each save that was acknowledged."""

    kept: list[tuple[int, int, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def write_for(writers: list[Writer], port: int, seconds: float) -> Saves:
    """All of them at work for so long, their pauses spread evenly."""
    found, begin = Saves(), time.monotonic()
    threads = [
        threading.Thread(
            target=_write, args=(found, writer, port, begin, seconds, n / len(writers)), daemon=True
        )
        for n, writer in enumerate(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 2 * PATIENCE)
    return found


def _write(
    found: Saves, writer: Writer, port: int, begin: float, seconds: float, phase: float
) -> None:
    version, due = 0, begin + phase * EVERY_SECONDS
    while due < begin + seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        words = f"Sentence {version + 1}. " * 40
        version = _save(found, writer, port, version, words.strip())
        due += EVERY_SECONDS


def _save(found: Saves, writer: Writer, port: int, version: int, words: str) -> int:
    """The version that the page holds after it; the one before where it was not saved."""
    began = time.monotonic()
    try:
        status, body = _post(writer, port, version, words)
    except (OSError, http.client.HTTPException) as error:
        found.other.append(type(error).__name__)
        return version
    found.seconds.append(time.monotonic() - began)
    saved = VERSION.search(body)
    if status != 200 or saved is None:
        found.other.append(str(status))
        return version
    found.kept.append((writer.answer, int(saved[1]), words))
    return int(saved[1])


def _post(writer: Writer, port: int, version: int, words: str) -> tuple[int, bytes]:
    typed = {"status": "in_progress", "narrative": words, "visibility": "public"}
    body = urlencode({**typed, "base_version": version, "csrfmiddlewaretoken": TOKEN})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": writer.cookies,
        "HX-Request": "true",
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("POST", writer.path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()

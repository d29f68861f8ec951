"""Requests as bytes on the wire, which no library would send."""

import re
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """The first answer on a connection; status 0 when it was closed without a word."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}: *(.*?)\r?$", self.head, re.MULTILINE | re.IGNORECASE)
        return found.group(1) if found else ""


def send(port: int, *parts: bytes, seconds: float = 20, end: bool = True) -> Reply:
    """What a server answers to these bytes; `end` says that nothing more will come."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as wire:
        with suppress(OSError):  # the server may answer and close before all is sent
            for part in parts:
                wire.sendall(part)
            if end:
                wire.shutdown(socket.SHUT_WR)
        return _read(wire, time.monotonic() + seconds)


def _read(wire: socket.socket, until: float) -> Reply:
    got = b""
    with suppress(OSError):
        while time.monotonic() < until and not _is_whole(got):
            if not (block := wire.recv(65536)):
                break
            got += block
    head, _blank, body = got.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    return Reply(int(status.group(1)) if status else 0, head.decode("latin-1"), body)


def _is_whole(got: bytes) -> bool:
    head, blank, body = got.partition(b"\r\n\r\n")
    if re.search(rb"^transfer-encoding: *chunked", head, re.MULTILINE | re.IGNORECASE):
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"^content-length: *(\d+)", head, re.MULTILINE | re.IGNORECASE)
    return bool(blank and length and len(body) >= int(length.group(1)))


def request(line: str = "GET /healthz HTTP/1.1", *headers: str, host: bool = True) -> bytes:
    """A request of this first line and these headers; latin-1 says any byte."""
    lines: Sequence[str] = [line, *(["Host: localhost"] if host else []), *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")

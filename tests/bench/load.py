"""A client that costs little: requests made beforehand, answers read into one buffer.

Whoever drives a load shares the processors with the servers, so it does nothing but count.
"""

import socket
import threading
import time
from dataclasses import dataclass, field

PATIENCE_SECONDS = 120


@dataclass
class Client:
    """One kept-open connection to a server of this machine."""

    port: int
    sock: socket.socket | None = None
    buffer: bytearray = field(default_factory=lambda: bytearray(4 * 1024 * 1024))

    def get(self, path: str, **headers: str) -> bytes:
        """The body of the answer to one request. Raises OSError for a status of 400 and more."""
        return bytes(self.ask(request(path, **headers)))

    def ask(self, asked: bytes) -> memoryview:
        """The body of the answer to a request made beforehand, valid until the next one."""
        for attempt in (1, 2):
            try:
                self._connected().sendall(asked)
                return self._answer()
            except (ConnectionError, TimeoutError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self) -> None:
        if self.sock:
            self.sock.close()
        self.sock = None

    def _connected(self) -> socket.socket:
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.sock

    def _answer(self) -> memoryview:
        view, filled, end = memoryview(self.buffer), 0, -1
        while end < 0:
            filled += self._more(view[filled:])
            end = self.buffer.find(b"\r\n\r\n", 0, filled)
        head = bytes(view[:end]).lower()
        status = int(head.split(b" ", 2)[1])
        if status >= 400:
            raise OSError(f"status {status}: {bytes(view[end:filled])[:300]!r}")
        begin = end + 4
        if status == 304:
            return view[begin:begin]
        if b"transfer-encoding: chunked" in head:
            while not self.buffer.endswith(b"\r\n0\r\n\r\n", 0, filled):
                filled += self._more(view[filled:])
            return memoryview(_joined(bytes(view[begin:filled])))
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        while filled < begin + length:
            filled += self._more(view[filled:])
        if b"connection: close" in head:
            self.close()
        return view[begin : begin + length]

    def _more(self, room: memoryview) -> int:
        taken = self._connected().recv_into(room)
        if not taken:
            raise ConnectionError("the server closed the connection")
        return taken


def request(path: str, **headers: str) -> bytes:
    """The bytes of a GET; names of headers with _ for -."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def seconds_each(port: int, asked: bytes, seconds: float, clients: int = 8) -> float:
    """Seconds for one answer, where so many clients ask without a pause for about `seconds`."""
    counts = [0] * clients
    failed: list[BaseException] = []
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        client = Client(port)
        try:
            while time.perf_counter() < end:
                client.ask(asked)
                counts[number] += 1
        except BaseException as error:
            failed.append(error)
        finally:
            client.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return (time.perf_counter() - began) / max(1, sum(counts))


def download(port: int, path: str, keep: bool = False) -> tuple[float, int, bytes]:
    """Seconds, bytes on the wire, and with `keep` the body, of one streamed answer."""
    began, total, kept = time.perf_counter(), 0, []
    buffer = bytearray(1024 * 1024)
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as sock:
        sock.sendall(request(path, Connection="close"))
        while taken := sock.recv_into(buffer):
            total += taken
            if keep:
                kept.append(bytes(buffer[:taken]))
    return time.perf_counter() - began, total, body_of(b"".join(kept)) if keep else b""


def body_of(answer: bytes) -> bytes:
    """The body of a whole answer, its chunks put together. Raises ValueError for half a file."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(head[:200])
    return _joined(rest) if b"transfer-encoding: chunked" in head.lower() else rest


def _joined(chunks: bytes) -> bytes:
    parts, at = [], 0
    while True:
        end = chunks.index(b"\r\n", at)
        size = int(chunks[at:end], 16)
        if not size:
            return b"".join(parts)
        parts.append(chunks[end + 2 : end + 2 + size])
        at = end + 4 + size

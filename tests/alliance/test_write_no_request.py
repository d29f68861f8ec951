"""Someone sends the server what is no request: the answer is a problem, whatever was sent."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A gunicorn with our worker and the smallest application, on a socket that it is given."""
    folder: Path = tmp_path_factory.mktemp("server")
    (folder / "smallest.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-m", "gunicorn", "smallest", "--pythonpath", str(folder)]
        command += ["--worker-class", "alliance.server.Worker", "--no-control-socket"]
        command += ["--bind", f"fd://{listening.fileno()}"]
        server = subprocess.Popen(command, pass_fds=[listening.fileno()])
        try:
            yield listening.getsockname()[1]
        finally:
            server.terminate()
            server.wait(20)


def answer_to(port: int, sent: bytes) -> tuple[int, str, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(sent)
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        return answer.status, answer.getheader("Content-Type") or "", answer.read()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /api/v1/?q=" + b"x" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET /api/v1/ HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\n\r\n", 417),
        (b"POST /api/v1/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n", 501),
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHo st: a\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_a_problem(port: int, sent: bytes, status: int) -> None:
    told, kind, body = answer_to(port, sent)
    assert (told, kind) == (status, "application/problem+json")
    problem = json.loads(body)
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert problem["status"] == status
    assert b"xxx" not in body


def test_what_is_a_request_is_answered_as_ever(port: int) -> None:
    assert answer_to(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")[::2] == (200, b"ok")

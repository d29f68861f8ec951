"""Bytes that are no request, or hardly one, are answered or hung up on; the site goes on."""

import pytest

from tests.fuzz.asking import Asked
from tests.fuzz.corpus import BODIES
from tests.fuzz.stored import everything
from tests.fuzz.wire import request, send

pytestmark = pytest.mark.xdist_group("fuzz")
POST = "POST /verify/ HTTP/1.1"
FORM = "Content-Type: application/x-www-form-urlencoded"
# Name: the bytes, and which answers are right; 0 is a connection that is closed.
SAID: dict[str, tuple[bytes, set[int]]] = {
    "nothing": (b"", {0}),
    "line ends": (b"\r\n\r\n\r\n", {0, 400}),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), {0, 400}),
    "half a line": (b"GET /", {0, 400}),
    "no version": (b"GET /healthz\r\n\r\n", {0, 400}),
    "version 2": (request("GET /healthz HTTP/2.0"), {400, 505}),
    "version 1.10": (request("GET /healthz HTTP/1.10"), {400, 505}),
    "version 1.0": (request("GET /healthz HTTP/1.0", host=False), {200, 400}),
    "small letters": (request("get /healthz http/1.1"), {400}),
    "no host": (request(host=False), {200, 400}),  # then the server's own name is asked for
    "two hosts": (request("GET / HTTP/1.1", "Host: evil.example"), {400}),
    "an empty host": (request("GET / HTTP/1.1", "Host:", host=False), {400}),
    "a foreign host": (request("GET / HTTP/1.1", "Host: evil.example", host=False), {400}),
    "a host with a path": (request("GET / HTTP/1.1", "Host: localhost/x", host=False), {400}),
    "a host with a user": (request("GET / HTTP/1.1", "Host: a@localhost", host=False), {400}),
    "a host of letters": (request("GET / HTTP/1.1", "Host: \xff\xfe", host=False), {400}),
    "a host's port of letters": (request("GET / HTTP/1.1", "Host: localhost:x", host=False), {400}),
    "a whole address": (request("GET http://evil.example/ HTTP/1.1"), {200, 400}),
    "a star": (request("OPTIONS * HTTP/1.1"), {400, 404, 405}),
    "a path without a slash": (request("GET healthz HTTP/1.1"), {400, 404}),
    "a fragment": (request("GET /healthz#x HTTP/1.1"), {200, 400, 404}),
    "two slashes": (request("GET //evil.example/ HTTP/1.1"), {400, 404}),
    "up and up": (request("GET /static/../../etc/passwd HTTP/1.1"), {400, 404}),
    "up, encoded": (request("GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), {400, 404}),
    "NUL in a path": (request("GET /\0 HTTP/1.1"), {400}),
    "bytes in a path": (request("GET /\xff\xfe HTTP/1.1"), {400}),
    "percent in a path": (request("GET /%zz/%FF HTTP/1.1"), {400}),
    "a long line": (request(f"GET /{'a' * 100_000} HTTP/1.1"), {400, 414}),
    "a long query": (request(f"GET /search/?q={'a' * 4000} HTTP/1.1"), {400, 414}),
    "a long header": (request("GET / HTTP/1.1", f"X-Long: {'a' * 100_000}"), {400, 431}),
    "many headers": (request("GET / HTTP/1.1", *(f"X-{n}: 1" for n in range(3000))), {400, 431}),
    "a header without a colon": (request("GET / HTTP/1.1", "nonsense"), {400}),
    "a header with a space": (request("GET / HTTP/1.1", "X Y: 1"), {400}),
    "a space before the colon": (request("GET / HTTP/1.1", "X-Y : 1"), {400}),
    "a folded header": (request("GET / HTTP/1.1", "X-Y: 1", " 2"), {400}),
    "NUL in a header": (request("GET / HTTP/1.1", "X-Y: \0"), {400}),
    "a bare line end in a header": (
        request("GET / HTTP/1.1", "X-Y: a\nSet-Cookie: b=c"),
        {200, 400},
    ),
    "a header's twin": (request("GET / HTTP/1.1", "Content_Length: 5"), {200, 400}),
    "a length of letters": (request(POST, "Content-Length: ten"), {400}),
    "a length below nothing": (request(POST, "Content-Length: -1"), {400}),
    "a length with a sign": (request(POST, "Content-Length: +5") + b"a=b&c", {400}),
    "a length of other digits": (request(POST, "Content-Length: \xb2"), {400}),
    "two lengths": (request(POST, "Content-Length: 3", "Content-Length: 5") + b"a=b&c", {400}),
    "lengths in a list": (request(POST, "Content-Length: 3, 5") + b"a=b&c", {400}),
    "a length beyond all": (request(POST, f"Content-Length: {'9' * 60}"), {400, 413}),
    "more than is sent": (request(POST, FORM, "Content-Length: 50") + b"a=b", {0, 400, 403}),
    "length and pieces": (
        request(POST, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        {400, 411},
    ),
    "pieces": (request(POST, "Transfer-Encoding: chunked") + b"3\r\na=b\r\n0\r\n\r\n", {411}),
    "pieces of no size": (request(POST, "Transfer-Encoding: chunked") + b"zz\r\na", {400, 411}),
    "pieces of a huge size": (
        request(POST, "Transfer-Encoding: chunked") + b"f" * 40 + b"\r\na",
        {400, 411},
    ),
    "another coding": (
        request(POST, "Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
        {400, 411, 501},
    ),
    "a coding nobody knows": (request(POST, "Transfer-Encoding: xchunked"), {400, 411, 501}),
    "to be something else": (
        request("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"),
        {200, 400},
    ),
    "a proxy": (request("CONNECT evil.example:443 HTTP/1.1"), {400, 404, 405}),
    "a trace": (request("TRACE /api/v1/ HTTP/1.1", "Cookie: secret=1"), {405}),
    "a method of signs": (request("<GET> / HTTP/1.1"), {400}),
    "two requests in one": (request("GET /healthz HTTP/1.1") * 2, {200}),
}


@pytest.mark.parametrize("said", SAID)
def test_the_server_answers_or_hangs_up(asked: Asked, said: str) -> None:
    sent, right = SAID[said]
    reply = send(asked.site.port, sent)
    assert reply.status in right, reply.head
    assert b"Traceback" not in reply.body
    assert "secret" not in reply.body.decode("latin-1")
    assert "set-cookie: b=c" not in reply.head.lower()


def test_nobody_waits_for_a_body_that_is_announced_to_be_endless(asked: Asked) -> None:
    sent = request("POST /api/v1/members/ HTTP/1.1", "Content-Length: 99999999999") + b"{}"
    reply = send(asked.site.port, sent, end=False)
    assert (reply.status, reply.header("content-type")) == (413, "application/problem+json")


@pytest.mark.parametrize("body", BODIES)
def test_a_body_of_the_wrong_kind_is_refused_at_the_api(asked: Asked, body: str) -> None:
    content_type, sent = BODIES[body]
    head = request(
        "POST /api/v1/members/ HTTP/1.1",
        *([f"Content-Type: {content_type}"] if content_type else []),
        f"Content-Length: {len(sent)}",
    )
    reply = send(asked.site.port, head, sent, end=False)
    assert reply.status in {400, 405}
    if reply.status == 405:
        assert reply.header("Content-Type") == "application/problem+json"


@pytest.mark.parametrize("address", ["/verify/", "/api/v1/members/", "/accounts/login/"])
def test_ten_million_bytes_are_refused_and_not_kept(asked: Asked, address: str) -> None:
    size = 10 * 1024 * 1024
    head = request(f"POST {address} HTTP/1.1", FORM, f"Content-Length: {size}")
    reply = send(asked.site.port, head, b"a=" + b"x" * (size - 2), end=False)
    assert reply.status == 413
    assert len(reply.body) < 10_000


def test_after_all_that_the_site_answers_and_nothing_was_stored(asked: Asked) -> None:
    before = everything()
    for sent, _right in SAID.values():
        send(asked.site.port, sent)
    assert asked.site.get("/healthz")[0] == 200
    assert everything() == before
    log = (asked.site.state / "logs" / "web.log").read_text(errors="replace")
    assert '"status": 500' not in log

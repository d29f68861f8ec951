"""The web server's worker: what cannot even be read as a request is answered as a problem, too."""

import json
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

# Nobody waits for a body of which so much was announced; none is taken beyond BODY_LIMIT anyway.
MOST_ANNOUNCED = 100 * 1024 * 1024


class TooMuchAnnounced(Exception):
    """The request says that its body will be longer than anybody would send in earnest."""


# Everything else that cannot be read is 400.
STATUSES: list[tuple[type[Exception], HTTPStatus]] = [
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (TooMuchAnnounced, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (errors.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    (errors.ParseException, HTTPStatus.BAD_REQUEST),
]
SAID = "The server could not read this as a request: {}."


class Worker(ThreadWorker):
    """gunicorn's threads, with application/problem+json where gunicorn itself would write HTML.

    Such an answer is for programs: a browser sends no line of 4,094 letters and no broken header.
    What the request held is not repeated.
    """

    def handle_request(self, req: Any, conn: Any) -> Any:
        said = dict(req.headers).get("CONTENT-LENGTH", "")
        if said.isdigit() and int(said) > MOST_ANNOUNCED:
            raise TooMuchAnnounced
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        status = next((to for kind, to in STATUSES if isinstance(exc, kind)), None)
        if status is None:
            return super().handle_error(req, client, addr, exc)
        self.log.warning("unreadable request: %s", type(exc).__name__)
        try:
            util.write_nonblock(client, unreadable(status))
        except OSError:
            self.log.debug("The client is gone.")
        return None


def unreadable(status: HTTPStatus) -> bytes:
    """The whole answer to a request that ended before any view, with its problem."""
    fault = {"field": None, "code": status.name.lower(), "detail": SAID.format(status.phrase)}
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
    body = json.dumps(problem | {"detail": fault["detail"], "errors": [fault]}).encode()
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode("ascii") + body

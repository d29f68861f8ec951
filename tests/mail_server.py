"""A real mail server on a free loopback port, which can be told to misbehave."""

import asyncio
import logging
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Keeps every message it accepted in `accepted`, in order.

    `unknown` are addresses refused for good, `busy` answers each recipient with "try later",
    `refuses_text` and `refuses_sender` refuse all of these, `waits` is how many seconds it takes
    to answer to a text, `cuts` counts down the messages after whose acceptance the
    connection breaks before the answer.
    """

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.unknown: set[str] = set()
        self.busy = False
        self.refuses_text = False
        self.refuses_sender = False
        self.cuts = 0
        self.waits = 0.0
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listens, after a stop on the same port as before."""
        self._controller: _OnAFreePort | None = _OnAFreePort(
            self, hostname="127.0.0.1", port=self.port
        )
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_sender:
            return "553 5.7.1 Not this sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 No such mailbox"
        if self.busy:
            return "451 4.3.2 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses_text:
            return "554 5.7.1 Not this text"
        mail: Any = message_from_bytes(envelope.content or b"", policy=policy.default)
        self.accepted.append(mail)
        self.recipients += envelope.rcpt_tos
        await asyncio.sleep(self.waits)
        if self.cuts:
            self.cuts -= 1
            server.transport.abort()
        return "250 OK"


class _OnAFreePort(Controller):
    """Binds port 0 and asks the socket which one it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A running mail server, to which the site's settings point."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT, settings.EMAIL_USE_TLS = 5, False
    yield server
    server.stop()

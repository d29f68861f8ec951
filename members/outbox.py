"""The outbox: every message is a row first, and leaves by a mail server afterwards.

    pending -> leased -> handing -> sent | pending (later) | dead | dropped

`queue` writes the row in the transaction of the change it tells of. `drain` sends what is due;
any number of drains may run at once, and each may be killed at any point. A row that was being
handed over when its drain died is handed over again, flagged `maybe_twice` and under the same
Message-ID. docs/decisions/outbox.md says why it is not a task per message.
"""

import datetime as dt
import smtplib
import time
import uuid
from collections.abc import Callable
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from .models import Message, User
from .rendering import as_html

log = structlog.get_logger(__name__)

State = Message.State
BATCH = 20
# Longer than handing over one message can take (four answers of the server, EMAIL_TIMEOUT each);
# as short as that allows, for it is how long the messages of a killed drain wait.
LEASE = dt.timedelta(seconds=90)
LONGEST = 20  # seconds after which a drain leaves the rest to the next one
# How long a message waits after each failed attempt. With the last pause spent, 72 hours after
# the first attempt, it is dead. What found no server is due again as soon as there is one.
PAUSES = [
    *(dt.timedelta(seconds=s) for s in (15, 30, 60, 120, 240, 480)),
    *(dt.timedelta(minutes=m) for m in (15, 30, 60)),
    *(dt.timedelta(hours=h) for h in (2, 4, 8, 8, 8, 8, 8, 8, 8, 8)),
]

_CLAIM = """
WITH batch AS MATERIALIZED (
    SELECT id FROM members_message
    WHERE not_before <= %(now)s
      AND (state = 'pending'
           OR (state IN ('leased', 'handing') AND lease_until < statement_timestamp()))
    ORDER BY (kind = 'account') DESC, not_before, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
)
UPDATE members_message AS message
SET state = 'leased',
    lease_token = %(token)s,
    lease_until = statement_timestamp() + %(lease)s,
    maybe_twice = message.maybe_twice OR message.state = 'handing'
FROM batch
WHERE message.id = batch.id
RETURNING message.*
"""


class ServerAway(Exception):
    """No connection to the mail server could be made; nothing was handed over."""


def queue(
    *,
    kind: str,
    to: str,
    subject: str,
    body: str,
    person: User | None = None,
    language: str = "en",
    about: str = "",
    calendar: str = "",
    synthetic: bool = False,
    not_before: dt.datetime | None = None,
) -> Message:
    """The new message, waiting in the outbox once the caller's transaction is committed.

    The subject is brought to one line. An address that cannot be one does not stop the caller:
    the message is kept as dead, where the secretariat sees it.
    """
    message = Message(
        kind=kind,
        to=_on_one_line(to)[:254],
        subject=_on_one_line(subject)[:200],
        body=body,
        person=person,
        language=language,
        about=about[:2000],
        calendar=calendar,
        synthetic=synthetic,
        not_before=not_before or _now(),
    )
    if not _is_address(to):
        message.state, message.last_error = State.DEAD, "This is not an e-mail address."
    message.save(force_insert=True)
    return message


def drain(now: dt.datetime | None = None) -> dict[str, int]:
    """Hands over every message that is due, and counts what became of them by state.

    `now` decides what is due (leases run by the database's clock). Call it outside a
    transaction: each step is committed by itself, so that nothing said is lost with the process.
    """
    counts: dict[str, int] = {}
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and (batch := _claim(now or _now())):
        with _Batch(batch, now) as postman:
            postman.deliver(counts)
            if postman.server_is_away:
                break
    if counts:
        log.info("outbox_drained", **counts)
    return counts


def message_id(message: Message) -> str:
    """The Message-ID header, the same for every copy of this message."""
    return f"<{message.message_id}@{_domain()}>"


def as_mail(message: Message, at: dt.datetime) -> EmailMultiAlternatives:
    """The message as it is handed to the server: as text, the same as HTML, and its calendar.

    Django refuses a header with a line break.
    """
    headers = {
        "Message-ID": message_id(message),
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<{message.kind}.{_domain()}>",
        "Content-Language": message.language,
    }
    if message.kind == Message.Kind.REMINDER:  # a duty, which a person can lay down: a human reads
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        headers["List-Unsubscribe"] = f"<mailto:{address}?subject=unsubscribe>"
    if message.synthetic:
        headers["X-Data"] = "synthetic"
    subject, text = message.subject, message.body
    mail = EmailMultiAlternatives(
        subject, text, settings.DEFAULT_FROM_EMAIL, [message.to], headers=headers
    )
    html = as_html(text, subject=subject, language=message.language)
    mail.attach_alternative(html, "text/html")
    if message.calendar:
        mark = "synthetic-" if message.synthetic else ""
        mail.attach(_attached(message.calendar, f"{mark}dates.ics"))
    return mail


def _attached(calendar: str, name: str) -> MIMEText:
    part = MIMEText(calendar, "calendar", "utf-8")
    cancels = "METHOD:CANCEL" in calendar.splitlines()
    part.set_param("method", "CANCEL" if cancels else "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


class _Batch:
    """Messages leased together, delivered over one connection while it holds."""

    def __init__(self, messages: list[Message], now: dt.datetime | None) -> None:
        self.messages = messages
        self.now = now
        self.server_is_away = False
        self.connection: BaseEmailBackend | None = None
        self.woken = False
        self.rechecks: list[Callable[[Message], bool]] = [
            import_string(path) for path in getattr(settings, "OUTBOX_RECHECKS", [])
        ]

    def __enter__(self) -> "_Batch":
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def deliver(self, counts: dict[str, int]) -> None:
        """Takes each message to its next state; one that raises does not stop the others."""
        for message in self.messages:
            state = self._step(message)
            if state:
                counts[state] = counts.get(state, 0) + 1
            if self.server_is_away:
                self._give_back()
                return

    def _step(self, message: Message) -> str | None:
        try:
            if not all(check(message) for check in self.rechecks):
                return self._settle(message, State.LEASED, state=State.DROPPED)
            mail = as_mail(message, self._moment())
            server = self._server()
            if not self._fence(message):
                return None
        except (OperationalError, InterfaceError):
            raise  # the database is away: the lease ends by itself
        except ServerAway as error:
            self.server_is_away = True
            return self._later(message, State.LEASED, error)
        except Exception as error:
            log.exception("message_cannot_be_made", key=str(message.key))
            return self._later(message, State.LEASED, error)
        return self._hand_over(message, mail, server)

    def _hand_over(
        self, message: Message, mail: EmailMultiAlternatives, server: BaseEmailBackend
    ) -> str | None:
        """Gives one fenced message to the server and keeps its answer."""
        try:
            server.send_messages([mail])
        except Exception as error:
            self._hang_up()
            if _is_final(error):
                return self._settle(
                    message, State.HANDING, state=State.DEAD, last_error=_told(error)
                )
            return self._later(message, State.HANDING, error)
        self._wake_what_found_no_server()
        facts: dict[str, object] = {"sent_at": self._moment(), "last_error": ""}
        if message.kind == Message.Kind.ACCOUNT:
            facts["body"] = ""  # it may hold a link that lets its reader in
        return self._settle(message, State.HANDING, state=State.SENT, **facts)

    def _server(self) -> BaseEmailBackend:
        if self.connection is None:
            self.connection = get_connection(fail_silently=False)
            try:
                self.connection.open()
            except (OSError, smtplib.SMTPException) as error:
                self._hang_up()
                raise ServerAway(_told(error)) from error
        return self.connection

    def _hang_up(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                log.info("mail_connection_was_gone")

    def _wake_what_found_no_server(self) -> None:
        """The server answers: what was put off because none did is due now.

        Not what a connection broke under: that message may be what breaks it.
        """
        if not self.woken:
            put_off = Message.objects.filter(state=State.PENDING, not_before__gt=self._moment())
            found_none = put_off.filter(last_error__startswith=ServerAway.__name__)
            found_none.update(not_before=self._moment())
            self.woken = True

    def _fence(self, message: Message) -> bool:
        """Marks the message as being handed over, if it is still ours; its lease starts anew."""
        return bool(
            Message.objects.filter(
                pk=message.pk,
                state=State.LEASED,
                lease_token=message.lease_token,
                lease_until__gt=Now(),
            ).update(state=State.HANDING, lease_until=Now() + LEASE, attempts=F("attempts") + 1)
        )

    def _later(self, message: Message, held: str, error: Exception) -> str | None:
        """Puts the message off by the next pause, or ends it when all pauses are spent.

        A connection that broke while the message was handed over leaves open whether it
        arrived: the next copy is flagged.
        """
        facts: dict[str, object] = {"last_error": _told(error)}
        if held == State.LEASED:
            facts["attempts"] = F("attempts") + 1
        elif _leaves_open(error):
            facts["maybe_twice"] = True
        if message.attempts >= len(PAUSES):
            return self._settle(message, held, state=State.DEAD, **facts)
        due = self._moment() + PAUSES[message.attempts]
        return self._settle(message, held, state=State.PENDING, not_before=due, **facts)

    def _settle(self, message: Message, held: str, **facts: object) -> str | None:
        """Writes what became of the message, unless another drain has taken it over."""
        ours = Message.objects.filter(
            pk=message.pk, state=held, lease_token=message.lease_token
        ).update(lease_token=None, lease_until=None, **facts)
        return str(facts["state"]) if ours else None

    def _give_back(self) -> None:
        """Frees what was leased and not tried; it costs those messages no attempt."""
        Message.objects.filter(lease_token=self.messages[0].lease_token, state=State.LEASED).update(
            state=State.PENDING, lease_token=None, lease_until=None
        )

    def _moment(self) -> dt.datetime:
        return self.now or _now()


def _claim(now: dt.datetime) -> list[Message]:
    """Up to a batch of due messages, leased to this drain alone. Account mails go first."""
    facts = {"now": now, "batch": BATCH, "token": uuid.uuid4(), "lease": LEASE}
    batch = Message.objects.raw(_CLAIM, facts)
    return sorted(batch, key=lambda m: (m.kind != Message.Kind.ACCOUNT, m.not_before, m.pk))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_final(error: Exception) -> bool:
    """Did the server refuse this recipient or this text for good?

    A refused sender is our own set-up, and worth another try.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _leaves_open(error: Exception) -> bool:
    """Did the connection break while the message went over it, with no answer from the server?"""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _told(error: Exception) -> str:
    """The error in words that can be stored and shown."""
    return _on_one_line(f"{type(error).__name__}: {error}")[:500]


def _on_one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

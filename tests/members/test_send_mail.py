"""Messages leave the outbox once each, whatever the mail server does. The server is a real one."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from members import outbox
from members.models import Message
from tests.at_once import at_once
from tests.database import Database
from tests.mail_server import MailServer, mail_server

__all__ = ["mail_server"]

NOW = dt.datetime(2030, 3, 4, 12, 0, tzinfo=dt.UTC)
State = Message.State


def put(number: int = 1, **facts: Any) -> Message:
    message = {
        "kind": "workflow",
        "to": f"reader-{number}@cast.example",
        "subject": f"Message {number}",
        "body": "A report was accepted.\n",
    }
    return outbox.queue(**(message | facts))


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Message.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def let_the_lease_end() -> None:
    Message.objects.filter(lease_until__isnull=False).update(
        lease_until=F("lease_until") - dt.timedelta(hours=1)
    )


def test_a_message_is_sent_with_the_headers_of_a_machine(db: None, mail_server: MailServer) -> None:
    message = put(language="fr", synthetic=True)

    assert outbox.drain() == {"sent": 1}

    [mail] = mail_server.accepted
    message.refresh_from_db()
    assert message.state == State.SENT and message.sent_at and not message.maybe_twice
    assert mail["Message-ID"] == f"<{message.key}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<workflow.localhost>"
    assert mail["Content-Language"] == "fr"
    assert mail["X-Data"] == "synthetic"
    assert mail["To"] == "reader-1@cast.example"
    assert mail.get_body(("plain",)).get_content().strip() == "A report was accepted."
    assert "List-Unsubscribe" not in mail


@pytest.mark.parametrize(("kind", "kept"), [("account", False), ("workflow", True)])
def test_a_link_that_lets_someone_in_is_not_kept_once_sent(
    kind: str, kept: bool, db: None, mail_server: MailServer
) -> None:
    message = put(kind=kind, body="https://tracker.example/invitations/secret/")

    outbox.drain()

    message.refresh_from_db()
    assert ("secret" in message.body) is kept
    assert "secret" in mail_server.accepted[0].get_body(("plain",)).get_content()


def test_nothing_is_sent_twice_by_draining_again(db: None, mail_server: MailServer) -> None:
    put()
    outbox.drain()

    assert outbox.drain() == {}
    assert len(mail_server.accepted) == 1


def test_a_change_that_is_undone_sends_nothing(db: None, mail_server: MailServer) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        _ = 1 / 0

    assert outbox.drain() == {}


def test_a_message_waits_for_its_time(db: None, mail_server: MailServer) -> None:
    put(not_before=NOW)

    assert outbox.drain(NOW - dt.timedelta(seconds=1)) == {}
    assert outbox.drain(NOW) == {"sent": 1}


def test_a_refused_recipient_is_dead_and_the_others_get_theirs(
    db: None, mail_server: MailServer
) -> None:
    refused = put(1)
    put(2)
    mail_server.unknown.add(refused.to)

    assert outbox.drain() == {"dead": 1, "sent": 1}

    refused.refresh_from_db()
    assert refused.state == State.DEAD
    assert "No such mailbox" in refused.last_error


def test_a_refused_sender_is_our_own_fault_and_tried_again(
    db: None, mail_server: MailServer
) -> None:
    put()
    mail_server.refuses_sender = True

    assert outbox.drain() == {"pending": 1}
    mail_server.refuses_sender = False
    assert outbox.drain(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)) == {"sent": 1}


def test_a_server_too_slow_to_answer_leaves_open_what_it_got(
    db: None, mail_server: MailServer, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    put(not_before=NOW)
    mail_server.waits = 1.5

    assert outbox.drain(NOW) == {"pending": 1}
    assert Message.objects.get().maybe_twice
    mail_server.waits = 0
    assert outbox.drain(NOW + dt.timedelta(minutes=1)) == {"sent": 1}


def test_a_refused_text_is_dead(db: None, mail_server: MailServer) -> None:
    put()
    mail_server.refuses_text = True

    assert outbox.drain() == {"dead": 1}


def test_a_busy_server_is_asked_again_after_growing_pauses(
    db: None, mail_server: MailServer
) -> None:
    message = put(not_before=NOW)
    mail_server.busy = True
    waits, now = [], NOW
    for _ in range(5):
        assert outbox.drain(now) == {"pending": 1}
        message.refresh_from_db()
        waits.append(message.not_before - now)
        now = message.not_before
    mail_server.busy = False

    assert waits == sorted(set(waits))
    assert outbox.drain(now) == {"sent": 1}
    message.refresh_from_db()
    assert not message.maybe_twice and message.attempts == 6


def test_after_72_hours_of_trying_a_message_is_dead_and_says_why(
    db: None, mail_server: MailServer
) -> None:
    message = put(not_before=NOW)
    mail_server.busy = True
    while message.state == State.PENDING:
        last = message.not_before
        outbox.drain(last)
        message.refresh_from_db()

    assert message.state == State.DEAD
    assert "Try again later" in message.last_error
    assert dt.timedelta(hours=72) <= last - NOW < dt.timedelta(hours=73)


def test_a_server_that_is_away_costs_one_attempt_and_loses_nothing(
    db: None, mail_server: MailServer
) -> None:
    for number in range(30):
        put(number, not_before=NOW)
    mail_server.stop()

    assert outbox.drain(NOW) == {"pending": 1}
    assert states() == {"pending": 30}
    assert Message.objects.filter(attempts=0, lease_token=None).count() == 29
    assert not Message.objects.filter(maybe_twice=True).exists()

    mail_server.start()
    assert outbox.drain(NOW + dt.timedelta(minutes=1)) == {"sent": 30}


def test_a_connection_cut_after_acceptance_flags_the_second_copy(
    db: None, mail_server: MailServer
) -> None:
    put(1, not_before=NOW)
    put(2, not_before=NOW)
    mail_server.cuts = 1

    assert outbox.drain(NOW) == {"pending": 1, "sent": 1}
    assert outbox.drain(NOW + dt.timedelta(minutes=1)) == {"sent": 1}

    first, other, second = mail_server.accepted
    assert first["Message-ID"] == second["Message-ID"] != other["Message-ID"]
    assert Message.objects.get(maybe_twice=True).to == first["To"]


def test_a_message_that_cannot_be_made_does_not_stop_the_others(
    db: None, mail_server: MailServer
) -> None:
    poison = put(1)
    Message.objects.filter(pk=poison.pk).update(subject="Two\nBcc: all@cast.example")
    put(2)

    assert outbox.drain() == {"pending": 1, "sent": 1}
    poison.refresh_from_db()
    assert "BadHeaderError" in poison.last_error
    assert [mail["To"] for mail in mail_server.accepted] == ["reader-2@cast.example"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_no_header_can_be_slipped_in(line_break: str, db: None, mail_server: MailServer) -> None:
    put(subject=f"Accepted{line_break}Bcc: all@cast.example")
    put(2, to=f"reader@cast.example{line_break}Bcc: all@cast.example")

    outbox.drain()

    [mail] = mail_server.accepted
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Accepted Bcc: all@cast.example"
    assert mail_server.recipients == ["reader-1@cast.example"]
    assert Message.objects.get(state=State.DEAD).last_error


def not_for_reader_2(message: Message) -> bool:
    return message.to != "reader-2@cast.example"


def test_a_message_that_is_no_longer_due_is_dropped(
    db: None, mail_server: MailServer, settings: Any
) -> None:
    settings.OUTBOX_RECHECKS = [f"{__name__}.not_for_reader_2"]
    put(1)
    put(2)

    assert outbox.drain() == {"sent": 1, "dropped": 1}
    assert mail_server.recipients == ["reader-1@cast.example"]


def test_account_mails_go_before_all_others(db: None, mail_server: MailServer) -> None:
    for number in range(outbox.BATCH + 1):
        put(number, not_before=NOW - dt.timedelta(hours=1))
    put(99, kind="account", not_before=NOW)

    outbox.drain(NOW)

    assert mail_server.recipients[0] == "reader-99@cast.example"


# ---- several drains, and drains that die: each on a database of its own


def test_two_drains_at_once_send_each_message_once(
    fresh_database: Database, mail_server: MailServer
) -> None:
    for number in range(60):
        put(number)

    at_once(outbox.drain, 3)

    assert states() == {"sent": 60}
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 60


def deliver_late(stale: Message) -> dict[str, int]:
    """What a drain does that slept since it leased the message."""
    counts: dict[str, int] = {}
    with outbox._Batch([stale], None) as late:
        late.deliver(counts)
    return counts


def test_a_drain_whose_lease_ended_hands_nothing_over(
    fresh_database: Database, mail_server: MailServer
) -> None:
    put()
    [stale] = outbox._claim(dt.datetime.now(dt.UTC))
    let_the_lease_end()

    assert deliver_late(stale) == {}
    assert mail_server.accepted == []


def test_a_drain_whose_message_was_taken_over_hands_nothing_over(
    fresh_database: Database, mail_server: MailServer
) -> None:
    put()
    [stale] = outbox._claim(dt.datetime.now(dt.UTC))
    let_the_lease_end()

    [taken] = outbox._claim(dt.datetime.now(dt.UTC))
    assert deliver_late(stale) == {}
    assert deliver_late(taken) == {"sent": 1}
    assert len(mail_server.accepted) == 1


DIES_BEFORE_KEEPING_THE_ANSWER = """
import os, signal, django
django.setup()
from django.db.models import QuerySet
from members import outbox
write = QuerySet.update
def dies(self, **facts):
    if facts.get("state") == "sent":
        os.kill(os.getpid(), signal.SIGKILL)
    return write(self, **facts)
QuerySet.update = dies
outbox.drain()
"""


@pytest.fixture
def elsewhere(fresh_database: Database, mail_server: MailServer) -> Iterator[dict[str, str]]:
    """The environment of another process on the same database and mail server."""
    yield os.environ | {
        "DATABASE_URL": fresh_database.url,
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_server.port),
        "SMTP_STARTTLS": "0",
    }


def test_a_worker_killed_after_the_servers_yes_repeats_itself_flagged(
    elsewhere: dict[str, str], mail_server: MailServer
) -> None:
    message = put()
    killed = subprocess.run(
        [sys.executable, "-c", DIES_BEFORE_KEEPING_THE_ANSWER], env=elsewhere, timeout=20
    )
    assert killed.returncode == -signal.SIGKILL
    assert states() == {"handing": 1}
    assert outbox.drain() == {}, "the lease still stands"

    let_the_lease_end()
    assert outbox.drain() == {"sent": 1}

    first, second = mail_server.accepted
    assert first["Message-ID"] == second["Message-ID"]
    message.refresh_from_db()
    assert message.maybe_twice


def test_the_command_drains_without_a_worker(
    elsewhere: dict[str, str], mail_server: MailServer
) -> None:
    put()
    subprocess.run(
        [sys.executable, "manage.py", "drain_outbox"], env=elsewhere, timeout=20, check=True
    )

    assert states() == {"sent": 1}
    assert len(mail_server.accepted) == 1

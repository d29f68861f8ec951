"""The mail server is away for a while and comes back: nothing waits for longer than it must."""

import datetime as dt
from typing import Any

from members import outbox
from members.models import Message
from tests.mail_server import MailServer, mail_server
from tests.members.test_send_mail import NOW, put

__all__ = ["mail_server"]


def test_what_found_no_server_goes_out_as_soon_as_there_is_one(
    db: None, mail_server: MailServer
) -> None:
    put(1, not_before=NOW)
    mail_server.stop()
    for _ in range(4):
        assert outbox.drain(Message.objects.get().not_before) == {"pending": 1}
    mail_server.start()
    put(2, not_before=NOW)

    last = Message.objects.get(to="reader-1@cast.example").not_before - dt.timedelta(minutes=1)
    assert outbox.drain(last) == {"sent": 2}


def test_what_a_server_put_off_waits_for_its_pause_while_others_go_out(
    db: None, mail_server: MailServer
) -> None:
    put(1, not_before=NOW)
    mail_server.busy = True
    outbox.drain(NOW)
    mail_server.busy = False
    put(2, not_before=NOW)

    assert outbox.drain(NOW) == {"sent": 1}
    assert mail_server.recipients == ["reader-2@cast.example"]


def test_a_lease_outlasts_the_handing_over_of_a_message(settings: Any) -> None:
    answers_of_the_server = 4
    assert outbox.LEASE.total_seconds() > answers_of_the_server * settings.EMAIL_TIMEOUT

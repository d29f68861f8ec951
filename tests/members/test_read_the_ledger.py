"""The secretariat sees what was sent to whom, dead messages first, and no message's text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members import outbox
from members.models import Message, User
from tests.cast import sign_in

PAGE = "/secretariat/outbox/"


def put(to: str, **facts: str) -> Message:
    message = outbox.queue(
        kind="account", to=to, subject=f"To {to}", body="https://register.example/secret-link"
    )
    Message.objects.filter(pk=message.pk).update(**facts)
    return message


def test_what_could_not_be_delivered_stands_first(client: Client, reviewer: User) -> None:
    put("gone@cast.example", state="dead", last_error="No such mailbox")
    put("waits@cast.example")

    page = sign_in(client, reviewer).get(PAGE).content.decode()

    assert page.index("gone@cast.example") < page.index("waits@cast.example")
    assert "No such mailbox" in page


def test_the_text_of_a_message_is_not_shown(client: Client, administrator: User) -> None:
    put("someone@cast.example")

    assert "secret-link" not in sign_in(client, administrator).get(PAGE).content.decode()


def test_messages_are_found_by_address_and_state(client: Client, editor: User) -> None:
    put("gone@cast.example", state="dead")
    put("waits@cast.example")
    sign_in(client, editor)

    found = client.get(PAGE, {"to": "GONE", "state": "dead"}).content.decode()

    assert "gone@cast.example" in found and "waits@cast.example" not in found


@pytest.mark.parametrize("asked", [{"state": "lost"}, {"to": "\u202e"}, {"to": "x" * 300}])
def test_a_strange_question_is_refused_beside_its_field(
    asked: dict[str, str], client: Client, editor: User
) -> None:
    answer = sign_in(client, editor).get(PAGE, asked)

    assert answer.status_code == 400
    assert b"There is a problem" in answer.content


def test_the_ledger_asks_the_same_number_of_questions(client: Client, editor: User) -> None:
    sign_in(client, editor)
    client.get(PAGE)
    asked = []
    for number in range(3):
        put(f"reader-{number}@cast.example")
        with CaptureQueriesContext(connection) as questions:
            client.get(PAGE)
        asked.append(len(questions))

    assert len(set(asked)) == 1


def test_nobody_else_may_read_it(client: Client, focal_point: User, analyst: User) -> None:
    assert client.get(PAGE).status_code == 302
    for person in (focal_point, analyst):
        assert sign_in(client, person).get(PAGE).status_code == 403

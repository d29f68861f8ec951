"""The secretariat sees what was sent to whom, dead messages first, and no message's text."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members import outbox
from members.models import Message, User
from reporting.views.desk import ledger
from tests.cast import sign_in
from tests.reporting.reminding import BEFORE, plan

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


def test_only_states_that_a_message_is_in_are_counted_before_the_list(
    client: Client, reviewer: User
) -> None:
    put("gone@cast.example", state="dead")

    page = sign_in(client, reviewer).get(PAGE)

    assert [(str(words), n) for words, n in page.context["states"]] == [("not delivered", 1)]


def test_a_rehearsal_is_filed_as_one(client: Client, reviewer: User) -> None:
    put("copy@cast.example", kind="workflow", about="rehearsal")
    put("real@cast.example", kind="workflow", about="2026-ALB")
    sign_in(client, reviewer)

    def to(kind: str) -> list[tuple[str, str]]:
        rows = client.get(PAGE, {"kind": kind}).context["rows"]
        return [(row["message"].to, str(row["kind"])) for row in rows]

    assert to("rehearsal") == [("copy@cast.example", "rehearsal of a reminder")]
    assert to("workflow") == [("real@cast.example", "about a report or a round")]


def test_the_text_of_a_message_is_not_shown(client: Client, administrator: User) -> None:
    put("someone@cast.example")

    assert "secret-link" not in sign_in(client, administrator).get(PAGE).content.decode()


def test_a_reminder_can_be_read_as_it_was_sent_and_nothing_else(
    client: Client, editor: User
) -> None:
    sign_in(client, editor)
    reminder, other = put("a@cast.example", kind="reminder"), put("b@cast.example")
    text = client.get(f"{PAGE}{reminder.pk}/").content.decode()

    assert "secret-link" in text and "To a@cast.example" in text
    assert f"{PAGE}{reminder.pk}/" in client.get(PAGE).content.decode()
    for kind in ("account", "workflow"):
        Message.objects.filter(pk=other.pk).update(kind=kind)
        assert client.get(f"{PAGE}{other.pk}/").status_code == 404


def test_messages_are_found_by_words_of_their_subject(client: Client, editor: User) -> None:
    put("gone@cast.example", subject="Due in 30 days")
    put("waits@cast.example", subject="Due in 7 days")

    found = sign_in(client, editor).get(PAGE, {"subject": "IN 30"}).content.decode()

    assert "gone@cast.example" in found and "waits@cast.example" not in found


def test_messages_are_found_by_address_and_state(client: Client, editor: User) -> None:
    put("gone@cast.example", state="dead")
    put("waits@cast.example")
    sign_in(client, editor)

    found = client.get(PAGE, {"to": "GONE", "state": "dead"}).content.decode()

    assert "gone@cast.example" in found and "waits@cast.example" not in found


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "lost"},
        {"to": "\u202e"},
        {"to": "x" * 300},
        {"kind": "letter"},
        {"member": "XXX"},
        {"since": "2026-02-30"},
        {"page": "0"},
        {"page": "last"},
    ],
)
def test_a_strange_question_is_refused_beside_its_field(
    asked: dict[str, str], client: Client, editor: User
) -> None:
    answer = sign_in(client, editor).get(PAGE, asked)

    assert answer.status_code == 400
    assert b"There is a problem" in answer.content


def test_the_ledger_asks_the_same_number_of_questions(
    client: Client, editor: User, focal_point: User, contributor: User
) -> None:
    sign_in(client, editor)
    client.get(PAGE)
    asked = []
    for number in range(3):
        plan(BEFORE + dt.timedelta(days=60 * number))
        with CaptureQueriesContext(connection) as questions:
            client.get(PAGE)
        asked.append(len(questions))

    assert len(set(asked)) == 1


def test_nobody_else_may_read_it(client: Client, focal_point: User, analyst: User) -> None:
    assert client.get(PAGE).status_code == 302
    for person in (focal_point, analyst):
        assert sign_in(client, person).get(PAGE).status_code == 403


def test_messages_are_found_by_member_kind_person_and_day(
    client: Client, editor: User, focal_point: User, outsider: User, settings: Any
) -> None:
    settings.FIRST_CYCLE = 2026
    plan(BEFORE)
    put("account@cast.example")
    sign_in(client, editor)

    def to(**asked: str) -> set[str]:
        found = client.get(PAGE, asked).context["rows"]
        return {row["message"].to for row in found}

    assert to(member="ALB") == {focal_point.email}
    assert to(kind="account") == {"account@cast.example"}
    assert to(to="focal POINT") == {focal_point.email}
    assert to(until=BEFORE.isoformat()) == {focal_point.email, outsider.email}
    assert to(since="2999-01-01") == set()


def test_a_member_is_not_found_by_a_part_of_its_code(client: Client, editor: User) -> None:
    message = put("someone@cast.example")
    Message.objects.filter(pk=message.pk).update(about="2026-GB-EAW 2026-GBRX")
    sign_in(client, editor)

    assert not client.get(PAGE, {"member": "GBR"}).context["rows"]
    assert client.get(PAGE, {"member": "GB-EAW"}).context["rows"]


def test_the_ledger_goes_on_from_page_to_page(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "SHOWN", 2)
    for number in range(5):
        put(f"reader-{number}@cast.example")
    sign_in(client, editor)

    url, seen = PAGE + "?kind=account", []
    while url:
        context = client.get(url).context
        seen += [row["message"].to for row in context["rows"]]
        url = context["next_url"] and PAGE + context["next_url"]
    assert seen == [f"reader-{number}@cast.example" for number in (4, 3, 2, 1, 0)]


def test_the_ledger_is_taken_as_a_file_that_no_spreadsheet_runs(
    client: Client, editor: User
) -> None:
    message = put("reader@cast.example")
    formula = "=HYPERLINK(0)"
    Message.objects.filter(pk=message.pk).update(subject=formula, last_error="@SUM(1)")
    put("other@cast.example")
    sign_in(client, editor)

    taken = client.get(f"{PAGE}messages.csv", {"to": "reader"})
    [row] = csv.DictReader(io.StringIO(b"".join(taken.streaming_content).decode()))
    assert row["subject"] == f"'{formula}" and row["last_error"] == "'@SUM(1)"
    assert row["to"] == "reader@cast.example" and row["state"] == "pending"
    assert row["state_in_words"] == client.get(PAGE, {"to": "reader"}).context["rows"][0]["state"]
    assert "attachment" in taken["Content-Disposition"]
    assert "secret" not in str(row)

    openpyxl = pytest.importorskip("openpyxl")
    book = client.get(f"{PAGE}messages.xlsx", {"to": "reader"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert cells["subject"].value == formula and cells["subject"].data_type == "s"


@pytest.mark.parametrize(("ending", "status"), [("json", 404), ("csv?state=lost", 400)])
def test_a_file_that_is_none_is_refused(
    ending: str, status: int, client: Client, editor: User
) -> None:
    assert sign_in(client, editor).get(f"{PAGE}messages.{ending}").status_code == status

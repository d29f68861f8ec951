"""The last report's answer is carried over by a signature, and no text goes without a look."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.models import Member, User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Cycle, Report
from tests.cast import sign_in

from .conftest import SAID

pytestmark = pytest.mark.django_db
T1 = "/reporting/2028-ALB/answers/2012-T1/"
SIGN, VERSIONS = f"{T1}no-change/", f"{T1}versions/"
OPENED = dt.datetime(2028, 2, 1, 9, tzinfo=dt.UTC)
OWN = {"status": "planned", "narrative": "Long new text.", "visibility": "public"}


@pytest.fixture
def later(bring: Callable[[str], Report], member: Member, focal_point: User) -> Report:
    """A draft of the round after one whose report is published."""
    bring("published")
    days = {"opens_on": dt.date(2026, 6, 1), "due_on": dt.date(2028, 7, 1)}
    cycle, _ = Cycle.objects.get_or_create(
        code="2028", defaults={**days, "closes_on": dt.date(2028, 12, 31)}
    )
    return actions.start_report(cycle, member, by=focal_point, at=OPENED)


@pytest.fixture
def writer(client: Client, later: Report, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def stands() -> tuple[Any, ...]:
    answer = Answer.objects.get(report__cycle__code="2028", commitment__reference="2012-T1")
    return answer.narrative, answer.version, answer.no_change


def write(client: Client, base: int = 0, **said: str) -> None:
    assert client.post(T1, {**OWN, "base_version": str(base), **said}).status_code == 302


def test_a_text_of_ones_own_goes_only_after_it_was_shown_beside_the_other(writer: Client) -> None:
    write(writer)
    asked = writer.post(SIGN, {"base_version": "1"})
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "Long new text." in page
    assert SAID["narrative"] in page
    assert stands() == ("Long new text.", 1, False)
    assert writer.post(SIGN, {"base_version": "1", "replace": "1"})["Location"] == T1
    assert stands() == (SAID["narrative"], 2, True)
    assert writer.post(SIGN, {"base_version": "1", "replace": "1"})["Location"] == T1
    assert stands()[1] == 2, "pressed twice is signed once"


@pytest.mark.parametrize("said", [OWN | {"narrative": ""}, OWN | {"status": ""}])
def test_a_status_or_a_text_alone_is_enough_to_ask(said: dict[str, str], writer: Client) -> None:
    write(writer, **said)
    assert "Sign and replace" in writer.post(SIGN, {"base_version": "1"}).content.decode()
    assert not stands()[2]


def test_where_nothing_would_go_nothing_is_asked(writer: Client) -> None:
    assert writer.post(SIGN, {"base_version": "0"}).status_code == 302
    assert stands() == (SAID["narrative"], 1, True)
    write(writer, 1)
    write(writer, 2, **SAID)
    assert stands() == (SAID["narrative"], 3, False)
    assert writer.post(SIGN, {"base_version": "3"}).status_code == 302
    assert stands() == (SAID["narrative"], 4, True)


def test_what_a_colleague_saved_after_the_look_is_not_replaced(
    writer: Client, later: Report, contributor: User
) -> None:
    write(writer)
    clause = Answer.objects.get(report=later, commitment__reference="2012-T1").commitment
    said = {**OWN, "narrative": "Theirs."}
    actions.save_answer(later, clause, said=said, base_version=1, by=contributor, at=OPENED)
    for sent in ({"base_version": "1"}, {"base_version": "1", "replace": "1"}):
        assert writer.post(SIGN, sent).status_code == 409
    assert stands() == ("Theirs.", 2, False)


def test_a_signed_answer_says_who_signed_it_until_its_words_change(writer: Client) -> None:
    assert "data-signed" not in writer.get(T1).content.decode()
    writer.post(SIGN, {"base_version": "0"})
    day = Answer.objects.get(report__cycle__code="2028", no_change=True).saved_at
    assert day is not None
    signed = f"Signed: no change since 2026, by focal point on {day.day} {day:%B %Y}."
    page = writer.get(T1).content.decode()
    assert signed in page
    assert "data-sign hidden>" in page
    write(writer, 1)
    page = writer.get(T1).content.decode()
    assert "Signed: no change" not in page
    assert "data-sign>" in page


def test_a_version_is_brought_back_as_the_next_one_without_its_signature(writer: Client) -> None:
    write(writer)
    assert "Bring this version back" not in writer.get(VERSIONS).content.decode()
    writer.post(SIGN, {"base_version": "1", "replace": "1"})
    assert writer.get(VERSIONS).content.decode().count("Bring this version back") == 1
    back = {"version": "1", "base_version": "2"}
    for _again in range(2):
        assert writer.post(VERSIONS, back)["Location"] == T1
        assert stands() == ("Long new text.", 3, False)
    assert writer.post(VERSIONS, {"version": "2", "base_version": "3"})["Location"] == T1
    assert stands() == (SAID["narrative"], 4, False)
    assert AnswerVersion.objects.filter(answer__report__cycle__code="2028").count() == 4


def test_bringing_back_overwrites_nobody_and_asks_for_a_version_that_there_is(
    writer: Client,
) -> None:
    assert writer.post(VERSIONS, {"version": "1", "base_version": "0"}).status_code == 404
    write(writer)
    write(writer, 1, narrative="Another.")
    write(writer, 2, narrative="A third.")
    assert writer.post(VERSIONS, {"version": "1", "base_version": "1"}).status_code == 409
    assert writer.post(VERSIONS, {"version": "9", "base_version": "3"}).status_code == 404
    for bad in ({}, {"version": "x", "base_version": "3"}, {"version": "1"}):
        assert writer.post(VERSIONS, bad).status_code == 400
    assert stands() == ("A third.", 3, False)
    Report.objects.filter(cycle__code="2028").update(state="submitted", first_submitted_at=OPENED)
    assert "Bring this version back" not in writer.get(VERSIONS).content.decode()
    assert writer.post(VERSIONS, {"version": "1", "base_version": "3"}).status_code == 409

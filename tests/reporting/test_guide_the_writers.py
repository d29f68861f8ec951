"""The secretariat guides the writers; a writer reads guidance and lineage beside the question."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from commitments.models import Commitment, Lineage
from members.models import Event, User
from reporting import actions
from reporting.models import Guidance, Report
from tests.cast import sign_in

from .conftest import OPENED

pytestmark = pytest.mark.django_db
DESK = "/secretariat/guidance/"
T1 = f"{DESK}2012-T1/"
QUESTION = "/reporting/2026-ALB/answers/2012-T1/"


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


def write(clause: Commitment, text: str, base: int, by: User) -> Guidance | None:
    return actions.write_guidance(clause, text, base_number=base, by=by, at=OPENED)


def test_what_the_secretariat_writes_stands_beside_the_question(
    client: Client, report: Report, editor: User, focal_point: User
) -> None:
    sign_in(client, editor)
    assert "2012-T1" in words(client.get(DESK))
    sent = client.post(T1, {"text": "Name **the law**.", "base_number": "0"})
    assert sent["Location"] == T1
    assert "Name the law" in words(client.get(T1))
    assert "1 of" in words(client.get(DESK))
    event = Event.objects.get(chain="guidance")
    assert (event.about, event.detail) == ("guidance:2012-T1", {"number": 1})
    sign_in(client, focal_point)
    page = client.get(QUESTION).content.decode()
    assert "Name <strong>the law</strong>." in page
    assert "Guidance" not in words(client.get("/reporting/2026-ALB/answers/2012-T2/"))


def test_an_empty_text_takes_the_guidance_away_and_what_was_said_stays_to_be_read(
    client: Client, report: Report, clause: Commitment, editor: User, focal_point: User
) -> None:
    write(clause, "Name the law.", 0, editor)
    write(clause, "", 1, editor)
    sign_in(client, focal_point)
    assert "Guidance" not in words(client.get(QUESTION))
    sign_in(client, editor)
    assert "Name the law." in words(client.get(T1))


def test_who_is_slower_sees_both_texts_and_nothing_is_overwritten(
    client: Client, clause: Commitment, editor: User, reviewer: User
) -> None:
    write(clause, "Theirs.", 0, reviewer)
    sign_in(client, editor)
    late = client.post(T1, {"text": "Mine.", "base_number": "0"})
    assert late.status_code == 409
    assert "Theirs." in words(late)
    assert "Mine." in late.content.decode()
    assert [g.text for g in clause.guidance.all()] == ["Theirs."]
    assert client.post(T1, {"text": "Mine.", "base_number": "1"}).status_code == 302
    assert clause.guidance.last().text == "Mine."


def test_the_same_guidance_again_adds_nothing(clause: Commitment, editor: User) -> None:
    assert write(clause, " ", 0, editor) is None
    first = write(clause, "Name the law.", 0, editor)
    assert write(clause, "Name the law. ", 0, editor) == first
    assert clause.guidance.count() == Event.objects.filter(chain="guidance").count() == 1


@pytest.mark.parametrize("text", ["d41d8cd98f00b204e9800998ecf8427e", "x" * 5001, "a\x00b"])
def test_words_that_cannot_be_kept_are_refused_by_name(
    text: str, client: Client, clause: Commitment, editor: User
) -> None:
    sign_in(client, editor)
    refused = client.post(T1, {"text": text, "base_number": "0"})
    assert refused.status_code == 400
    with pytest.raises(ValidationError, match="text"):
        write(clause, text, 0, editor)
    assert not Guidance.objects.exists()


@pytest.mark.parametrize("base", ["", "-1", "one"])
def test_guidance_without_the_number_its_writer_read_is_refused(
    base: str, client: Client, clause: Commitment, editor: User
) -> None:
    sign_in(client, editor)
    assert client.post(T1, {"text": "Name it.", "base_number": base}).status_code == 400
    assert not Guidance.objects.exists()


def test_nobody_else_writes_guidance_and_a_parent_clause_has_none(
    client: Client, clause: Commitment, focal_point: User, editor: User
) -> None:
    with pytest.raises(PermissionDenied):
        write(clause, "Mine.", 0, focal_point)
    sign_in(client, editor)
    for reference in ("nothing", "2012-S3-x"):
        assert client.get(f"{DESK}{reference}/").status_code == 404


def test_guidance_can_not_be_changed_behind_the_actions(clause: Commitment, editor: User) -> None:
    write(clause, "Name the law.", 0, editor)
    for change in (
        lambda: Guidance.objects.update(text="Else."),
        lambda: Guidance.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_lineage_of_the_clause_stands_beside_the_question(
    client: Client, report: Report, clause: Commitment, focal_point: User
) -> None:
    other = Commitment.objects.get(reference="2012-T2")
    Lineage.objects.create(kind="refers_to", source_commitment=other, target_commitment=clause)
    sign_in(client, focal_point)
    assert "2012-T2 refers to this text" in words(client.get(QUESTION))
    assert "Refers to 2012-T1" in words(client.get("/reporting/2026-ALB/answers/2012-T2/"))


def test_the_task_list_says_which_basis_is_for_which_clause(
    client: Client, report: Report, focal_point: User
) -> None:
    """Where one statement binds a member on two bases, each is said with its clauses."""
    from reporting.questions import questions
    from reporting.views.writing.shown import bases

    asked = [q for q in questions(report) if q.is_owed]
    assert bases(asked[:2]) == bases(asked[:1])
    one, two = asked[:2]
    two.line.first_since = dt.date(2015, 11, 17)  # type: ignore[union-attr]
    said = bases([one, two])
    assert f"{one.reference}: " in said
    assert f"{two.reference}: " in said

"""The secretariat guides the writers; a writer reads guidance and lineage beside the question."""

import datetime as dt
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from commitments.models import Commitment, Lineage
from commitments.registry_files import Commitments, Statements, Themes
from members.loading import load
from members.models import Event, LoadedRow, User
from reporting import actions, asked
from reporting.models import Guidance, Report
from reporting.questions import Question, guidance_on
from reporting.registry_files import GuidanceOfTheRegister
from tests.cast import sign_in
from tests.registry_files import ROOT

from .conftest import OPENED

pytestmark = pytest.mark.django_db
DESK = "/secretariat/guidance/"
T1 = f"{DESK}2012-T1/"
QUESTION = "/reporting/2026-ALB/answers/2012-T1/"


@pytest.fixture(autouse=True)
def unguided() -> None:
    """The register as it was before it came with guidance."""
    with pgtrigger.ignore():
        Guidance.objects.all()._raw_delete("default")
    LoadedRow.objects.filter(dataset="guidance").delete()


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


def load_guidance(tmp_path: Path, text: str) -> None:
    """Loads the register's clauses with this guidance on 2012-T1 and no other."""
    for app in ("commitments", "reporting"):
        copytree(ROOT / app / "data", tmp_path / app / "data", dirs_exist_ok=True)
    file = tmp_path / "reporting/data/guidance.csv"
    file.write_text(f'commitment,text\n2012-T1,"{text}"\n', encoding="utf-8")
    load([Themes(), Statements(), Commitments(), GuidanceOfTheRegister()], tmp_path)


def test_guidance_comes_with_the_register_until_the_secretariat_writes_its_own(
    client: Client,
    report: Report,
    clause: Commitment,
    editor: User,
    focal_point: User,
    tmp_path: Path,
) -> None:
    load_guidance(tmp_path, "Name the act.")
    load_guidance(tmp_path, "Name the act and its day.")
    load_guidance(tmp_path, "Name the act and its day.")
    assert [g.text for g in clause.guidance.all()] == ["Name the act.", "Name the act and its day."]
    sign_in(client, focal_point)
    said = words(client.get(QUESTION))
    assert "Name the act and its day." in said
    assert "The official wording is the quotation above." in said
    sign_in(client, editor)
    assert "The register" in words(client.get(T1))
    assert "came with the register" in words(client.get(DESK))
    client.post(T1, {"text": "Ours.", "base_number": "2"})
    load_guidance(tmp_path, "Name the act, its day and its article.")
    assert clause.guidance.last().text == "Ours."
    write(clause, "", 3, editor)
    load_guidance(tmp_path, "Name the act, its day and its article.")
    assert clause.guidance.last().text == ""
    assert "0 of" in words(client.get(DESK))


def test_only_a_person_takes_guidance_away(clause: Commitment) -> None:
    with pytest.raises(IntegrityError, match="taken_away_by_somebody"), transaction.atomic():
        Guidance.objects.create(commitment=clause, number=1, text="", written_at=OPENED)


def test_a_submitted_report_keeps_the_guidance_it_was_written_by(
    report: Report, clause: Commitment, editor: User
) -> None:
    write(clause, "Name the law.", 0, editor)
    form = asked.Form(actions.keep_form(report.cycle, at=OPENED))
    write(clause, "Name the bill.", 1, editor)
    then = [Question(clause, None, guidance_then=form.guidance(clause.reference))]
    assert guidance_on(then, report)[clause.reference].text == "Name the bill."
    report.state = Report.State.SUBMITTED
    assert guidance_on(then, report)[clause.reference].text == "Name the law."
    assert guidance_on([Question(clause, None)], report) == {}


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

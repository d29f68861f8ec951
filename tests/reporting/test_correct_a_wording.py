"""A mistake in a published wording is corrected by a new version, and both can be read."""

import shutil
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from commitments import actions
from commitments.models import Commitment, Correction, Passage, Statement
from members.loading import load
from members.models import Event, PublicVersion, User
from reporting.management.commands.load_registry import DATASETS
from tests.cast import sign_in
from tests.registry_files import ROOT

pytestmark = pytest.mark.django_db
LIST, T1 = "/secretariat/wordings/2012/", "2012-T1"
PAGE = f"{LIST}{T1}/"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


def typed(**other: str) -> dict[str, str]:
    clause = Commitment.objects.get(reference=T1)
    words = {"lead_in": clause.lead_in, "text": clause.text.replace("efforts", "works")}
    return {**words, "reason": "The print says works.", "version": "1", **other}


def corrected(desk: Client, **other: str) -> Correction:
    """Posts the words, looks at the difference and publishes it."""
    shown = desk.post(PAGE, typed(**other))
    assert shown.status_code == 200, shown.context["form"].errors
    seen = shown.context["form"]["shown"].value()
    answer = desk.post(PAGE, typed(**other, shown=seen))
    assert answer.status_code == 302
    return Correction.objects.latest("number")


def test_the_difference_is_shown_before_anything_is_saved(desk: Client) -> None:
    before = PublicVersion.objects.get().number
    assert PAGE in desk.get(LIST).content.decode()
    shown = desk.post(PAGE, typed()).content.decode()
    assert "<del>efforts</del><ins>works</ins>" in shown
    assert PublicVersion.objects.get().number == before and not Correction.objects.exists()


def test_everyone_reads_the_new_words_with_the_old_beside_them(desk: Client) -> None:
    before, stamp = Commitment.objects.get(reference=T1), PublicVersion.objects.get().number
    made = corrected(desk)
    now = Commitment.objects.get(reference=T1)
    assert (made.number, made.text_before, made.text) == (2, before.text, now.text)
    assert "works" in now.text and PublicVersion.objects.get().number > stamp
    page = Client().get(f"/commitments/{T1}/").content.decode()
    assert "<del>efforts</del><ins>works</ins>" in page and "The print says works." in page
    text = Client().get("/statements/2012/").content.decode()
    assert f'href="/commitments/{T1}/#corrections"' in text
    row = Client().get(f"/api/v1/commitments/?statement=2012&q={'works'}").json()["results"]
    assert T1 in {one["reference"] for one in row}
    event = Event.objects.get(verb="wording corrected")
    assert event.detail == {"of": T1, "version": 2} and event.about == "statement:2012"


def test_a_passage_is_corrected_in_the_same_way(desk: Client) -> None:
    passage = Passage.objects.filter(statement__code="2012", kind="preamble").earliest("position")
    page = f"{LIST}passage-{passage.position}/"
    said = {"text": f"{passage.text} Also.", "reason": "A word was left out.", "version": "1"}
    seen = desk.post(page, said).context["form"]["shown"].value()
    assert desk.post(page, said | {"shown": seen}).status_code == 302
    assert "<ins>" in Client().get("/statements/2012/").content.decode()
    assert Passage.objects.get(pk=passage.pk).text.endswith("Also.")


@pytest.mark.parametrize(
    ("field", "value"), [("text", ""), ("reason", ""), ("text", "a\x00b"), ("version", "x")]
)
def test_what_is_wrong_is_said_beside_its_field(desk: Client, field: str, value: str) -> None:
    answer = desk.post(PAGE, typed(**{field: value}))
    assert answer.status_code == 400 and field in answer.context["form"].errors


def test_the_same_words_are_no_correction_and_nothing_else_is_found(desk: Client) -> None:
    same = typed(text=Commitment.objects.get(reference=T1).text)
    seen = desk.post(PAGE, same).context["form"]["shown"].value()
    assert desk.post(PAGE, same | {"shown": seen}).status_code == 400
    for part in ("2015-N1", "passage-999", "passage-x"):
        assert desk.get(f"{LIST}{part}/").status_code == 404
    assert not Correction.objects.exists()


def test_who_is_slower_sees_the_difference_from_what_stands_now(desk: Client) -> None:
    mine = typed(reason="Another reason.", text="Mine.")
    seen = desk.post(PAGE, mine).context["form"]["shown"].value()
    corrected(desk)
    late = desk.post(PAGE, mine | {"shown": seen})
    assert late.status_code == 409 and "works" in late.content.decode()
    assert Correction.objects.count() == 1
    again = late.context["form"]
    keep = {"version": again["version"].value(), "shown": again["shown"].value()}
    assert desk.post(PAGE, mine | keep).status_code == 302
    assert Correction.objects.latest("number").number == 3


def test_a_corrected_date_moves_the_deadline_and_a_forgotten_one_is_told(desk: Client) -> None:
    page, clause = (
        "/secretariat/wordings/2015/2015-S1/",
        Commitment.objects.get(reference="2015-S1"),
    )
    assert desk.get(page).context["form"]["due_on"].value() == clause.due_on
    said = {
        "version": "1",
        "reason": "The print says 2017.",
        "lead_in": clause.lead_in,
        "text": clause.text.replace("March 2016", "March 2017"),
        "due_on": clause.due_on.isoformat() if clause.due_on else "",
        "due_precision": clause.due_precision,
        "due_modality": clause.due_modality,
    }
    forgotten = desk.post(page, said)
    assert "ends on 31 March 2017" in forgotten.content.decode()

    told = desk.post(page, said | {"due_on": "2017-03-02"})
    assert "ends on 31 March 2017" not in told.content.decode()
    assert "<del>2016-03-31</del> <ins>2017-03-31</ins>" in told.content.decode()
    assert not Correction.objects.exists()

    sent = said | {"due_on": "2017-03-02", "shown": told.context["form"]["shown"].value()}
    assert desk.post(page, sent).status_code == 302
    clause.refresh_from_db()
    assert str(clause.due_on) == "2017-03-31" and "March 2017" in clause.text
    detail = Event.objects.get(verb="wording corrected").detail
    assert detail["due_before"] == "2016-03-31 month firm"
    assert detail["due"] == "2017-03-31 month firm"


def test_a_deadline_is_given_whole_or_not_at_all(desk: Client) -> None:
    half = desk.post(PAGE, typed(due_on="2017-03-31", due_precision="day"))
    assert half.status_code == 400 and "due_modality" in half.context["form"].errors


def test_a_correction_asks_for_a_fresh_second_factor(desk: Client) -> None:
    session = desk.session
    for step in session["account_authentication_methods"]:
        step["at"] = time.time() - 7200
    session.save()
    assert desk.post(PAGE, typed()).status_code == 302
    assert not Correction.objects.exists()


def test_words_that_the_registry_files_correct_are_kept_and_shown_as_well(tmp_path: Path) -> None:
    for app in ("members", "commitments", "reporting"):
        shutil.copytree(ROOT / app / "data", tmp_path / app / "data")
    file = tmp_path / "commitments/data/2012.json"
    clause = Commitment.objects.get(reference=T1)
    file.write_text(file.read_text().replace(clause.text[:40], f"Again {clause.text[:40]}"))
    load(DATASETS, tmp_path)
    kept = Correction.objects.get(commitment=clause)
    assert (kept.text_before, kept.text) == (clause.text, f"Again {clause.text}")
    assert kept.by is None and kept.reason == "The register's data files were corrected."


def test_the_title_follows_its_passage_and_nothing_else_changes_it(
    desk: Client, tmp_path: Path
) -> None:
    passage = Passage.objects.get(statement__code="2012", kind="title")
    page = f"{LIST}passage-{passage.position}/"
    said = {"text": f"{passage.text}\nonline", "reason": "A word was left out.", "version": "1"}
    long = said | {"text": "x " * 200}
    for typed in (said, long):
        typed["shown"] = desk.post(page, typed).context["form"]["shown"].value()
    assert "too long" in desk.post(page, long).content.decode()
    assert desk.post(page, said).status_code == 302
    title = " ".join(said["text"].split())
    assert Statement.objects.get(code="2012").title == title
    kept = Statement.pgh_event_model.objects.filter(code="2012", title=title)
    assert kept.exists(), "who changed it is in its history"

    for app in ("members", "commitments", "reporting"):
        shutil.copytree(ROOT / app / "data", tmp_path / app / "data")
    other = Statement.objects.get(code="2015").title
    for file in ("2015.json", "statements.json"):
        path = tmp_path / "commitments/data" / file
        path.write_text(path.read_text().replace(other, f"{other} (2015)"))
    load(DATASETS, tmp_path)
    assert Statement.objects.get(code="2015").title == f"{other} (2015)"
    assert Correction.objects.filter(passage__statement__code="2015").count() == 1


SQL = {
    "a title": "UPDATE commitments_statement SET title = 'Else.'",
    "the code that everything is called by": "UPDATE commitments_statement SET code = code || 'X'",
    "that there is a statement": "DELETE FROM commitments_statement",
    "that there is a clause": "DELETE FROM commitments_commitment",
    "that there is a passage": "DELETE FROM commitments_passage",
    "the words of a clause": "UPDATE commitments_commitment SET text = 'Else.'",
    "its opening words": "UPDATE commitments_commitment SET lead_in = 'Else.'",
    "the words of a passage": "UPDATE commitments_passage SET text = 'Else.'",
    "a correction": "UPDATE commitments_correction SET reason = 'Else.'",
    "its being there": "DELETE FROM commitments_correction",
    "all of them": "TRUNCATE commitments_correction",
    "back to the words before": (
        "UPDATE commitments_commitment c SET text = k.text_before "
        "FROM commitments_correction k WHERE k.commitment_id = c.id"
    ),
    "a correction of what never stood": (
        'INSERT INTO commitments_correction (commitment_id, number, "on", at, reason, '
        "lead_in_before, text_before, lead_in, text) SELECT commitment_id, 3, now(), now(), "
        "'x', lead_in, 'Never.', lead_in, 'Else.' FROM commitments_correction"
    ),
}


@pytest.mark.parametrize("what", SQL)
def test_nobody_changes_a_published_wording_or_its_record_by_sql(
    desk: Client, editor: User, what: str
) -> None:
    clause = Commitment.objects.get(reference=T1)
    actions.keep_correction(clause, clause.lead_in, "Corrected.", reason="A slip", by=editor)
    with (
        pytest.raises(DatabaseError, match=r"stays?|stood|annot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[what])
    clause.refresh_from_db()
    assert clause.text == "Corrected."

"""A colleague takes the workbook along, fills it in, and brings it back."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.actions import keep_correction
from commitments.models import Commitment
from members.models import Event, User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Report
from reporting.questions import questions
from reporting.workbooks import layout
from tests.cast import sign_in

from .conftest import OPENED, SAID
from .workbooks import closed, compared, filled, find, kinds, made, opened

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
OFFLINE = f"{HOME}offline/"
LAW = {("2012-T1", "status"): "Implemented", ("2012-T1", "narrative"): "The law is in force."}


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def bring_back(client: Client, data: bytes, name: str = "2026-ALB.xlsx") -> Any:
    return client.post(f"{OFFLINE}preview/", {"file": SimpleUploadedFile(name, data)})


def carried(page: Any) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def confirm(client: Client, page: Any, **choices: str) -> Any:
    takes = {f"take-{reference.replace('_', '-')}": how for reference, how in choices.items()}
    return client.post(f"{OFFLINE}save/", {"carried": carried(page), **takes})


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def save(report: Report, by: User, base: int = 0, **said: Any) -> Answer:
    clause = Commitment.objects.get(reference="2012-T1")
    return actions.save_answer(
        report, clause, said={**SAID, **said}, base_version=base, by=by, at=OPENED
    )


def test_the_workbook_is_downloaded_by_those_who_write(writer: Client, report: Report) -> None:
    assert f"{OFFLINE}workbook/" in writer.get(OFFLINE).content.decode()
    file = writer.get(f"{OFFLINE}workbook/")
    assert file["Content-Disposition"] == 'attachment; filename="2026-ALB.xlsx"'
    assert "no-store" in file["Cache-Control"]
    book = opened(file.content)
    assert book.sheetnames[:2] == ["Read first", "2012"]
    assert book["keys"].sheet_state == "veryHidden"


def test_a_synthetic_report_has_a_synthetic_file(writer: Client, report: Report) -> None:
    Report.objects.update(synthetic=True)
    file = writer.get(f"{OFFLINE}workbook/")
    assert 'filename="synthetic-2026-ALB.xlsx"' in file["Content-Disposition"]
    assert "Synthetic" in str(opened(file.content)["Read first"]["A2"].value)


def test_cells_to_write_in_are_open_and_all_others_closed(report: Report) -> None:
    book = opened(made(report))
    sheet = book["2012"]
    assert sheet.protection.sheet
    assert all(sheet.column_dimensions[letter].hidden for letter in "ABCDE")
    open_cells = {c.column for row in sheet for c in row if not c.protection.locked}
    assert open_cells == {layout.ANSWER, layout.ADDRESS}
    answer = find(book, "2012-T1", "narrative")
    assert answer.alignment.wrap_text
    assert answer.number_format == "@"


def test_a_sheet_prints_as_wide_as_a_page_under_its_heading(report: Report) -> None:
    sheet = opened(made(report))["2012"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")


def test_status_and_readers_are_chosen_from_the_words_of_the_page(report: Report) -> None:
    book = opened(made(report))
    lists = {v.formula1: v.sqref for v in book["2012"].data_validations.dataValidation}
    assert set(lists) == {"status", "visibility"}
    assert find(book, "2012-T1", "status").coordinate in lists["status"]
    assert book.defined_names["status"].attr_text == "'lists'!$A$1:$A$6"
    shown = [row[0].value for row in book["lists"].iter_rows(max_col=1)]
    assert shown[:2] == ["Implemented", "In progress"]


def test_text_that_looks_like_a_formula_stays_text(report: Report, focal_point: User) -> None:
    text = '=HYPERLINK("https://evil.example","x")'
    save(report, focal_point, narrative=text)
    cell = find(opened(made(report)), "2012-T1", "narrative")
    assert (cell.data_type, cell.value) == ("s", text)
    assert kinds(report, made(report)) == {}


def test_nothing_is_saved_before_it_was_seen_and_confirmed(writer: Client, report: Report) -> None:
    page = bring_back(writer, filled(made(report), LAW))
    assert page.status_code == 200
    assert "To change: 1" in words(page)
    assert "<ins>The law is in force.</ins>" in page.content.decode()
    assert not AnswerVersion.objects.exists()
    done = confirm(writer, page, **{"2012_T1": "mine"})
    assert done["Location"] == HOME
    answer = Answer.objects.get(report=report, commitment__reference="2012-T1")
    assert (answer.version, answer.status, answer.narrative) == (
        1,
        "implemented",
        SAID["narrative"],
    )
    assert AnswerVersion.objects.get().origin == "import"
    event = Event.objects.get(verb="import_workbook")
    assert (event.detail["saved"], event.detail["late"]) == (1, 0)
    assert "1 answer was saved." in words(writer.get(HOME))


def test_what_is_not_ticked_stays_as_it_is(writer: Client, report: Report) -> None:
    more = {("2012-T2", "status"): "Planned"}
    page = bring_back(writer, filled(made(report), LAW | more))
    confirm(writer, page, **{"2012_T2": "mine"})
    assert [v.answer.commitment.reference for v in AnswerVersion.objects.all()] == ["2012-T2"]


def test_the_same_confirmation_twice_saves_once(writer: Client, report: Report) -> None:
    page = bring_back(writer, filled(made(report), LAW))
    for _again in range(2):
        assert confirm(writer, page, **{"2012_T1": "mine"}).status_code == 302
    assert AnswerVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("theirs", "Theirs."),
        ("mine", SAID["narrative"]),
        ("both", "The law is in force.\n\nTheirs."),
    ],
)
def test_two_texts_on_one_answer_are_both_shown_and_one_chooses(
    choice: str, left: str, writer: Client, report: Report, contributor: User
) -> None:
    data = filled(made(report), LAW)
    save(report, contributor, narrative="Theirs.")
    page = bring_back(writer, data)
    html = page.content.decode()
    assert "Changed here meanwhile: 1" in words(page)
    assert "<ins>Theirs.</ins>" in html
    assert "<ins>The law is in force.</ins>" in html
    confirm(writer, page, **{"2012_T1": choice})
    assert Answer.objects.get(commitment__reference="2012-T1").narrative == left


def test_who_is_overtaken_between_preview_and_confirmation_is_shown_both(
    writer: Client, report: Report, contributor: User
) -> None:
    page = bring_back(writer, filled(made(report), LAW | {("2012-T2", "status"): "Planned"}))
    save(report, contributor, narrative="Quicker.")
    late = confirm(writer, page, **{"2012_T1": "mine", "2012_T2": "mine"})
    assert late.status_code == 409
    assert "<ins>Quicker.</ins>" in late.content.decode()
    assert Answer.objects.get(commitment__reference="2012-T1").narrative == "Quicker."
    assert Answer.objects.get(commitment__reference="2012-T2").status == "planned"
    confirm(writer, late, **{"2012_T1": "mine"})
    assert Answer.objects.get(commitment__reference="2012-T1").narrative == SAID["narrative"]


def test_a_signed_no_change_that_is_rewritten_is_none_any_more(
    report: Report, focal_point: User
) -> None:
    save(report, focal_point, no_change=True)
    data = made(report)
    assert kinds(report, data) == {}
    proposals, _words = compared(report, filled(data, {("2012-T1", "narrative"): "New."}))
    assert proposals["2012-T1"].mine["no_change"] is False


WRONG: list[tuple[str, Any, str, str]] = [
    ("status", "Nearly done", "status", "This is not one of the possible answers."),
    ("status", "Not applicable", "not_applicable_because", "Say why the clause does not apply."),
    ("visibility", None, "visibility", "Choose who may read the answer."),
    ("narrative", "x" * 5001, "narrative", "5000 are allowed"),
    ("narrative", "d41d8cd98f00b204e9800998ecf8427e", "narrative", "looks like a hash"),
    ("narrative", "a\u202eb", "narrative", "cannot be stored (U+202E)"),
    ("narrative", "=1+1", "narrative", "The cell holds a formula."),
    ("narrative", dt.date(2026, 1, 2), "narrative", "holds a date"),
    ("narrative", True, "narrative", "no text"),
    ("evidence_1", "A title without address", "evidence_1", "must begin with https://"),
]


def test_what_is_wrong_names_sheet_and_cell_and_is_not_offered(
    writer: Client, report: Report
) -> None:
    references = [q.reference for q in questions(report)]
    wrong = dict(zip(references, WRONG, strict=False))
    good = references[len(WRONG)]
    typed = {(reference, row): value for reference, (row, value, _at, _say) in wrong.items()}
    data = filled(made(report), typed | {(good, "status"): "Planned"})
    page, book = bring_back(writer, data), opened(data)
    shown = words(page)
    assert page.status_code == 200
    for reference, (_row, _value, at, complaint) in wrong.items():
        column = layout.ADDRESS if at.startswith("evidence") else layout.ANSWER
        cell = find(book, reference, at, column)
        where = f"Sheet {cell.parent.title}, cell {cell.coordinate} ({reference}): "
        assert re.search(re.escape(where) + ".{0,60}" + re.escape(complaint), shown), where
        assert f'name="take-{reference}"' not in page.content.decode()
    assert f'name="take-{good}"' in page.content.decode()


def test_a_question_that_was_corrected_meanwhile_is_told(writer: Client, report: Report) -> None:
    data = filled(made(report), LAW)
    keep_correction(Commitment.objects.get(reference="2012-T1"), "", "corrected wording;")
    assert "The question was corrected since the workbook was made." in words(
        bring_back(writer, data)
    )


def test_a_line_that_was_deleted_changes_nothing(report: Report, focal_point: User) -> None:
    save(report, focal_point, evidence=[{"title": "Law", "url": "https://law.example/1"}])
    book = opened(made(report))
    for row in ("narrative", "evidence_1"):
        book["2012"].delete_rows(find(book, "2012-T1", row).row)
    assert kinds(report, closed(book)) == {}


def test_an_emptied_cell_empties_the_field(report: Report, focal_point: User) -> None:
    save(report, focal_point)
    proposals, _words = compared(report, filled(made(report), {("2012-T1", "narrative"): None}))
    assert proposals["2012-T1"].mine["narrative"] == ""
    assert proposals["2012-T1"].mine["next_steps"] == SAID["next_steps"]


def test_a_report_that_is_not_open_takes_no_workbook(
    writer: Client, report: Report, bring: Callable[[str], Report]
) -> None:
    data = filled(made(report), LAW)
    page = bring_back(writer, data)
    bring("submitted")
    kept = AnswerVersion.objects.count()
    assert bring_back(writer, data).status_code == 409
    assert confirm(writer, page, **{"2012_T1": "mine"}).status_code == 409
    assert AnswerVersion.objects.count() == kept
    assert "no workbook can be brought back" in words(writer.get(OFFLINE))


@pytest.mark.parametrize("who", ["outsider", "reviewer", "analyst", "former", "visitor"])
def test_nobody_else_takes_or_brings_a_workbook(
    who: str, client: Client, report: Report, request: pytest.FixtureRequest
) -> None:
    sign_in(client, request.getfixturevalue(who))
    refused = {"outsider": 404, "visitor": 302}.get(who, 403)
    assert client.get(f"{OFFLINE}workbook/").status_code == refused
    assert client.get(f"{OFFLINE}paper/").status_code == refused
    assert bring_back(client, b"anything").status_code == refused
    assert client.post(f"{OFFLINE}save/", {"carried": "x"}).status_code == refused
    assert not AnswerVersion.objects.exists()


def test_a_colleague_who_is_shown_little_takes_and_brings_no_more(
    client: Client, report: Report, contributor: User, focal_point: User
) -> None:
    data = filled(made(report), LAW | {("2012-T2", "status"): "Planned"})
    asked = questions(report)
    clauses, by = Commitment.objects.filter(reference="2012-T2"), {"by": focal_point, "at": OPENED}
    actions.assign(report, clauses, to=contributor, due_on=None, apart=False, **by)
    actions.restrict(report.member, person=contributor, **by)
    sign_in(client, contributor)
    book = opened(client.get(f"{OFFLINE}workbook/").content)
    text = str([[cell.value for cell in row] for sheet in book for row in sheet])
    assert "2012-T2" in text
    assert not [q.reference for q in asked if q.reference != "2012-T2" and q.reference in text]
    assert "2012-T1" not in client.get(f"{OFFLINE}paper/").content.decode()
    page = bring_back(client, data)
    assert "This report does not ask about 2012-T1." in words(page)
    assert confirm(client, page, **{"2012_T1": "mine", "2012_T2": "mine"}).status_code == 302
    assert [v.answer.commitment.reference for v in AnswerVersion.objects.all()] == ["2012-T2"]


def test_a_text_that_is_kept_apart_comes_back_apart(
    client: Client, report: Report, contributor: User, focal_point: User
) -> None:
    """The contributor's own workbook changes the proposal; in other hands it meets the answer."""
    clauses, by = Commitment.objects.filter(reference="2012-T1"), {"by": focal_point, "at": OPENED}
    save(report, focal_point, narrative="The final text.")
    actions.assign(report, clauses, to=contributor, due_on=None, apart=True, **by)
    sign_in(client, contributor)
    for base, text in enumerate(("Proposed.", "Proposed better.")):
        given = client.get(f"{OFFLINE}workbook/").content
        page = bring_back(client, filled(given, {("2012-T1", "narrative"): text}))
        assert "To change: 1" in words(page), base
        confirm(client, page, **{"2012_T1": "mine"})
    answer = Answer.objects.get(report=report, commitment__reference="2012-T1")
    assert (answer.narrative, answer.proposal.narrative) == ("The final text.", text)
    theirs = client.get(f"{OFFLINE}workbook/").content
    sign_in(client, focal_point)
    assert "The workbook says what is saved already." in words(bring_back(client, theirs))
    page = bring_back(client, filled(theirs, {("2012-T1", "narrative"): "Proposed best."}))
    assert "Changed here meanwhile: 1" in words(page)


def test_a_preview_serves_only_whom_it_was_shown_to_and_not_for_ever(
    writer: Client, report: Report, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = bring_back(writer, filled(made(report), LAW))
    with monkeypatch.context() as later:
        later.setattr("reporting.workbooks.carrying.HOURS", -1)
        assert "too old" in words(confirm(writer, page, **{"2012_T1": "mine"}))
    changed = {"carried": carried(page)[:-2] + "xx", "take-2012-T1": "mine"}
    assert writer.post(f"{OFFLINE}save/", changed).status_code == 400
    assert writer.post(f"{OFFLINE}save/", {}).status_code == 400
    sign_in(writer, contributor)
    assert confirm(writer, page, **{"2012_T1": "mine"}).status_code == 400
    assert not AnswerVersion.objects.exists()


def test_the_page_for_paper_has_answers_and_lines_and_says_it_is_a_draft(
    writer: Client, report: Report, focal_point: User, bring: Callable[[str], Report]
) -> None:
    save(report, focal_point)
    html = writer.get(f"{OFFLINE}paper/").content.decode()
    assert "Draft, not published" in html
    assert SAID["narrative"] in html
    assert "<strong>Implemented</strong>" in html
    assert html.count('class="paper-line"') > 20
    bring("submitted")
    assert "Submitted, not published" in writer.get(f"{OFFLINE}paper/").content.decode()


@pytest.mark.parametrize("page", ["workbook/", "paper/", ""])
def test_a_page_of_working_offline_takes_no_query_per_question(
    page: str, writer: Client, report: Report, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        assert writer.get(f"{OFFLINE}{page}").status_code == 200

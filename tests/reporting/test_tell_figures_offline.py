"""Yearly figures go out in the workbook, come back, are looked at, and are saved or left."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from members.models import Event, User
from reporting import actions, workbooks
from reporting.models import Answer, Observation, Report
from reporting.workbooks import layout
from tests.cast import sign_in

from .conftest import OPENED
from .test_write_offline import LAW, OFFLINE, bring_back, carried, words
from .workbooks import closed, filled, find, made, opened, years

pytestmark = pytest.mark.django_db
CODE = "icse_identified_victims"
SOURCE = "Register of the national unit"
COLUMNS = layout.FIGURE
Lines = dict[int, dict[str, Any]]


def typed(data: bytes, lines: Lines) -> bytes:
    """The workbook after somebody typed into the lines of these years, cell by cell."""
    book = opened(data)
    for year, cells in lines.items():
        for name, value in cells.items():
            find(book, CODE, f"year {year}", COLUMNS[name]).value = value
    return closed(book)


def compared(report: Report, data: bytes) -> tuple[dict[int, workbooks.Figure], list[str]]:
    """What the workbook would change, by year, and every complaint in words."""
    returned = workbooks.read(data, report=report.code)
    figures, strange = workbooks.compared_years(returned, years(report))
    wrong = [*(w for one in figures for w in one.wrong), *strange, *returned.wrong]
    said = [f"{one.place.cell}: {one.words}" for one in wrong]
    return {one.asked.year: one for one in figures}, said


def save(report: Report, year: int, by: User, base: int = 0, **said: Any) -> Observation:
    indicator = next(one.indicator for one in years(report) if one.year == year)
    said = {"state": "value", "source": SOURCE, **said}
    return actions.save_observation(
        report, indicator, year, said=said, base_version=base, by=by, at=OPENED
    )


def take(client: Client, page: Any, *keys: str) -> Any:
    sent = {f"take-{key}": "mine" for key in keys}
    return client.post(f"{OFFLINE}save/", {"carried": carried(page), **sent})


def key(year: int) -> str:
    return f"figure-{CODE}-{year}"


def told() -> dict[int, tuple[str, int | None]]:
    found = Observation.objects.exclude(state="")
    return {one.year: (one.state, one.value) for one in found}


def test_a_sheet_has_a_line_for_each_year_with_what_stands_and_a_choice(
    client: Client, report: Report, focal_point: User
) -> None:
    save(report, 2024, focal_point, value=0, note="=1+1")
    book = opened(sign_in(client, focal_point).get(f"{OFFLINE}workbook/").content)
    sheet = book[layout.FIGURES]
    shown = [sheet.cell(row, layout.LABEL).value for row in range(6, sheet.max_row + 1)]
    assert shown == [str(year) for year in range(2025, 2011, -1)]
    row = {n: find(book, CODE, "year 2024", column) for n, column in COLUMNS.items()}
    assert [cell.value for cell in row.values()] == ["A number", "0", SOURCE, "=1+1"]
    assert {cell.data_type for cell in row.values()} == {"s"}
    assert not any(cell.protection.locked for cell in row.values())
    [choices] = sheet.data_validations.dataValidation
    assert (choices.formula1, row["state"].coordinate in choices.sqref) == ("state", True)
    assert all(sheet.column_dimensions[letter].hidden for letter in "ABCDE")


LINES: Lines = {
    2025: {"value": 120, "source": SOURCE},
    2024: {"value": 0, "source": SOURCE},
    2023: {"state": "not AVAILABLE", "note": "The unit was founded later."},
    2022: {"value": -1, "source": SOURCE},
    2021: {"value": 1e20, "source": SOURCE},
    2020: {"value": "many", "source": SOURCE},
    2019: {"value": "=1+1", "source": SOURCE},
    2018: {"value": 1.5, "source": SOURCE},
    2017: {"value": 10**12 + 1, "source": SOURCE},
    2016: {"value": 7},
    2015: {"state": "Not available"},
    2014: {"state": "Guessed"},
    2013: {"note": "See the register."},
    2012: {"value": dt.date(2026, 1, 2), "source": SOURCE},
}
WRONG = {
    2022: ("value", "Give a whole number from 0 on."),
    2021: ("value", "Enter a whole number."),
    2020: ("value", "Enter a whole number."),
    2019: ("value", "The cell holds a formula."),
    2018: ("value", "Enter a whole number."),
    2017: ("value", "Give a whole number from 0 on."),
    2016: ("source", "Name the source of the number."),
    2015: ("note", "Say why there is no number."),
    2014: ("state", "Choose one of these."),
    2013: ("state", "Choose one of these."),
    2012: ("value", "The cell holds a date"),
}


def test_each_cell_is_read_as_on_the_page_or_named_with_what_is_wrong(report: Report) -> None:
    data = typed(made(report), LINES)
    figures, complaints = compared(report, data)
    assert {year: one.mine["value"] for year, one in figures.items() if not one.wrong} == {
        2025: 120, 2024: 0, 2023: None,
    }  # fmt: skip
    assert {one.kind for year, one in figures.items() if year not in WRONG} == {"change"}
    assert len(complaints) == len(WRONG)
    for year, (name, words_) in WRONG.items():
        cell = find(opened(data), CODE, f"year {year}", COLUMNS[name]).coordinate
        assert figures[year].kind == "wrong"
        assert any(c.startswith(f"{cell}: {words_}") for c in complaints), (year, complaints)


def test_figures_and_answers_are_shown_and_saved_together(
    client: Client, report: Report, focal_point: User
) -> None:
    data = typed(filled(made(report), LAW), {y: LINES[y] for y in (2025, 2024, 2022)})
    sign_in(client, focal_point)
    page = bring_back(client, data)
    assert "To change: 3" in words(page) and "To mend: 1" in words(page)
    assert "(2012-G1, 2022): Give a whole number from 0 on." in words(page)
    assert not told()
    done = take(client, page, "2012-T1", key(2025))
    assert done["Location"] == "/reporting/2026-ALB/"
    assert told() == {2025: ("value", 120)}, "2024 was not ticked"
    assert Answer.objects.get(commitment__reference="2012-T1").version == 1
    assert Event.objects.filter(verb="observe").count() == 1
    assert Event.objects.get(verb="import_workbook").detail["saved"] == 2
    said = words(client.get("/reporting/2026-ALB/"))
    assert "1 answer was saved. 1 yearly figure was saved." in said
    assert "To change: 1" in words(bring_back(client, data)), "2024 alone"


def test_an_emptied_line_takes_the_figure_back(report: Report, focal_point: User) -> None:
    save(report, 2025, focal_point, value=7)
    data = typed(made(report), {2025: dict.fromkeys(COLUMNS)})
    assert compared(report, data)[0][2025].mine["state"] == ""


def test_what_somebody_saved_meanwhile_is_not_ticked_and_what_nobody_touched_is_no_conflict(
    client: Client, report: Report, focal_point: User, contributor: User
) -> None:
    data = typed(made(report), {2025: LINES[2025]})
    for year in (2025, 2024):
        save(report, year, contributor, value=77)
    sign_in(client, focal_point)
    page = bring_back(client, data)
    assert "To change: 0. Changed here meanwhile: 1." in words(page)
    html = page.content.decode()
    assert f'id="take-{key(2025)}">' in html and key(2024) not in html
    assert "saved version 1" in words(page) and "77" in words(page)
    take(client, page)
    assert told()[2025] == ("value", 77)
    take(client, page, key(2025))
    assert told() == {2025: ("value", 120), 2024: ("value", 77)}


def test_who_is_overtaken_after_the_preview_is_shown_both_once_more(
    client: Client, report: Report, focal_point: User, contributor: User
) -> None:
    sign_in(client, focal_point)
    page = bring_back(client, typed(filled(made(report), LAW), {2025: LINES[2025]}))
    save(report, 2025, contributor, value=77)
    late = take(client, page, "2012-T1", key(2025))
    assert late.status_code == 409 and told() == {2025: ("value", 77)}
    assert Answer.objects.get(commitment__reference="2012-T1").status == "implemented"
    assert "77" in words(late) and "120" in words(late)
    assert take(client, late, key(2025)).status_code == 302
    assert told() == {2025: ("value", 120)}


KEYS = {
    "another member's report": (layout.REPORT, "2026-BEL", "belongs to another report"),
    "a year that is not asked": (layout.FIELD, "year 2011", "This year cannot be told"),
    "no year": (layout.FIELD, "year x", "This year cannot be told"),
    "a year twice": (layout.FIELD, "year 2024", "hidden keys"),
    "another indicator": (layout.QUESTION, "x" * 500, "The figures are given by"),
    "a version to come": (layout.VERSION, "7", "hidden keys"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_line_with_wrong_keys_is_named_and_changes_nothing(name: str, report: Report) -> None:
    column, value, complaint = KEYS[name]
    book = opened(typed(made(report), {2025: LINES[2025]}))
    cell = find(book, CODE, "year 2025", column)
    cell.value = value
    figures, complaints = compared(report, closed(book))
    assert all(one.kind in ("same", "wrong") for one in figures.values())
    row = cell.row + (name == "a year twice")  # the second line is named
    assert [f"G{row}" in c and complaint in c for c in complaints] == [True], complaints


def test_who_does_not_write_the_answer_itself_neither_gets_nor_brings_its_figures(
    client: Client, report: Report, focal_point: User, contributor: User
) -> None:
    data = typed(made(report), {2025: LINES[2025]})
    clauses, by = Commitment.objects.filter(reference="2012-G1"), {"by": focal_point, "at": OPENED}
    actions.assign(report, clauses, to=contributor, due_on=None, apart=True, **by)
    sign_in(client, contributor)
    assert layout.FIGURES not in opened(client.get(f"{OFFLINE}workbook/").content).sheetnames
    page = bring_back(client, data)
    assert words(page).count("The figures are given by the focal point") == 1, "of one line alone"
    assert not told()


def test_whoever_may_not_any_more_saves_nothing_of_its_preview(
    client: Client, report: Report, focal_point: User, contributor: User
) -> None:
    sign_in(client, contributor)
    page = bring_back(client, typed(filled(made(report), LAW), {2025: LINES[2025]}))
    clauses, by = Commitment.objects.filter(reference="2012-G1"), {"by": focal_point, "at": OPENED}
    actions.assign(report, clauses, to=contributor, due_on=None, apart=True, **by)
    assert take(client, page, "2012-T1", key(2025)).status_code == 403
    assert not told() and not Answer.objects.filter(version__gt=0).exists()


def test_a_workbook_from_before_figures_is_still_read(
    client: Client, report: Report, focal_point: User
) -> None:
    book = opened(filled(made(report), LAW))
    del book[layout.FIGURES]
    for version, status in (("1", 200), ("3", 400)):
        book[layout.KEYS]["A2"] = version
        page = bring_back(sign_in(client, focal_point), closed(book))
        assert page.status_code == status


def test_the_page_for_paper_has_a_line_for_each_year(
    client: Client, report: Report, focal_point: User
) -> None:
    save(report, 2024, focal_point, value=0)
    html = words(sign_in(client, focal_point).get(f"{OFFLINE}paper/"))
    assert f"2025 Empty 2024 0 {SOURCE} 2023 Empty" in html

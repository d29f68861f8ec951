"""Whatever members write, a spreadsheet runs none of it and the text comes back exactly."""

import io
import json
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.exports.formats import csv_file, workbook
from reporting.tables.cells import CUT, LONGEST, csv_cell, csv_text, xlsx_text, xlsx_value
from reporting.tables.columns import Column

from .reading import as_table

NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    " =1+1",
    "\u00a0\u3000\uff1d1+1",
    "\n\n text",
    "'\uff1d1",
    "'=1",
    "''=1",
    "'tis so",
    "#N/A",
    "1e5",
    "007",
    'say "no", twice',
    "line\nline\r\nline\rline",
    "_x0041_",
    "_x0041_x0042_",
    "_x0041\x01",
    "\x00\x01\x1f\x7f\x85\u2028",
    "\ufffe\uffff\ufeff",
    " before and after ",
    "עברית ‏ العربية 漢字 \N{GRINNING FACE} e\u0301",
]
SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
COLUMNS = [Column("first", ""), Column("text", "")]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(NASTY)
pieces = st.lists(
    st.sampled_from(["_", "x", "0041", "_x0041_", "\x01", "=", "'", "\r", "\n", " ", "\uff1d"]),
    max_size=9,
)


def taken(texts: list[str], form: str) -> list[str]:
    lines = [json.dumps({"first": "a", "text": text}).encode() for text in texts]
    write = {"csv": csv_file, "xlsx": workbook}[form]
    return [row["text"] for row in as_table(b"".join(write(lines, COLUMNS)), form)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_nasty_text_comes_back(form: str) -> None:
    assert taken(NASTY, form) == NASTY


def test_a_workbook_holds_nothing_of_the_moment_at_which_it_was_made() -> None:
    made = b"".join(workbook([b'{"first":"a","text":"b"}'], COLUMNS))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert {entry.date_time[:3] for entry in book.infolist()} == {(1980, 1, 1)}
        told = book.read("docProps/core.xml").decode()
    assert set(re.findall(r"(\d{4}-\d\d-\d\d)T", told)) == {"1980-01-01"}


@pytest.mark.parametrize("begins", ["\t", "\r", "\n", *SIGNS, *(f" {one}" for one in SIGNS)])
def test_each_sign_that_could_begin_a_formula_gets_its_apostrophe(begins: str) -> None:
    assert csv_cell(f"{begins}1") == f"'{begins}1"
    assert csv_cell(f"a{begins}1") == f"a{begins}1"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(texts | pieces.map("".join), min_size=1, max_size=5), st.sampled_from(["csv", "xlsx"])
)
def test_any_text_comes_back(found: list[str], form: str) -> None:
    assert taken(found, form) == found


@given(texts | pieces.map("".join))
def test_no_cell_of_a_csv_file_begins_as_a_formula(text: str) -> None:
    assert not csv_cell(text).startswith(("\t", "\r", "\n", *SIGNS))
    assert not csv_cell(text).lstrip().startswith(SIGNS)
    assert csv_text(csv_cell(text)) == text


@given(texts | pieces.map("".join))
def test_escapes_of_a_workbook_are_undone_exactly(text: str) -> None:
    assert xlsx_value(xlsx_text(text)) == text


@pytest.mark.parametrize("sign", ["a", "\N{GRINNING FACE}", "\x01", "_x0041_"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(sign: str) -> None:
    long = sign * 40_000
    (cell,) = taken([long], "xlsx")
    assert cell.endswith(CUT)
    assert long.startswith(cell.removesuffix(CUT))
    assert len(xlsx_text(long).encode("utf-16-le")) // 2 <= LONGEST
    assert csv_cell(long) == long


def test_a_text_that_just_fits_is_whole() -> None:
    assert taken(["a" * LONGEST], "xlsx") == ["a" * LONGEST]


def test_numbers_and_flags_are_no_text() -> None:
    assert [csv_cell(value) for value in (-1, True, False, None, 0)] == [
        "-1",
        "true",
        "false",
        "",
        "0",
    ]

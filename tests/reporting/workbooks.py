"""A workbook in the hands of a colleague: filled in with openpyxl, which any program could be."""

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook, load_workbook

from members.models import User
from reporting import observations, questions, workbooks
from reporting.models import Report
from reporting.observations import Year
from reporting.workbooks import layout

from .conftest import OPENED

MOST = 14  # questions, of fifty; enough for every test and quicker to make


def years(report: Report) -> list[Year]:
    """The years that the report tells, as they stand."""
    references = [question.reference for question in questions.questions(report)]
    return observations.asked(report, references, OPENED.date())


def made(report: Report) -> bytes:
    """The report's workbook as it is downloaded."""
    asked = questions.questions(report)[:MOST]
    return workbooks.written(report, asked, years(report), member="Albania", on=OPENED.date())


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def closed(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def find(book: Workbook, question: str, row: str, column: int = layout.ANSWER) -> Any:
    """The cell in which a question's field is written."""
    for sheet in book:
        for cells in sheet.iter_rows(max_col=layout.COLUMNS):
            keys = [cells[c - 1].value for c in (layout.QUESTION, layout.FIELD)]
            if keys == [question, row]:
                return cells[column - 1]
    raise LookupError(f"{question} {row}")


def filled(data: bytes, typed: Mapping[tuple[str, str], Any], column: int = layout.ANSWER) -> bytes:
    """The workbook after somebody typed into these cells (question and row of the field)."""
    book = opened(data)
    for (question, row), value in typed.items():
        find(book, question, row, column).value = value
    return closed(book)


def compared(report: Report, data: bytes) -> tuple[dict[str, workbooks.Compared], list[str]]:
    """What the workbook would change, by reference, and every complaint in words."""
    returned = workbooks.read(data, report=report.code)
    proposals, strange = workbooks.compared(returned, questions.questions(report))
    complaints = [w for p in proposals for w in p.wrong] + strange
    words = [f"{wrong.place}: {wrong.words}" for wrong in complaints]
    return {p.question.reference: p for p in proposals}, words


def kinds(report: Report, data: bytes) -> dict[str, str]:
    """Only what is not the same: reference and kind."""
    proposals, _words = compared(report, data)
    return {reference: p.kind for reference, p in proposals.items() if p.kind != "same"}


def someone(name: str) -> User:
    return User.objects.get(name=name)

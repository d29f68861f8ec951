"""The report as a workbook: a sheet for each statement, a row for each field of a question."""

import datetime as dt
from itertools import groupby

from django.utils.translation import gettext as _

from commitments.obligations import reason
from members.languages import long_date

from .. import definition, words
from ..models import Guidance, Report
from ..observations import Year
from ..questions import Question, guidance_on
from ..tables.cells import xlsx_text
from . import figures, layout
from .sheets import HEAD, LOCKED, OPEN, Book, Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written(
    report: Report,
    asked: list[Question],
    years: list[Year],
    *,
    member: str,
    on: dt.date,
) -> bytes:
    """The workbook of the report with these questions and years; text cells alone."""
    book, told = Book(), guidance_on(asked, report)
    first = Sheet(book, layout.READ_FIRST, widths={1: 100})
    for n, line in enumerate(_instructions(report, member, on)):
        first.put(1, line, HEAD if n == 0 else LOCKED)
        first.next()
    for statement, group in groupby(asked, lambda q: q.commitment.statement):
        sheet = _sheet(book, report, str(statement.code))
        for question in group:
            _asked(sheet, question, told.get(question.reference))
            _answered(sheet, report, question, member)
    if years:
        figures.write(book, report, years)
    _hidden(book, report)
    return book.as_bytes()


def _instructions(report: Report, member: str, on: dt.date) -> list[str]:
    made = {"code": report.code, "member": member, "day": long_date(on)}
    lines = [
        _("Report %(code)s, %(member)s: a draft, not published. Made on %(day)s.") % made,
        _("Write in the white cells. Status and readers are chosen from a list in their cell."),
        _(
            "A white cell that you empty empties the answer; a line that you delete changes "
            "nothing."
        ),
        _(
            "Texts may have up to %(n)d characters. A link has a title and an address that begins "
            "with https://; nobody opens it."
        )
        % {"n": words.PROSE_LIMIT},
        _("No names of victims or suspects, no hashes, no pictures or files."),
        _(
            "Keep the file as .xlsx and bring it back on the page “Work offline” of the report. "
            "You are shown what would change before anything is saved."
        ),
        _("If a colleague saved the same answer meanwhile, you are shown both texts and choose."),
        _(
            "Nothing of the file is kept. The hidden columns say to which answer a line belongs; "
            "please leave them."
        ),
    ]
    if report.synthetic:
        lines.insert(1, _("Synthetic: this report is part of a demonstration."))
    return lines


def _sheet(book: Book, report: Report, code: str) -> Sheet:
    """An empty sheet for the questions of one statement."""
    widths = {layout.LABEL: 26, layout.ANSWER: 70, layout.ADDRESS: 40, layout.EARLIER: 50}
    sheet = Sheet(book, code, widths)
    sheet.hide(*layout.HIDDEN)
    sheet.put(layout.LABEL, f"{report.code}, {code}", HEAD)
    sheet.put(layout.ANSWER, _("Your answer"), HEAD)
    sheet.put(layout.ADDRESS, _("Address of the link"), HEAD)
    sheet.put(layout.EARLIER, _("Last published report (to read)"), HEAD)
    sheet.next()
    sheet.keep_in_sight()
    return sheet


def _asked(sheet: Sheet, question: Question, guidance: Guidance | None) -> None:
    """What the question says, why it is asked and what is told about it, after an empty line."""
    clause, before = question.commitment, question.earlier
    sheet.next()
    sheet.put(layout.LABEL, question.reference, HEAD)
    sheet.put(layout.ANSWER, clause.title, HEAD)
    sheet.put(layout.EARLIER, before.cycle if before else _("none"), HEAD)
    sheet.next()
    sheet.put(layout.LABEL, _("What the text says"))
    sheet.put(layout.ANSWER, f"{clause.lead_in} {clause.text}".strip())
    sheet.next()
    sheet.put(layout.LABEL, _("Why it is asked"))
    why = reason(question.line) if question.line else _("It is not owed; it may be answered.")
    sheet.put(layout.ANSWER, why)
    sheet.next()
    if guidance:
        sheet.put(layout.LABEL, _("Guidance of the secretariat"))
        sheet.put(layout.ANSWER, xlsx_text(guidance.text))
        sheet.next()


def _answered(sheet: Sheet, report: Report, question: Question, member: str) -> None:
    """A row for each field, with the keys by which it comes back."""
    version, digest = layout.version_of(question), layout.digest_of(question)
    keys = report.code, question.reference, version, digest
    said = layout.cells_of(question.said)
    before = layout.cells_of(question.earlier.said) if question.earlier else {}
    for row, field in layout.rows_of():
        for column, key in zip(layout.HIDDEN, (*keys[:2], row, *keys[2:]), strict=True):
            sheet.put(column, key)
        sheet.put(layout.LABEL, layout.heading_of(row, field, member))
        _cells(sheet, field, said[row])
        earlier = "\n".join(part for part in before.get(row, ()) if part)
        sheet.put(layout.EARLIER, xlsx_text(earlier))
        sheet.next()


def _cells(sheet: Sheet, field: definition.Field, cells: tuple[str, str]) -> None:
    is_link = field.kind == definition.LINKS
    sheet.put(layout.ANSWER, xlsx_text(cells[0]), OPEN, lines=1 if is_link else field.lines)
    sheet.put(layout.ADDRESS, xlsx_text(cells[1]), OPEN if is_link else LOCKED)
    if field.kind == definition.CHOICE:
        sheet.choose(layout.ANSWER, field.name)


def _hidden(book: Book, report: Report) -> None:
    form = report.cycle.forms.order_by("number").last()
    keys, lists = (Sheet(book, name, shown=False) for name in (layout.KEYS, layout.LISTS))
    kept = (str(form.number), form.sha256) if form else ("", "")
    keys.listed(1, [layout.MARK, layout.LAYOUT, report.code, *kept])
    fields = (*definition.FIELDS.values(), *definition.FIGURE.values())
    choices = [field for field in fields if field.choices]
    for column, field in enumerate(choices, 1):
        labels = [str(choice.label) for choice in field.choices]
        book.name_list(field.name, lists.listed(column, labels))

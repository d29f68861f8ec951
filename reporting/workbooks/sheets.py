"""Sheets of text: every cell is text and nothing else, closed unless it is to be written in."""

import io
import math
from collections.abc import Mapping
from typing import Any

from django.utils import translation

LINE, HIGHEST = 15, 400  # points: of one line of text, and the most that a row may have
LOCKED, OPEN, HEAD = "to read", "to write", "heading"


class Book:
    """A new workbook with its three looks of cells."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # takes a while, and few requests ask for it
        from openpyxl.styles import (
            Alignment,
            Border,
            Font,
            NamedStyle,
            PatternFill,
            Protection,
            Side,
        )

        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        text = {"alignment": Alignment(wrap_text=True, vertical="top"), "number_format": "@"}
        grey = PatternFill("solid", fgColor="FFF1F1EE")
        line = Side(style="thin", color="FF6B6B66")
        border = Border(left=line, right=line, top=line, bottom=line)
        unlocked = Protection(locked=False)
        self._looks = [
            NamedStyle(LOCKED, fill=grey, **text),
            NamedStyle(HEAD, fill=grey, font=Font(bold=True), **text),
            NamedStyle(OPEN, protection=unlocked, border=border, **text),
        ]
        for look in self._looks:
            self.book.add_named_style(look)
        self._choices: dict[str, Any] = {}

    def choices(self, sheet: "Sheet", name: str) -> Any:
        """The drop-down of a list of choices on one sheet; the list stands on a hidden one."""
        from openpyxl.worksheet.datavalidation import DataValidation

        key = f"{sheet.title}:{name}"
        if key not in self._choices:
            found = DataValidation(type="list", formula1=name, allow_blank=True)
            found.showErrorMessage = True
            sheet.sheet.add_data_validation(found)
            self._choices[key] = found
        return self._choices[key]

    def name_list(self, name: str, where: str) -> None:
        """Gives a range of cells the name by which drop-downs know it."""
        from openpyxl.workbook.defined_name import DefinedName

        self.book.defined_names[name] = DefinedName(name, attr_text=where)

    def as_bytes(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


class Sheet:
    """One sheet, written row by row from the top."""

    def __init__(
        self, book: Book, title: str, widths: Mapping[int, int] | None = None, *, shown: bool = True
    ) -> None:
        self.book, self.title, self.row, self._lines = book, title, 1, 1
        self.sheet = book.book.create_sheet(title)
        self.sheet.protection.sheet = True  # no password: a help against slips, not a lock
        self.sheet.protection.formatColumns = self.sheet.protection.formatRows = False
        self.sheet.sheet_view.rightToLeft = translation.get_language_bidi()
        self.sheet.sheet_state = "visible" if shown else "veryHidden"
        self._print_as_wide_as_a_page()
        self._widths = dict(widths or {})
        for column, width in self._widths.items():
            self._column(column).width = width

    def _print_as_wide_as_a_page(self) -> None:
        """Some ministries sign on paper: a row stays on one page, however many pages there are."""
        page = self.sheet.page_setup
        page.orientation, page.paperSize = "landscape", self.sheet.PAPERSIZE_A4
        page.fitToWidth, page.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.oddFooter.center.text = "&A, &P / &N"

    def _column(self, column: int) -> Any:
        from openpyxl.utils import get_column_letter

        return self.sheet.column_dimensions[get_column_letter(column)]

    def hide(self, *columns: int) -> None:
        for column in columns:
            self._column(column).hidden = True

    def keep_in_sight(self) -> None:
        """Keeps all rows above the present one in sight, while scrolling and on each page."""
        self.sheet.freeze_panes = self.sheet.cell(self.row, 1)
        self.sheet.print_title_rows = f"1:{self.row - 1}"

    def put(
        self, column: int, text: str, look: str = LOCKED, lines: int = 1, across: int = 1
    ) -> None:
        """Writes one cell of the present row; whatever it looks like, it is no formula.

        It is as wide as `across` columns.
        """
        cell = self.sheet.cell(self.row, column)
        if text:
            cell.value = text
            cell.data_type = "s"
        cell.style = look
        if across > 1:
            last = column + across - 1
            self.sheet.merge_cells(None, self.row, column, self.row, last)
        width = sum(self._widths.get(n, 1000) for n in range(column, column + across))
        needed = sum(math.ceil(max(len(line), 1) / width) for line in text.split("\n"))
        self._lines = max(self._lines, lines, needed)

    def choose(self, column: int, name: str) -> None:
        """Gives the cell of the present row a drop-down with this list of choices."""
        self.book.choices(self, name).add(self.sheet.cell(self.row, column))

    def next(self) -> None:
        """Ends the row, which becomes as high as its longest text."""
        self.sheet.row_dimensions[self.row].height = min(self._lines * LINE, HIGHEST)
        self.row, self._lines = self.row + 1, 1

    def listed(self, column: int, texts: list[str]) -> str:
        """Writes the texts below each other and says where they stand."""
        from openpyxl.utils import get_column_letter

        for row, text in enumerate(texts, 1):
            self.sheet.cell(row, column).value = text
        letter = get_column_letter(column)
        return f"'{self.title}'!${letter}$1:${letter}${len(texts)}"

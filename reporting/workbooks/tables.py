"""A plain table in a workbook: its first sheet as the text of a CSV file, and nothing else."""

import csv
import datetime as dt
import io
import time
import warnings
from typing import Any

from django.utils.translation import gettext as _

from ..tables.cells import csv_cell
from .bounds import Refused, looked_at
from .reading import MOST_SECONDS, as_text

MOST_COLUMNS = 40


def table_as_csv(data: bytes, *, most_rows: int, lost: str) -> str:
    """The rows of the first sheet as CSV, a day written YYYY-MM-DD; an empty row is an empty line.

    A cell that cannot be taken, such as a formula, is `lost` and the reason. Raises Refused,
    with the reason in words, for what is no plain workbook or passes a bound. Keeps nothing of
    the file.
    """
    from openpyxl import load_workbook  # takes a while, and few requests ask for it

    file = looked_at(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the colours and rules of other programs
            book = load_workbook(file, read_only=True, keep_links=False)
            return _written(book.worksheets[0], most_rows, lost)
    except Refused:
        raise
    except Exception as error:  # a library on bytes of strangers: whatever it stumbles over
        raise Refused(
            _("The workbook cannot be read. Save it again as .xlsx and send it once more.")
        ) from error


def _written(sheet: Any, most_rows: int, lost: str) -> str:
    made, until = io.StringIO(newline=""), time.monotonic() + MOST_SECONDS
    lines, width = csv.writer(made, lineterminator="\n"), 0
    for cells in sheet.iter_rows(max_row=most_rows, max_col=MOST_COLUMNS):
        if time.monotonic() > until:
            raise Refused(_("Reading the file takes too long."))
        row = [_text(cell, lost) for cell in cells]
        width = width or max((n for n, text in enumerate(row, 1) if text), default=0)
        more = [text for text in row[width:] if text]
        lines.writerow([*row[:width], *more] if any(row) else [])
    return made.getvalue()


def _text(cell: Any, lost: str) -> str:
    """What the cell says; a guard against formulas stands before it, as in the CSV files."""
    if isinstance(cell.value, dt.datetime):
        return cell.value.date().isoformat()
    text, words = as_text(cell)
    return f"{lost}{words}" if words else csv_cell(text)

"""Text as it is safe in a spreadsheet and yet exact; docs/decisions/exports.md says why so."""

import re
from typing import Any

# A spreadsheet takes a cell that begins so for a formula: OWASP's list, with the full-width signs
# that some read alike, and with white space before a sign, which some throw away. Apostrophes
# before it were typed.
_BEGINS = r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])"
_FORMULA = re.compile(_BEGINS)
_GUARDED = re.compile(f"'{_BEGINS}")

LONGEST = 32_767  # what a cell of a workbook holds, counted as UTF-16
CUT = " [cut here: CSV and JSON have the whole text]"
# Not allowed in XML, or changed by it; the format writes them as _x001F_. An underscore that
# would read as the beginning of such an escape is one itself.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def csv_cell(value: Any) -> str:
    """The value as a cell of a CSV file: text that looks like a formula gets an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def csv_text(cell: str) -> str:
    """What `csv_cell` was given, where that was text."""
    return cell[1:] if _GUARDED.match(cell) else cell


def xlsx_text(text: str) -> str:
    """The text as a cell of a workbook holds it: cut where it is too long, and escaped."""
    written, room = _escape(text), len(text)
    if _fits(written):
        return written
    while not _fits(written):
        over = max(len(written), _utf16(written)) - LONGEST
        room -= max(1, over // 7)  # an escape makes seven characters of one
        written = _escape(text[:room]) + CUT
    return written


def xlsx_value(cell: str) -> str:
    """What `xlsx_text` was given, where it was not cut; spreadsheets do the same."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)


def _escape(text: str) -> str:
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and _utf16(text) <= LONGEST


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

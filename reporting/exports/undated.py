"""A workbook that is the same, byte for byte, whenever it is made of the same rows.

openpyxl writes the moment of the writing into every file: whoever keeps a checksum of a table, or
compares two of them, would find a difference where none is.
"""

import datetime as dt
import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

# The first day that a zip knows; workbooks tell no zone.
LONG_AGO = dt.datetime(1980, 1, 1)  # noqa: DTZ001


def save(book: "Workbook", made: IO[bytes]) -> None:
    """Writes the workbook into the open file, without the time of the writing."""
    from openpyxl.writer.excel import ExcelWriter  # takes a while, and few requests ask for it

    book.properties.created = book.properties.modified = LONG_AGO
    ExcelWriter(book, _Undated(made, "w", ZIP_DEFLATED)).save()


class _Undated(ZipFile):
    """A zip whose entries are all of the same day."""

    def writestr(self, name: Any, data: Any, *_args: Any, **_named: Any) -> None:
        super().writestr(_entry(name), data)

    def write(self, filename: Any, arcname: Any = None, *_args: Any, **_named: Any) -> None:
        entry = _entry(arcname)
        entry.file_size = Path(filename).stat().st_size  # decides what it may grow to
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, LONG_AGO.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry

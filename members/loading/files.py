"""Reading data files without mercy: whatever is not as agreed is named, and nothing is guessed."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN_AT_ONCE = 50


@dataclass(frozen=True)
class Record:
    """One row of a file as it was read: where it stands, and its fields by name."""

    file: str
    place: str
    fields: dict[str, Any]


class Refused(Exception):
    """The files cannot be loaded; `problems` says why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Problems:
    """What is wrong with the files, collected so that all of it is told at once."""

    lines: list[str] = field(default_factory=list)

    def add(self, what: str, *, file: str, place: str = "", column: str = "") -> None:
        where = [file, place, f"field {column}" if column else ""]
        self.lines.append(f"{', '.join(part for part in where if part)}: {what}")

    def refuse_if_any(self) -> None:
        """Raises Refused with the first problems and the number of the others."""
        if not self.lines:
            return
        more = len(self.lines) - SHOWN_AT_ONCE
        told = self.lines[:SHOWN_AT_ONCE]
        raise Refused([*told, f"... and {more} more"] if more > 0 else told)


class Files:
    """The data files under one folder that is laid out like the project."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root
        self.problems = problems
        self._documents: dict[str, Any] = {}

    def table(self, file: str, columns: Iterable[str]) -> list[Record]:
        """The rows of a CSV file; row 1 is the header. Empty when its header is not as agreed."""
        try:
            text = io.StringIO(self._text(file), newline="")
            header, *rows = list(csv.reader(text, strict=True)) or [[]]
        except (csv.Error, _Unreadable) as error:
            self._unreadable(file, error)
            return []
        if not self._same_names(file, "row 1", "column", header, columns):
            return []
        records = []
        for number, row in enumerate(rows, start=2):
            if len(row) == len(header):
                found = dict(zip(header, row, strict=True))
                records.append(Record(file, f"row {number}", found))
            else:
                what = f"{len(row)} fields where the header has {len(header)}"
                self.problems.add(what, file=file, place=f"row {number}")
        return records

    def document(self, file: str) -> Any:
        """A JSON file's content, read once; None when it cannot be read."""
        if file not in self._documents:
            try:
                self._documents[file] = json.loads(
                    self._text(file), object_pairs_hook=_object, parse_constant=_no_constant
                )
            except (ValueError, RecursionError, _Unreadable) as error:
                self._documents[file] = None
                self._unreadable(file, error)
        return self._documents[file]

    def objects(
        self, file: str, found: Any, columns: Iterable[str], called: str, key: str
    ) -> list[Record]:
        """The objects of a JSON list as records, each named by its key; odd ones are refused."""
        columns = list(columns)
        if not isinstance(found, list):
            self.problems.add(f"a list of {called}s should stand here", file=file)
            return []
        records = []
        for number, one in enumerate(found, start=1):
            place = f"{called} {number}"
            if not isinstance(one, dict):
                self.problems.add("an object should stand here", file=file, place=place)
                continue
            if isinstance(one.get(key), str):
                place = f"{place} ({one[key]})"
            if self._same_names(file, place, "field", list(one), columns):
                records.append(Record(file, place, one))
        return records

    def _same_names(
        self, file: str, place: str, called: str, found: list[str], agreed: Iterable[str]
    ) -> bool:
        agreed = list(agreed)
        twice = [name for name, times in Counter(found).items() if times > 1]
        wrong = [(name, f"this {called} is missing") for name in agreed if name not in found]
        wrong += [(name, f"unknown {called}") for name in found if name not in agreed]
        wrong += [(name, f"this {called} stands there twice") for name in twice]
        for name, what in wrong:
            self.problems.add(what, file=file, place=place, column=repr(name)[1:-1])
        return not wrong

    def _text(self, file: str) -> str:
        try:
            return (self.root / file).read_bytes().decode("utf-8")
        except OSError as error:
            raise _Unreadable(error.strerror or "cannot be read") from error
        except UnicodeDecodeError as error:
            raise _Unreadable(f"byte {error.start} is not UTF-8") from error

    def _unreadable(self, file: str, error: Exception) -> None:
        what = str(error) or "cannot be read"
        if isinstance(error, RecursionError):
            what = "nested too deeply"
        self.problems.add(what, file=file)


class _Unreadable(Exception):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"field {twice[0]!r} stands twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of this file")

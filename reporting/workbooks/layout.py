"""Where everything stands in the workbook: writer and reader agree here.

Each row of a sheet is one field of one question (a link has a row of its own). The first columns
are hidden and say which: report, question, field, version of the answer, digest of the question.
"""

from typing import Any

from django.conf import settings
from django.utils import translation

from members.text import normalise

from .. import definition, words
from ..asked import basis_of, sha256, wording
from ..models import Proposal
from ..questions import Question
from ..serializers import canonical_json

KEYS, LISTS = "keys", "lists"  # sheets that nobody sees
READ_FIRST, FIGURES = "Read first", "Yearly figures"
REPORT, QUESTION, FIELD, VERSION, DIGEST = range(1, 6)
LABEL, ANSWER, ADDRESS, EARLIER = range(6, 10)
HIDDEN = (REPORT, QUESTION, FIELD, VERSION, DIGEST)
# On the sheet of yearly figures a row is one year of an indicator. Its keys stand in the same
# columns: the indicator for the question, the year for the field, and what the row said.
YEAR = "year "
FIGURE = {"state": ANSWER, "value": ANSWER + 1, "source": ANSWER + 2, "note": ANSWER + 3}
COLUMNS = FIGURE["note"]
MARK = "commitment-tracker-report"  # in A1 of the sheet of keys; a workbook without it is not ours
LAYOUT = "2"
READABLE = ("1", LAYOUT)  # the first had no yearly figures, and all else in the same place


def rows_of() -> list[tuple[str, definition.Field]]:
    """The rows of a question: the key of each, and the field that it belongs to."""
    rows = []
    for field in definition.FIELDS.values():
        if field.kind == definition.LINKS:
            rows += [(f"{field.name}_{n}", field) for n in range(1, words.EVIDENCE_LIMIT + 1)]
        else:
            rows.append((field.name, field))
    return rows


def heading_of(row: str, field: definition.Field, member: str) -> str:
    """What stands before the cell: the field's question, with its number where it has several."""
    if field.kind == definition.LINKS:
        return f"{field.label} {row.rpartition('_')[2]}"
    return str(field.label) % {"member": member} if field.short else str(field.label)


def digest_of(question: Question) -> str:
    """A fingerprint of what the question asks and why, in 16 signs."""
    asked = {**wording(question.commitment), **basis_of(question.line)}
    return sha256(canonical_json(asked))[:16]


def digest_of_year(said: dict[str, Any]) -> str:
    """A fingerprint of what is told of a year: a row that still has it was left alone."""
    return sha256(canonical_json(said))[:16]


def version_of(question: Question) -> str:
    """Which text the question shows: `3`, a version of the answer, or `p2`, of the proposal.

    A proposal that is not begun starts from the answer, so it goes by the answer's version.
    """
    shown = question.answer
    if isinstance(shown, Proposal) and shown.version:
        return f"p{shown.version}"
    final = question.final or shown
    return str(final.version if final else 0)


def cell_name(column: int, row: int) -> str:
    """What people call the cell: G7."""
    return f"{'ABCDEFGHIJ'[column - 1]}{row}"


def cells_of(said: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What an answer says, by row: the answer's cell, and that of the address for a link."""
    cells = {}
    for key, field in rows_of():
        if field.kind == definition.LINKS:
            place = int(key.rpartition("_")[2]) - 1
            link = dict(enumerate(said["evidence"])).get(place, {"title": "", "url": ""})
            cells[key] = (link["title"], link["url"])
        elif field.kind == definition.CHOICE:
            cells[key] = (label_of(field, said[field.name]), "")
        else:
            cells[key] = (said[field.name], "")
    return cells


def label_of(field: definition.Field, value: str) -> str:
    """A choice as people read it; an empty one is empty."""
    labels = {choice.value: str(choice.label) for choice in field.choices}
    return labels.get(value, value)


def value_of(field: definition.Field, label: str) -> str:
    """The choice that was meant; what is none of them is given back as it was typed."""
    meant = " ".join(normalise(label).split()).casefold()
    for choice in field.choices:
        if meant in (choice.value, *_in_every_language(choice.label)):
            return choice.value
    return label


def _in_every_language(words: definition.Words) -> set[str]:
    """The words as any reader of the site may have them: a workbook passes through many hands."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(words).casefold())
    return found

"""The form of an answer: its fields, their words and choices. Page, workbook and paper read it.

What is asked in every question stands here once; which questions a member is asked follows from
what it promised (`reporting.questions`). Each round keeps the forms it used
(docs/decisions/form-definition.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from . import words
from .models import Answer, Observation

Words = str | Promise
CHOICE, TEXT, LINKS = "choice", "text", "links"


@dataclass(frozen=True)
class Choice:
    """One value that a field can take."""

    value: str
    label: Words
    hint: Words = ""


@dataclass(frozen=True)
class Field:
    """One thing that every question asks for. `short` names it where it stands in a table."""

    name: str
    kind: str
    label: Words
    hint: Words = ""
    lines: int = 3
    choices: tuple[Choice, ...] = ()
    short: Words = ""

    @property
    def heading(self) -> Words:
        """What the field is called at the head of a column."""
        return self.short or self.label


def _status(value: str, hint: Words = "") -> Choice:
    return Choice(value, capfirst(Answer.Status(value).label), hint)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "status",
            CHOICE,
            gettext_lazy("Where does %(member)s stand?"),
            short=gettext_lazy("Status"),
            choices=(
                _status("implemented", gettext_lazy("It is done and in force.")),
                _status("in_progress", gettext_lazy("Work has begun.")),
                _status("planned", gettext_lazy("Decided, with money or a date.")),
                _status("not_started"),
                _status("not_applicable", gettext_lazy("You will be asked why.")),
                _status("nothing_to_report", gettext_lazy("A signed answer, not a blank.")),
            ),
        ),
        Field(
            "narrative",
            TEXT,
            gettext_lazy("What has been done"),
            gettext_lazy(
                "In your own words, for readers outside the ministry, up to 5,000 characters. "
                "No names of victims or suspects, no hashes."
            ),
            lines=6,
        ),
        Field(
            "not_applicable_because",
            TEXT,
            gettext_lazy("Why it does not apply"),
            gettext_lazy("Only for “not applicable”. Published with the answer."),
        ),
        Field("next_steps", TEXT, gettext_lazy("Next steps")),
        Field(
            "evidence",
            LINKS,
            gettext_lazy("Evidence"),
            gettext_lazy("A title and a link that begins with https://. We never open the link."),
            lines=words.EVIDENCE_LIMIT,
        ),
        Field("obstacles", TEXT, gettext_lazy("Obstacles")),
        Field(
            "support_requested",
            TEXT,
            gettext_lazy("Support requested"),
            gettext_lazy("What would help, from whom. Read by the secretariat, not published."),
        ),
        Field(
            "visibility",
            CHOICE,
            gettext_lazy("Who may read this answer"),
            gettext_lazy(
                "Everyone always sees that the clause was answered, and with which status. "
                "This decides who reads your words."
            ),
            choices=(
                Choice(
                    Answer.Visibility.PUBLIC.value,
                    gettext_lazy("Everyone, once published"),
                    gettext_lazy(
                        "On this site, in its files and in its API. Others copy them, and copies "
                        "stay. What you ask support for is not published."
                    ),
                ),
                Choice(
                    Answer.Visibility.MEMBERS.value,
                    gettext_lazy("Members of the alliance and the secretariat"),
                    gettext_lazy(
                        "Not published. The secretariat reads them and may pass them on to other "
                        "members, to nobody else."
                    ),
                ),
                Choice(
                    Answer.Visibility.SECRETARIAT.value,
                    gettext_lazy("The secretariat alone"),
                    gettext_lazy("Not published and not passed on."),
                ),
            ),
        ),
    )
}


# What is asked of each year of an indicator that judges a clause.
FIGURE: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "state",
            CHOICE,
            gettext_lazy("What can be told of this year"),
            choices=(
                Choice(Observation.State.VALUE.value, gettext_lazy("A number")),
                Choice(Observation.State.NOT_AVAILABLE.value, gettext_lazy("Not available")),
                Choice(Observation.State.NOT_GIVEN.value, gettext_lazy("Not given yet")),
            ),
        ),
        Field(
            "value",
            TEXT,
            gettext_lazy("Number"),
            gettext_lazy("A whole number. 0 is a number: it says that there was none."),
        ),
        Field(
            "source",
            TEXT,
            gettext_lazy("Source"),
            gettext_lazy("The title of the record, and who keeps it. Needed beside a number."),
        ),
        Field(
            "note",
            TEXT,
            gettext_lazy("Note"),
            gettext_lazy(
                "Which definition, where the number is on another one than above; "
                "or why there is none."
            ),
        ),
    )
}


def as_data() -> list[dict[str, Any]]:
    """The fields as they are kept with a round, in the language that is active."""
    return [
        {
            "name": field.name,
            "kind": field.kind,
            "label": str(field.label),
            "hint": str(field.hint),
            "lines": field.lines,
            "short": str(field.short),
            "choices": [
                {"value": c.value, "label": str(c.label), "hint": str(c.hint)}
                for c in field.choices
            ],
        }
        for field in FIELDS.values()
    ]


def from_data(kept: list[Mapping[str, Any]]) -> dict[str, Field]:
    """The fields of a form that was kept; whatever they were called then.

    They are kept in English, and read in the reader's language where the words are still ours.
    """
    fields, ours = {}, _by_english_words()
    for data in kept:
        choices = tuple(
            Choice(**{name: ours.get(words, words) for name, words in choice.items()})
            for choice in data["choices"]
        )
        words = {name: ours.get(data[name], data[name]) for name in ("label", "hint", "short")}
        fields[data["name"]] = Field(**{**data, **words, "choices": choices})
    return fields


@cache
def _by_english_words() -> dict[str, Words]:
    with translation.override("en"):
        told = [words for field in FIELDS.values() for words in _words_of(field)]
        return {str(words): words for words in told}


def _words_of(field: Field) -> Iterator[Words]:
    yield from (field.label, field.hint, field.short)
    for choice in field.choices:
        yield from (choice.label, choice.hint)

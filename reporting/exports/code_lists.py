"""The code lists: every vocabulary of the data once, with the columns that hold its codes.

Most are fixed here in the code; themes and groups stand in the register's files. The keys of
datasets (members, statements, clauses, rounds) are no code lists: their rows say what they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commitments.models import Theme
from members.missing import REASONS
from members.models import Group

from ..summaries.counting import BY_ENDORSEMENT, NAMES
from ..summaries.telling import WORDS
from ..tables.columns import Column, Labelled
from .datasets import DATASETS


@dataclass(frozen=True)
class CodeList:
    """A vocabulary. `columns` are named `dataset.column`; without `read` the first one has it.

    since, deprecated   as of a column: the version of the API that brought it, and takes it away
    """

    code: str
    label: Any
    columns: tuple[str, ...]
    read: Callable[[], Labelled] | None = None
    since: str = "1"
    deprecated: str | None = None

    def values(self) -> Labelled:
        """Its codes with words, in their order."""
        return self.read() if self.read else _column(self.columns[0]).values


def _column(place: str) -> Column:
    dataset, code = place.split(".")
    return next(column for column in DATASETS[dataset] if column.code == code)


def _missing_columns() -> tuple[str, ...]:
    return tuple(
        f"{name}.{column.code}_missing"
        for name, columns in DATASETS.items()
        for column in columns
        if column.missing
    )


def _themes() -> Labelled:
    return list(Theme.objects.values_list("code", "label"))


def _groups() -> Labelled:
    return list(Group.objects.values_list("code", "name"))


def _figures() -> Labelled:
    """The names of the figures of a summary, in the words of the pages."""
    apart = _("%(figure)s (owed by endorsement)")
    return [
        (name, WORDS[name] if name in WORDS else apart % {"figure": WORDS[_owed(name)]})
        for name in NAMES
    ]


def _owed(name: str) -> str:
    return name.removesuffix(BY_ENDORSEMENT)


CODE_LISTS = [
    CodeList(
        "missing", _("Why a value is missing"), _missing_columns(), lambda: [*REASONS.items()]
    ),
    CodeList("binding", _("Whom a statement binds"), ("statements.binding",)),
    CodeList("clause_kind", _("Kind of clause"), ("commitments.kind",)),
    CodeList("duty", _("Whose duty"), ("commitments.duty",)),
    CodeList("verified_by", _("What tells whether it was done"), ("commitments.verified_by",)),
    CodeList("applies_to", _("Narrower circle of a clause"), ("commitments.applies_to",)),
    CodeList("due_precision", _("Precision of a date"), ("commitments.due_precision",)),
    CodeList("due_modality", _("Firmness of a date"), ("commitments.due_modality",)),
    CodeList("lineage", _("Link to another text"), ("commitments.lineage",)),
    CodeList("theme", _("Theme"), ("commitments.themes",), _themes),
    CodeList("member_kind", _("Kind of member"), ("members.kind", "figures.kind")),
    CodeList("region", _("Region (UN M49)"), ("members.region",)),
    CodeList("group", _("Group of members"), ("members.groups",), _groups),
    CodeList(
        "basis",
        _("Basis of an obligation"),
        ("obligations.basis", "obligations.bases", "progress.basis"),
    ),
    CodeList("round_state", _("State of a round"), ("cycles.state",)),
    CodeList("figure_reason", _("Why a round has no figures"), ("cycles.reason",)),
    CodeList("timeliness", _("Timeliness of a report"), ("reports.timeliness",)),
    CodeList("status", _("Status of an answer"), ("progress.status",)),
    CodeList("verdict", _("Verdict on a target"), ("verdicts.verdict",)),
    CodeList("verdict_reason", _("Why a verdict cannot be told"), ("verdicts.reason",)),
    CodeList("figure", _("Figure of a summary"), ("summaries.figures", "figures.figure"), _figures),
    CodeList("scope_kind", _("What is summed up"), ("figures.scope_kind",)),
    CodeList("out_of", _("What a denominator counts"), ("figures.out_of",)),
    CodeList("dataset", _("Dataset"), ("errata.dataset",)),
]


def list_of(dataset: str, column: str) -> str | None:
    """The code list that this column takes its codes from, if any."""
    place = f"{dataset}.{column}"
    return next((one.code for one in CODE_LISTS if place in one.columns), None)


def code_lists() -> list[dict[str, Any]]:
    """Every code list as plain JSON, in the language that is active."""
    return [
        {
            "code": one.code,
            "label": str(one.label),
            "columns": list(one.columns),
            "since": one.since,
            "deprecated": one.deprecated,
            "values": [
                {"code": code, "label": str(words), "since": one.since, "deprecated": None}
                for code, words in one.values()
            ],
        }
        for one in CODE_LISTS
    ]

"""A trial of rows: what each would do, everything that is wrong, and what a person is asked."""

import hashlib
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from members import rules

from .kinds import Doing, Effect, Kind
from .reading import Row, rows_of


@dataclass
class Trial:
    """What the rows do, and what is wrong with them, by row and column. Row 1 is the header.

    `kept` is true when the rows are stored.
    """

    effects: list[tuple[int, Effect]] = field(default_factory=list)
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    kept: bool = False

    def count(self, deed: str) -> int:
        return sum(effect.deed == deed for _row, effect in self.effects)

    @property
    def doubts(self) -> list[tuple[int, str]]:
        """The rows after which a person is asked whether they are meant so."""
        return [(number, effect.doubt) for number, effect in self.effects if effect.doubt]


def digest(kind: str, text: str) -> str:
    """What tells that the rows to be saved are those that were tried."""
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()


def bring(kind: Kind, text: str, doing: Doing, *, keep: bool, apart: bool = False) -> Trial:
    """Does what the rows say and tells the effect of each that is right, whatever the others are.

    It stands only where `keep` is asked for, no row is wrong, and a person has said (`apart`)
    that what may be meant otherwise is meant as it stands. Else all is undone at the end.
    """
    if not rules.keeps_reference_data(doing.by):
        raise PermissionDenied
    trial = Trial()
    with transaction.atomic():
        for row in rows_of(text, kind.columns):
            _bring_row(kind, row, doing, trial)
        trial.kept = keep and not trial.errors and (apart or not trial.doubts)
        if not trial.kept:
            transaction.set_rollback(True)
    return trial


def _bring_row(kind: Kind, row: Row, doing: Doing, trial: Trial) -> None:
    """Tries one row; of one that is not whole, the cells that can be read are looked at."""
    trial.errors += [(row.number, column, words) for column, words in row.wrong]
    if row.number == 1:
        return
    form = kind.form(row.cells)
    if form.is_valid() and not row.wrong and set(kind.columns) == set(row.cells):
        try:
            with transaction.atomic():
                trial.effects.append((row.number, kind.bring(form.cleaned_data, doing)))
            return
        except ValidationError as error:
            _refused(kind, form, error)
    for name, said in form.errors.items():
        column = "" if name == "__all__" else name
        if column in row.cells or not (column or row.wrong):
            trial.errors += [(row.number, column, words) for words in said]


def _refused(kind: Kind, form: forms.Form, error: ValidationError) -> None:
    """What an action refuses, at the column that its field came from."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in named.items():
        column = kind.called.get(name, name)
        form.add_error(column if column in form.fields else None, errors)

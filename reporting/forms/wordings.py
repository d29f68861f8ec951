"""What the secretariat types to correct a published wording."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from commitments.forms.drafts import DUE, PartForm, Quoted, Versioned, clean_due
from commitments.models import Commitment, Passage
from members.forms.records import Line


class WordingForm(Versioned):
    """The corrected words, the deadline that they print, and why.

    `shown` is set once the difference was looked at.
    """

    lead_in = Quoted(gettext_lazy("Opening words"), rows=2, required=False)
    text = Quoted(gettext_lazy("Its words"), rows=8)
    due_on, due_precision, due_modality = (PartForm.base_fields[name] for name in DUE)
    reason = Line(
        gettext_lazy("Why"),
        help_text=gettext_lazy("What was wrong, and what says so. This is public."),
    )
    shown = forms.RegexField(r"\A[0-9a-f]{64}\Z", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Commitment | Passage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(row, Passage):
            for name in ("lead_in", *DUE):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "due_on" in self.fields:
            clean_due(self, said)
        return said

    def due(self) -> dict[str, Any] | None:
        """The deadline of a clause as it was typed; None for a passage, which has none."""
        said = self.cleaned_data
        return {name: said[name] for name in DUE} if "due_on" in said else None

    def said(self) -> dict[str, Any]:
        """What was typed, as the words of the action."""
        words = {n: value for n, value in self.cleaned_data.items() if n not in (*DUE, "shown")}
        return words | {"due": self.due()}

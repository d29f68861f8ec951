"""What the secretariat types to correct a published wording."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from commitments.forms.drafts import Quoted, Versioned
from commitments.models import Commitment, Passage
from members.forms.records import Line


class WordingForm(Versioned):
    """The corrected words and why. `shown` is set once the difference was looked at."""

    lead_in = Quoted(gettext_lazy("Opening words"), rows=2, required=False)
    text = Quoted(gettext_lazy("Its words"), rows=8)
    reason = Line(
        gettext_lazy("Why"),
        help_text=gettext_lazy("What was wrong, and what says so. This is public."),
    )
    shown = forms.RegexField(r"\A[0-9a-f]{64}\Z", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Commitment | Passage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(row, Passage):
            del self.fields["lead_in"]

    def said(self) -> dict[str, Any]:
        """What was typed, as the words of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "shown"}

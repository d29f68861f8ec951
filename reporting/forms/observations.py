"""What a member tells of one year of an indicator."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .. import definition, observations, words
from . import OpenChoice

ASKED = definition.FIGURE


class ObservationForm(forms.Form):
    """One year: `said()` gives what is told, `base_version` what its writer read."""

    use_required_attribute = False

    state = OpenChoice(
        label=ASKED["state"].label,
        choices=[(choice.value, choice.label) for choice in ASKED["state"].choices],
        widget=forms.RadioSelect,
        required=False,
    )
    value = forms.IntegerField(
        label=ASKED["value"].label,
        help_text=ASKED["value"].hint,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    source = forms.CharField(
        label=ASKED["source"].label,
        help_text=ASKED["source"].hint,
        max_length=words.TITLE_LIMIT,
        required=False,
    )
    note = forms.CharField(
        label=ASKED["note"].label,
        help_text=ASKED["note"].hint,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in observations.BLANK}

    def clean(self) -> dict[str, Any]:
        if any(name in self.errors for name in observations.BLANK):
            return self.cleaned_data
        try:
            observations.clean(self.said())
        except ValidationError as error:
            self.add_error(None, error)
        return self.cleaned_data

"""What a member tells of one year of an indicator."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from .. import observations, words
from ..models import Observation
from . import OpenChoice

State = Observation.State


class ObservationForm(forms.Form):
    """One year: `said()` gives what is told, `base_version` what its writer read."""

    use_required_attribute = False

    state = OpenChoice(
        label=gettext_lazy("What can be told of this year"),
        choices=[
            (State.VALUE.value, gettext_lazy("A number")),
            (State.NOT_AVAILABLE.value, gettext_lazy("Not available")),
            (State.NOT_GIVEN.value, gettext_lazy("Not given yet")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    value = forms.IntegerField(
        label=gettext_lazy("Number"),
        help_text=gettext_lazy("A whole number. 0 is a number: it says that there was none."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy(
            "The title of the record, and who keeps it. Needed beside a number."
        ),
        max_length=words.TITLE_LIMIT,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy(
            "Which definition, where the number is on another one than above; or why there is none."
        ),
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

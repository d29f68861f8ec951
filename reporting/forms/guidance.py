"""What the secretariat types to guide the writers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from .. import words


class GuidanceForm(forms.Form):
    """The guidance on one clause, and the number of the one that its writer read."""

    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("Guidance"),
        help_text=gettext_lazy(
            "What a complete answer says, and where to find it. In Markdown. Leave it empty to "
            "take the guidance away."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
    )
    base_number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        try:
            return words.clean_prose(self.cleaned_data["text"])
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error

    def at_number(self, number: int) -> "GuidanceForm":
        """A form with the same text that knows of the guidance with this number."""
        typed: dict[str, Any] = {"text": self.cleaned_data["text"], "base_number": number}
        return GuidanceForm(initial=typed)

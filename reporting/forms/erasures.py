"""What is to be erased, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.text import normalise


class ErasureForm(forms.Form):
    """The text as it stands, and a reason that stays."""

    text = forms.CharField(
        label=_("The text to erase"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Exactly as it stands, with capital letters and signs; as short as it can be."),
    )
    reason = forms.CharField(
        label=_("Because"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept for good, so it must not hold the text."),
    )

    def clean_text(self) -> str:
        return normalise(self.cleaned_data["text"])

    def clean_reason(self) -> str:
        return normalise(self.cleaned_data["reason"])

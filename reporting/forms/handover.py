"""Who leaves, and who takes its place."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import User


class HandOverForm(forms.Form):
    """A focal point that leaves and its successor, both among the people of one member."""

    use_required_attribute = False

    leaving = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who leaves?"), empty_label="---------"
    )
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who takes over?"),
        help_text=gettext_lazy("A colleague who writes for the member; invite a new one first."),
        empty_label="---------",
    )
    ends = forms.BooleanField(
        label=gettext_lazy("End the role of who leaves, from now on"),
        help_text=gettext_lazy("Nothing is deleted: what was written stays under its name."),
        required=False,
    )

    def __init__(self, *args: Any, leaving: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaving"].queryset = leaving  # type: ignore[attr-defined]
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("to") and found.get("to") == found.get("leaving"):
            self.add_error("to", _("Choose somebody else than who leaves."))
        return found

"""What a person says about a new token of the API."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import ApiToken
from ..text import normalise

LIVES = (30, 90, 365)
WORDS = {
    "named": ("name", _("You have a token of this name. Give another name, or revoke that one.")),
    "full": (None, _("You have five tokens already. Revoke one that is not needed.")),
}


def _lives() -> list[tuple[int, str]]:
    """In the language of whoever is shown the form, not of whoever was the first to ask."""
    return [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in LIVES]


class TokenForm(forms.Form):
    """Name, scope and life of a token."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("What it is for, so that you know it again.")
    )
    scope = forms.ChoiceField(label=_("Scope"), choices=ApiToken.Scope.choices)
    days = forms.TypedChoiceField(
        label=_("Expires after"),
        choices=_lives,
        coerce=int,
        initial=90,
    )

    def clean_name(self) -> str:
        return normalise(self.cleaned_data["name"])

    def is_closed(self, state: str) -> None:
        """Says at its field why no token was made."""
        self.add_error(*WORDS[state])

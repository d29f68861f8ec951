"""What the secretariat asks of its list of people and invitations."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models import F as Field
from django.utils.translation import gettext_lazy as _

from ..models import Invitation, Role, User
from ..text import normalise
from . import named_members
from .picking import MemberPicker

ALL = ("", _("All"))
STATES = [
    ALL,
    ("acting", _("with a role today")),
    ("without", _("without a role today")),
    ("disabled", _("disabled")),
    ("refused", _("mail could not be delivered")),
]


class FindForm(forms.Form):
    """Which people and invitations to list: all that fit everything that was given."""

    q = forms.CharField(label=_("Name, address or member code"), required=False, max_length=100)
    member = MemberPicker(label=_("Member"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[ALL, *Role.Kind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("by name")), ("seen", _("last signed in first"))],
    )
    page = forms.IntegerField(
        min_value=1, max_value=10**6, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = named_members()  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return normalise(self.cleaned_data["q"])

    def people(self, day: dt.date) -> QuerySet[User]:
        """The people asked for, by their roles of this day, in the order asked for."""
        held = Role.objects.in_force(day).filter(user=OuterRef("pk"))
        found = User.objects.matching(self.cleaned_data["q"])
        if wanted := self._wanted():
            found = found.filter(Exists(held.filter(**wanted)))
        if state := self.cleaned_data["state"]:
            found = IN_STATE[state](found, held)
        seen = Field("last_login").desc(nulls_last=True)
        orders = {"": ("name", "email"), "seen": (seen, "email")}
        return found.order_by(*orders[self.cleaned_data["sort"]])

    def invitations(self) -> QuerySet[Invitation]:
        """The invitations without an answer that fit; they have no state to ask for."""
        found = Invitation.objects.unanswered().filter(**self._wanted())
        return found.filter(email__icontains=self.cleaned_data["q"])

    def _wanted(self) -> dict[str, Any]:
        """What a role, or the role that is offered, must say."""
        asked = {"member": self.cleaned_data["member"], "kind": self.cleaned_data["role"]}
        return {name: value for name, value in asked.items() if value}


IN_STATE: dict[str, Callable[[Any, Any], Any]] = {
    "acting": lambda found, held: found.filter(Exists(held), is_active=True),
    "without": lambda found, held: found.filter(~Exists(held), is_active=True),
    "disabled": lambda found, held: found.filter(is_active=False),
    "refused": lambda found, held: found.out_of_reach(),
}

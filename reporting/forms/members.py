"""What the secretariat asks of its list of members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Group, Member
from members.text import normalise

ANY = ("", _("All"))


class MembersForm(forms.Form):
    """Which members to list, in which order: all that fit everything that was given."""

    q = forms.CharField(label=_("Name or code"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Member.Kind.choices])
    region = forms.ChoiceField(
        label=_("Region"), required=False, choices=[ANY, *Member.Region.choices]
    )
    group = forms.ModelChoiceField(
        Group.objects.all(),
        label=_("Group"),
        required=False,
        to_field_name="code",
        empty_label=ANY[1],  # type: ignore[arg-type]
    )
    standing = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[
            ANY,
            ("member", _("member")),
            ("suspended", _("suspended")),
            ("left", _("has left")),
            ("unreachable", _("without a reachable contact")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("by name")), ("code", _("by code")), ("joined", _("newest first"))],
    )
    page = forms.IntegerField(
        min_value=1, max_value=10**6, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].label_from_instance = lambda group: group.name  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return normalise(self.cleaned_data["q"])

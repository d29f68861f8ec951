"""Which two records are one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from members.asking import Question
from members.forms.records import Line, MemberChoice
from members.models import Member

from ..actions.weighing import GOES, STAYS, Difference


class MergeQuestion(Question):
    """Into which record another is to be merged, in the address of the preview."""

    into = MemberChoice(gettext_lazy("The record that stays"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].of(Member.objects.all())  # type: ignore[attr-defined]


class MergeForm(MergeQuestion):
    """What is confirmed: the record that stays, whose facts hold, why, and what was read before.

    `differences` are asked for by their names; `look` asks for these alone.
    """

    use_required_attribute = False

    into = MemberChoice(gettext_lazy("The record that stays"), widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        former: Member,
        into: Member | None,
        differences: Iterable[Difference] = (),
        look: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.apart = [one.name for one in differences]
        for one in differences:
            choices = [(STAYS, f"{into}: {one.stays}"), (GOES, f"{former}: {one.goes}")]
            self.fields[one.name] = forms.ChoiceField(
                label=one.label, choices=choices, widget=forms.RadioSelect
            )
        if not look:
            self.fields["because"] = Line(
                gettext_lazy("Why"),
                help_text=gettext_lazy("How it is known that both are one member."),
            )

    def chosen(self) -> dict[str, str]:
        """Whose value holds, by the name of each difference."""
        return {name: self.cleaned_data[name] for name in self.apart}

"""Which two records are one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from members.asking import Question
from members.forms.records import Line, MemberChoice
from members.models import Member


class MergeQuestion(Question):
    """Into which record another is to be merged, in the address of the preview."""

    into = MemberChoice(gettext_lazy("The record that stays"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].of(Member.objects.all())  # type: ignore[attr-defined]


class MergeForm(MergeQuestion):
    """What is confirmed: the record that stays, why, and what was read before."""

    use_required_attribute = False

    into = MemberChoice(gettext_lazy("The record that stays"), widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    because = Line(
        gettext_lazy("Why"), help_text=gettext_lazy("How it is known that both are one member.")
    )

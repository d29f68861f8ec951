"""What a focal point chooses to ask colleagues: whom, what, until when."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment
from members.actions import language_among
from members.forms import LetterLanguage
from members.models import Invitation, Member, Role, User

from ..questions import Question


def section_key(question: Question) -> str:
    """How a section is named in a form: the code of its statement, and its title."""
    return f"{question.commitment.statement.code}|{question.commitment.section}"


class QuestionsForm(forms.Form):
    """Some of the questions that a report asks, one by one."""

    use_required_attribute = False

    questions = forms.MultipleChoiceField(label=gettext_lazy("Questions"), required=False)

    def __init__(self, *args: Any, asked: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {question.reference: question for question in asked}
        self.fields["questions"].choices = [  # type: ignore[attr-defined]
            (reference, reference) for reference in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen():
            self.add_error("questions", _("Choose at least one question."))
        return found

    def chosen(self) -> list[Commitment]:
        """The clauses that were chosen, in the order of the report."""
        wanted = set(self.cleaned_data.get("questions", []))
        return [q.commitment for q in self.asked.values() if q.reference in wanted]


class DelegateForm(QuestionsForm):
    """Whom to ask, for which sections or single questions, until which day."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Whom do you ask?"), empty_label="---------"
    )
    due_on = forms.DateField(
        label=gettext_lazy("Until which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    apart = forms.BooleanField(
        label=gettext_lazy("Keep what is written apart until I take it over"),
        help_text=gettext_lazy(
            "The answer stays as it is; you are shown the proposal and what differs."
        ),
        required=False,
        initial=True,
    )
    sections = forms.MultipleChoiceField(label=gettext_lazy("Sections"), required=False)
    field_order = ("person", "due_on", "apart", "sections", "questions")

    def __init__(self, *args: Any, people: Any, today: dt.date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.today = today
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["due_on"].widget.attrs |= {"min": today.isoformat()}
        keys = dict.fromkeys(section_key(q) for q in self.asked.values())
        self.fields["sections"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """Of whom, until when, and whether its texts are kept apart: words of `actions.assign`."""
        data = self.cleaned_data
        return {"to": data["person"], "due_on": data["due_on"], "apart": data["apart"]}

    def clean_due_on(self) -> dt.date | None:
        day = self.cleaned_data["due_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day is over."))
        return day

    def chosen(self) -> list[Commitment]:
        sections = set(self.cleaned_data.get("sections", []))
        single = set(self.cleaned_data.get("questions", []))
        return [
            q.commitment
            for q in self.asked.values()
            if q.reference in single or section_key(q) in sections
        ]


class ColleagueForm(forms.Form):
    """The address of a colleague who is to write for the same member."""

    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The person gets a link that is good for seven days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    language = LetterLanguage()

    def __init__(self, *args: Any, member: Member, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.today = member, today
        self.initial["language"] = language_among(member, today)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        offers = Invitation.objects.unanswered().filter(email=email, member=self.member)
        if offers.filter(kind=Role.Kind.CONTRIBUTOR).exists():
            raise forms.ValidationError(_("This person is invited already."))
        held = Role.objects.in_force(self.today).filter(user__email=email, member=self.member)
        if held.exists():
            raise forms.ValidationError(_("This person writes for the member already."))
        return email


class ViewForm(forms.Form):
    """What a contributor is shown; a button says it."""

    shown = forms.ChoiceField(
        choices=[("all", gettext_lazy("All answers")), ("own", gettext_lazy("Only its own"))]
    )


class ProposalForm(forms.Form):
    """What to do with a version of a proposal; a button says it."""

    do = forms.ChoiceField(
        choices=[("take", gettext_lazy("Take it over")), ("aside", gettext_lazy("Set it aside"))]
    )
    proposed = forms.IntegerField(min_value=1)
    base_version = forms.IntegerField(min_value=0)

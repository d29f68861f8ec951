"""What a member asks about its due date, and what the secretariat answers."""

from django import forms
from django.utils.translation import gettext_lazy

from . import Day, Reason


class AskForm(forms.Form):
    """A later day, or none: to be excused from the round."""

    use_required_attribute = False

    wanted_until = Day(
        gettext_lazy("Report by"),
        required=False,
        help_text=gettext_lazy("Empty: you ask to be excused from this round."),
    )
    reason = Reason(gettext_lazy("Why"), gettext_lazy("The secretariat reads it."))


class RefuseForm(forms.Form):
    """Why a request is declined."""

    use_required_attribute = False

    because = Reason(
        gettext_lazy("Why it is declined"),
        gettext_lazy("The member reads it on its pages, not in the mail."),
    )


class RoundExtensionForm(forms.Form):
    """A later due date for all members of a round."""

    use_required_attribute = False

    due_on = Day(gettext_lazy("New due date for all"))
    reason = Reason(gettext_lazy("Reason"), gettext_lazy("It is kept with each decision."))
    sure = forms.BooleanField(label=gettext_lazy("Move the date of every member, and tell each"))

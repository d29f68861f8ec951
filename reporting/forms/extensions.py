"""What the secretariat decides of one member in a round: later, excused, or as before."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Cycle, Extension
from . import Day, Reason


class ExtensionForm(forms.Form):
    """A later due date for one member, an excuse, or that neither holds any more."""

    use_required_attribute = False

    EXTEND, EXCUSE, TAKE_BACK = "extend", "excuse", "take_back"

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (EXTEND, gettext_lazy("The report is due later")),
            (EXCUSE, gettext_lazy("No report is asked of the member in this round")),
            (TAKE_BACK, gettext_lazy("The earlier decision is taken back")),
        ],
        widget=forms.RadioSelect,
    )
    due_on = Day(
        gettext_lazy("New due date"),
        required=False,
        help_text=gettext_lazy("Only for a report that is due later."),
    )
    reason = Reason(gettext_lazy("Reason"), gettext_lazy("It is kept with the decision."))

    def __init__(self, *args: Any, decided: Extension | None, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = decided and (decided.due_on is None or decided.due_on > cycle.due_on)
        decision = self.fields["decision"]
        if (
            isinstance(decision, forms.ChoiceField) and not in_force
        ):  # there is nothing to take back
            decision.choices = [each for each in decision.choices if each[0] != self.TAKE_BACK]

    def clean(self) -> dict[str, Any]:
        """The day and the decision must fit: an excuse by an empty field is none."""
        data = super().clean() or {}
        extends = data.get("decision") == self.EXTEND
        if extends and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Give the day on which the report is due."))
        if data.get("decision") and not extends and data.get("due_on"):
            self.add_error("due_on", _("Leave the day empty, or choose that it is due later."))
        return data

    @property
    def is_excuse(self) -> bool:
        return self.cleaned_data["decision"] == self.EXCUSE

    @property
    def takes_back(self) -> bool:
        return self.cleaned_data["decision"] == self.TAKE_BACK

"""What the secretariat says of a report that came on paper, and the member of what was entered."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from ..models import Report
from . import Day, Reason

ONLINE = Report.Channel.ONLINE
WAYS = [(way.value, capfirst(way.label)) for way in Report.Channel if way != ONLINE]


class EnterForm(forms.Form):
    """How and when a report came."""

    use_required_attribute = False

    received_as = forms.ChoiceField(
        label=gettext_lazy("How it came"), choices=WAYS, widget=forms.RadioSelect
    )
    received_on = Day(
        gettext_lazy("Day of receipt"),
        help_text=gettext_lazy("It decides whether the report came in time."),
    )


class DisputeForm(forms.Form):
    """What was entered wrongly."""

    use_required_attribute = False

    because = Reason(
        gettext_lazy("What is wrong"),
        gettext_lazy("Who entered the report reads it, and corrects the answers with you."),
    )

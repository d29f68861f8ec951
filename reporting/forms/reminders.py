"""What the secretariat types about reminders: a trial, and the plan of a round."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.languages import long_date

from ..models import Contact, Cycle, Milestone
from ..reminders import Plan, PlannedMilestone, Trial, as_planned

MOST_DAYS, MOST_MILESTONES = 365, 20
REACHES = [
    (Contact.FOCAL_POINT, gettext_lazy("The focal points")),
    (Contact.SECOND, gettext_lazy("Without a sign: also the second contacts")),
    (Contact.SECRETARIAT, gettext_lazy("Without a sign: also the secretariat")),
]


class MilestoneField(forms.ModelChoiceField):
    """One of the default milestones, told in words."""

    def label_from_instance(self, milestone: Milestone) -> str:
        return as_planned(milestone).words


# What is tried together, and what to say where one of the two is not given.
TOGETHER = [
    (
        "milestone",
        "offset_days",
        gettext_lazy("A milestone is tried with its days, in every round: give both, or neither."),
    ),
    (
        "cycle",
        "due_on",
        gettext_lazy("A round is tried with another due day: give both, or neither."),
    ),
]


class TrialForm(forms.Form):
    """Another day for a milestone or a round, to see what it would change."""

    milestone = MilestoneField(
        Milestone.objects.filter(plan=None),
        label=gettext_lazy("Milestone"),
        to_field_name="kind",
        required=False,
    )
    offset_days = forms.IntegerField(
        label=gettext_lazy("Days after its day (negative: before)"),
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        required=False,
    )
    cycle = forms.ModelChoiceField(
        Cycle.objects.all(), label=gettext_lazy("Round"), to_field_name="code", required=False
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for what, when, words in TOGETHER:
            if self.errors:
                break
            if (data.get(what) is None) != (data.get(when) is None):
                missing = what if data.get(what) is None else when
                self.add_error(missing, words)
        cycle, due_on = data.get("cycle"), data.get("due_on")
        if cycle and due_on and not cycle.opens_on < due_on < cycle.closes_on:
            days = {
                "code": cycle,
                "opens": long_date(cycle.opens_on),
                "closes": long_date(cycle.closes_on),
            }
            outside = _(
                "Round %(code)s is open from %(opens)s to %(closes)s: it is due in between."
            )
            self.add_error("due_on", outside % days)
        return data

    def trial(self) -> Trial:
        return Trial(**self.cleaned_data)


class MilestoneRow(forms.Form):
    """One milestone of a plan; a row without a number of days is none."""

    use_required_attribute = False

    kind = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.HiddenInput,
        validators=[RegexValidator("^[a-z0-9_]+$")],
    )
    offset_days = forms.IntegerField(
        label=gettext_lazy("Days after (negative: before)"),
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        required=False,
    )
    relative_to = forms.ChoiceField(
        label=gettext_lazy("Counted from"),
        choices=Milestone.RelativeTo.choices,
        initial=Milestone.RelativeTo.DUE,
    )
    reaches = forms.ChoiceField(label=gettext_lazy("Goes to"), choices=REACHES)
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = data.get("offset_days") is not None or "offset_days" in self.errors
        if data.get("kind") and not given and not data.get("remove"):
            self.add_error("offset_days", _("Say how many days, or remove the milestone."))
        return data

    def milestone(self, place: int) -> PlannedMilestone | None:
        """The milestone that the row describes, or None for an empty or a removed one."""
        data = self.cleaned_data  # empty where nothing was changed in a row to be added
        if data.get("remove") or data.get("offset_days") is None:
            return None
        kind = data["kind"] or f"new_{place}"
        return PlannedMilestone(kind, data["relative_to"], data["offset_days"], data["reaches"])


class _Rows(forms.BaseFormSet):
    def clean(self) -> None:
        if any(self.errors):
            return
        milestones = self.milestones()
        for words, values in (
            (_("Two milestones fall on the same day."), [m.order for m in milestones]),
            (_("The same milestone stands here twice."), [m.kind for m in milestones]),
        ):
            if len(set(values)) < len(values):
                raise forms.ValidationError(words)

    def milestones(self) -> list[PlannedMilestone]:
        found = (row.milestone(place) for place, row in enumerate(self.forms))
        return sorted((m for m in found if m), key=lambda m: m.order)


Rows = forms.formset_factory(
    MilestoneRow, formset=_Rows, extra=2, max_num=MOST_MILESTONES, absolute_max=MOST_MILESTONES + 2
)


class PlanForm:
    """The plan of a round as a table of rows; saved only as it was seen in the rehearsal.

    `version` is the one that its writer read. `seen` names the plan whose effects were shown.
    """

    def __init__(self, sent: Any, *, in_force: Plan, version: int) -> None:
        self.sent = sent
        initial = [asdict(milestone) for milestone in sorted(in_force, key=lambda m: m.order)]
        self.rows = Rows(sent, initial=initial, prefix="m")
        self.version = version if sent is None else _number(sent.get("version"))

    def is_valid(self) -> bool:
        return self.sent is not None and self.rows.is_valid() and self.version is not None

    @property
    def milestones(self) -> list[PlannedMilestone]:
        return self.rows.milestones()  # type: ignore[attr-defined]

    @property
    def seen(self) -> str:
        """A digest of what is to be saved."""
        rows = [asdict(milestone) for milestone in self.milestones]
        return hashlib.sha256(json.dumps([self.version, rows]).encode()).hexdigest()

    def is_confirmed(self) -> bool:
        """Does its writer want to save exactly what was shown?"""
        return "save" in self.sent and self.sent.get("seen") == self.seen


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None

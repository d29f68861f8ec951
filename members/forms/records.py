"""What the secretariat types into a member's record: one form for each dated fact."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Group, GroupMember, Member, Name, Suspension, TreatyFact
from ..registry_files import MEMBER_CODE
from ..text import normalise
from .picking import MemberPicker

SOURCE = gettext_lazy("The letter, decision or page that says so, with its date.")


class Line(forms.CharField):
    """A text of one line."""

    def __init__(self, label: Any, *, most: int = 300, **kwargs: Any) -> None:
        super().__init__(label=label, max_length=most, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return " ".join(normalise(text).split()) if text else ""


class Prose(forms.CharField):
    """A text of several lines."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
        super().__init__(label=label, max_length=5000, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value))


class Day(forms.DateField):
    """A day, written as the browser's calendar does."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class RecordForm(forms.Form):
    """A form about one member. `version` is that of the record as its writer saw it."""

    use_required_attribute = False
    version = forms.IntegerField(
        label="version", min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.about(member)

    def about(self, member: Member) -> None:
        """Fills choices and first values from the record; for the forms that need it."""

    def said(self) -> dict[str, Any]:
        """What was typed, as the words of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class FactForm(RecordForm):
    """A day and what says so."""

    on = Day(gettext_lazy("Day"))
    source = Line(gettext_lazy("Source"), help_text=SOURCE)


class OpenFactForm(FactForm):
    """A day that may be unknown or taken back; with a day there must be a source."""

    on = Day(gettext_lazy("Day"), required=False)
    source = Line(gettext_lazy("Source"), help_text=SOURCE, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("on") and not found.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say what gives this day."))
        return found


class JoinForm(OpenFactForm):
    def about(self, member: Member) -> None:
        self.initial.update(on=member.joined_on, source=member.joined_source)
        self.fields["on"].help_text = _("Without a day it counts as a member from the beginning.")


class LeaveForm(OpenFactForm):
    def about(self, member: Member) -> None:
        self.initial.update(on=member.left_on, source=member.left_source)
        first = _("The first day on which it is no member.")
        again = _("It has left: another day corrects that one, and no day takes the leaving back.")
        self.fields["on"].help_text = f"{first} {again}" if member.left_on else first


class NoteForm(RecordForm):
    note = Prose(gettext_lazy("Note shown wherever the name is shown"), required=False)

    def about(self, member: Member) -> None:
        self.initial["note"] = member.note


class MemberChoice(MemberPicker):
    """One of the members, typed or chosen, in the order of their names."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)

    def of(self, members: Any) -> None:
        self.queryset = members.named(timezone.now().date()).order_by("display_name", "code")


class RegionForm(RecordForm):
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), choices=[("", "–"), *Member.Region.choices], required=False
    )
    region_source = Line(gettext_lazy("Source of the region"), most=40, required=False)

    def about(self, member: Member) -> None:
        self.initial.update(region=member.region, region_source=member.region_source)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("region") and not found.get("region_source"):
            self.add_error("region_source", _("Say what gives this region."))
        return found


class SucceedForm(FactForm):
    former = MemberChoice(gettext_lazy("The member whose place it takes"))
    joins = forms.TypedChoiceField(
        label=gettext_lazy("Was it a member before?"),
        choices=[
            ("no", gettext_lazy("No, it becomes one on this day")),
            ("yes", gettext_lazy("Yes, and it goes on as one: the day it joined stays")),
        ],
        coerce=lambda said: said == "no",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    field_order = ("former", "joins", "on", "source")

    def about(self, member: Member) -> None:
        self.fields["former"].of(Member.objects.exclude(pk=member.pk))  # type: ignore[attr-defined]


class TimeOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        until = obj.until.isoformat() if obj.until else ""
        return f"{obj.get_kind_display()}: {obj.since.isoformat()} – {until}"


class StrikeTimeForm(RecordForm):
    time = TimeOfMember(Suspension.objects.none(), label=gettext_lazy("What was wrong"))

    def about(self, member: Member) -> None:
        self.fields["time"].queryset = member.suspensions.all()  # type: ignore[attr-defined]


ONE_TIME = ("since", "source", "until", "end_source")


class CorrectTimeForm(StrikeTimeForm):
    since = Day(gettext_lazy("First day on which it was none"))
    source = Line(gettext_lazy("Source"), help_text=SOURCE)
    until = Day(gettext_lazy("First day on which it was one again"), required=False)
    end_source = Line(gettext_lazy("Source of the end"), required=False)

    def about(self, member: Member) -> None:
        super().about(member)
        times = list(member.suspensions.all())
        if len(times) == 1:  # of several, none can be filled in before it is chosen
            facts = {name: getattr(times[0], name) for name in ONE_TIME}
            self.initial.update(facts, time=times[0].pk)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("until") and not found.get("end_source") and "end_source" not in self.errors:
            self.add_error("end_source", _("Say what gives this day."))
        return found


class RelateForm(RecordForm):
    part_of = MemberChoice(gettext_lazy("Part of"), required=False)
    reports_through = MemberChoice(
        gettext_lazy("Reports through"),
        required=False,
        help_text=gettext_lazy("It is then in no count of those that report."),
    )

    def about(self, member: Member) -> None:
        for name in ("part_of", "reports_through"):
            self.fields[name].of(Member.objects.exclude(pk=member.pk))  # type: ignore[attr-defined]
            self.initial[name] = held.code if (held := getattr(member, name)) else ""


class NameForm(RecordForm):
    text = Line(gettext_lazy("Name"), most=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Name.Kind.choices, required=False)
    since = Day(
        gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Without a day it counts as known from the beginning."),
    )
    source = Line(gettext_lazy("Source"), most=200, help_text=SOURCE)


class NameOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.text}, {obj.get_kind_display()}"


class CorrectNameForm(NameForm):
    name = NameOfMember(Name.objects.none(), label=gettext_lazy("Which name was typed wrong"))
    field_order = ("name", "text", "kind", "since", "source")

    def about(self, member: Member) -> None:
        self.fields["name"].queryset = member.names.filter(statement="")  # type: ignore[attr-defined]


class GroupChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlaceForm(RecordForm):
    group = GroupChoice(
        Group.objects.all(), label=gettext_lazy("Group"), to_field_name="code", empty_label=None
    )
    role = Line(gettext_lazy("Role"), most=40, help_text=gettext_lazy("Such as member or chair."))
    since = Day(gettext_lazy("Since"), required=False)
    source = Line(gettext_lazy("Source"), most=200, help_text=SOURCE)


class PlaceOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.group.name}: {obj.role}"


class EndPlaceForm(RecordForm):
    place = PlaceOfMember(GroupMember.objects.none(), label=gettext_lazy("Place"))
    until = Day(
        gettext_lazy("Until"), help_text=gettext_lazy("The first day on which it has no place.")
    )
    source = Line(gettext_lazy("Source"), most=200, help_text=SOURCE)

    def about(self, member: Member) -> None:
        places = member.places.select_related("group")
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class TreatyForm(FactForm):
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=TreatyFact.Stage.choices)
    field_order = ("stage", "on", "source")


class FactOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_stage_display()}, {obj.on.isoformat()}"


class StrikeTreatyForm(RecordForm):
    fact = FactOfMember(TreatyFact.objects.none(), label=gettext_lazy("What was wrong"))

    def about(self, member: Member) -> None:
        self.fields["fact"].queryset = member.treaty_facts.all()  # type: ignore[attr-defined]


class AdmitForm(forms.Form):
    """A new member. Its day is needed: a member without one counts from the beginning."""

    use_required_attribute = False
    code = Line(
        gettext_lazy("Code"),
        most=12,
        help_text=gettext_lazy("Capital letters: of ISO 3166 for a government, else its own."),
    )
    name = Line(gettext_lazy("Name"), most=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Member.Kind.choices)
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), choices=[("", "–"), *Member.Region.choices], required=False
    )
    region_source = Line(gettext_lazy("Source of the region"), most=40, required=False)
    joined_on = Day(gettext_lazy("Joined on"))
    joined_source = Line(gettext_lazy("Source of the joining"), help_text=SOURCE)
    apart = forms.BooleanField(
        label=gettext_lazy("It is another member than those that this name may mean"),
        required=False,
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).upper()
        if not re.fullmatch(MEMBER_CODE, code):
            raise forms.ValidationError(_("This is not written as such a code is."))
        return code

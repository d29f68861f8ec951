"""What the secretariat types about a member's place under statements, and about meetings."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.records import SOURCE, Day, FactForm, Line, OpenFactForm, Prose, RecordForm
from members.models import Member

from ..models import Meeting, Participation, Signature, Statement


class StatementChoice(forms.ModelChoiceField):
    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, label=_("Statement"), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code}: {obj.title}"


class AccedeForm(FactForm):
    statement = StatementChoice(Statement.objects.filter(binding="signature"))
    printed = Line(
        _("Name as it is printed there"),
        most=200,
        help_text=_("A quotation: exactly as the instrument writes it, and never corrected."),
    )
    source = Line(_("Source"), most=200, help_text=_("The instrument of accession, with its date."))
    field_order = ("statement", "printed", "on", "source")


class SignatureOfMember(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        days = " – ".join(str(day) for day in (obj.signed_on, obj.withdrawn_on) if day)
        return f"{obj.statement.code}: {obj.name.text}, {days}"


class WithdrawForm(FactForm):
    signature = SignatureOfMember(Signature.objects.none(), label=_("Signature"))
    source = Line(
        _("Source"), most=200, help_text=_("The instrument of withdrawal, with its date.")
    )
    field_order = ("signature", "on", "source")

    def about(self, member: Member) -> None:
        standing = member.signatures.filter(withdrawn_on=None)
        self.fields["signature"].queryset = standing.select_related("statement", "name")  # type: ignore[attr-defined]


class CorrectAccessionForm(FactForm):
    signature = SignatureOfMember(Signature.objects.none(), label=_("Accession"))
    source = Line(_("Source"), most=200, help_text=_("The instrument of accession, with its date."))
    field_order = ("signature", "on", "source")

    def about(self, member: Member) -> None:
        dated = member.signatures.filter(signed_on_inferred=False)
        _offer(self, dated, "signed_on", "source_note")


class CorrectWithdrawalForm(OpenFactForm):
    signature = SignatureOfMember(Signature.objects.none(), label=_("Withdrawal"))
    source = Line(_("Source"), most=200, help_text=SOURCE, required=False)
    field_order = ("signature", "on", "source")

    def about(self, member: Member) -> None:
        self.fields["on"].help_text = _("Empty it to take the withdrawal back.")
        ended = member.signatures.filter(withdrawn_on__isnull=False)
        _offer(self, ended, "withdrawn_on", "withdrawal_source")


def _offer(form: FactForm, signatures: Any, day: str, source: str) -> None:
    """Offers these signatures; what is recorded of the only one stands in the form already."""
    found = list(signatures.select_related("statement", "name"))
    form.fields["signature"].queryset = signatures.select_related("statement", "name")  # type: ignore[attr-defined]
    if len(found) == 1:
        facts = {"on": getattr(found[0], day), "source": getattr(found[0], source)}
        form.initial.update(facts, signature=found[0].pk)


class PositionForm(RecordForm):
    statement = StatementChoice(Statement.objects.all())
    on_endorsement = forms.BooleanField(
        label=_("It is about the reading that this text takes on the one it endorses"),
        required=False,
    )
    text = Prose(_("What the member has said"), help_text=_("In its own words, to be published."))
    on = Day(_("Day"))
    source = Line(_("Source"))


class AboutMeeting(forms.Form):
    """A form about one meeting, or a new one. `version` is that which its writer saw."""

    use_required_attribute = False
    version = forms.IntegerField(
        label="version", min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting:
            self.about(meeting)

    def about(self, meeting: Meeting) -> None:
        """Fills choices and first values from what is recorded; for the forms that need it."""

    def said(self) -> dict[str, Any]:
        """What was typed, as the words of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MeetingForm(AboutMeeting):
    title = Line(_("Title"), most=200, help_text=_("As its papers call it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    begins_on = Day(_("First day"))
    ends_on = Day(_("Last day"))
    place = Line(_("Place"), most=100, required=False)
    link = Line(
        _("Link"),
        most=500,
        required=False,
        help_text=_("A public page about it that begins with https://. We never open it."),
    )
    statement = StatementChoice(
        Statement.objects.all(),
        required=False,
        help_text=_("The text that was adopted there, if any."),
    )
    source = Line(_("Source"), most=200, help_text=SOURCE)

    def about(self, meeting: Meeting) -> None:
        for name in ("title", "kind", "begins_on", "ends_on", "place", "link", "source"):
            self.initial.setdefault(name, getattr(meeting, name))
        self.initial.setdefault("statement", meeting.statement.code if meeting.statement else "")

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("The link must begin with https://"))
        if link and "@" in link:
            raise forms.ValidationError(_("The link must not hold a user name or password."))
        if link:
            forms.URLField(assume_scheme="https").clean(link)
        return link


class CancelForm(AboutMeeting):
    because = Line(_("Why"), most=300, help_text=_("This is public: calendars show it."))


class Attending(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} ({obj.code})"


class AttendanceForm(AboutMeeting):
    members = Attending(
        Member.objects.none(),
        label=_("Members that took part"),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    source = Line(_("Source"), most=200, help_text=SOURCE)

    def about(self, meeting: Meeting) -> None:
        others = Member.objects.exclude(participations__meeting=meeting)
        named = others.named(timezone.now().date()).order_by("display_name", "code")
        self.fields["members"].queryset = named  # type: ignore[attr-defined]


class Attended(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.member.code)


class StrikeForm(AboutMeeting):
    participation = Attended(Participation.objects.none(), label=_("Member"))
    because = Line(_("What was wrong"), most=200)

    def about(self, meeting: Meeting) -> None:
        present = meeting.participations.select_related("member").order_by("member__code")
        self.fields["participation"].queryset = present  # type: ignore[attr-defined]

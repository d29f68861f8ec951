"""What the secretariat types about a member's place under statements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.records import Day, FactForm, Line, Prose, RecordForm
from members.models import Member

from .models import Signature, Statement


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
        return f"{obj.statement.code}: {obj.name.text}"


class WithdrawForm(FactForm):
    signature = SignatureOfMember(Signature.objects.none(), label=_("Signature"))
    source = Line(
        _("Source"), most=200, help_text=_("The instrument of withdrawal, with its date.")
    )
    field_order = ("signature", "on", "source")

    def about(self, member: Member) -> None:
        standing = member.signatures.select_related("statement", "name")
        self.fields["signature"].queryset = standing  # type: ignore[attr-defined]


class PositionForm(RecordForm):
    statement = StatementChoice(Statement.objects.all())
    on_endorsement = forms.BooleanField(
        label=_("It is about the reading that this text takes on the one it endorses"),
        required=False,
    )
    text = Prose(_("What the member has said"), help_text=_("In its own words, to be published."))
    on = Day(_("Day"))
    source = Line(_("Source"))

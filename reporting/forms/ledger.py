"""What the secretariat asks of the ledger of messages."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.picking import MemberPicker
from members.models import Member, Message
from members.text import normalise

from ..rehearsal import REHEARSAL

STATES = {
    Message.State.DEAD: _("not delivered"),
    Message.State.PENDING: _("pending"),
    Message.State.LEASED: _("about to be sent"),
    Message.State.HANDING: _("being handed over"),
    Message.State.SENT: _("sent"),
    Message.State.DROPPED: _("no longer due"),
}
KINDS: dict[str, Any] = {
    Message.Kind.REMINDER: _("reminder"),
    Message.Kind.WORKFLOW: _("about a report or a round"),
    Message.Kind.ACCOUNT: _("about an account"),
    REHEARSAL: _("rehearsal of a reminder"),
}


def kind_of(message: Message) -> Any:
    """What sort of message it is, in words; a rehearsal tells of no report."""
    return KINDS[REHEARSAL if message.about == REHEARSAL else Message.Kind(message.kind)]


class Day(forms.DateField):
    def __init__(self, label: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget)


class LedgerForm(forms.Form):
    """Which messages of the outbox to show: all that fit everything that was given."""

    to = forms.CharField(label=_("Address or name"), max_length=254, required=False)
    subject = forms.CharField(label=_("Words in the subject"), max_length=200, required=False)
    member = MemberPicker(label=_("Member"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *KINDS.items()]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *STATES.items()]
    )
    since = Day(_("Written since"))
    until = Day(_("Written until"))
    page = forms.IntegerField(
        min_value=1, max_value=10**6, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Member.objects.named(timezone.now().date()).order_by("display_name")
        self.fields["member"].queryset = members  # type: ignore[attr-defined]

    def clean_to(self) -> str:
        return normalise(self.cleaned_data["to"]).strip()

    def clean_subject(self) -> str:
        return normalise(self.cleaned_data["subject"]).strip()

    def found(self) -> QuerySet[Message]:
        """The messages asked for, in no order; none when the question makes no sense."""
        if not self.is_valid():
            return Message.objects.none()
        asked = self.cleaned_data
        wanted = Q()
        if asked["to"]:
            wanted &= Q(to__icontains=asked["to"]) | Q(person__name__icontains=asked["to"])
        if asked["member"]:  # of a code like GB-EAW every sign stands for itself
            wanted &= Q(about__regex=rf"(^| )[0-9]+-{asked['member'].code}( |$)")
        if asked["kind"]:
            rehearsed = Q(about=REHEARSAL)
            real = Q(kind=asked["kind"]) & ~rehearsed
            wanted &= rehearsed if asked["kind"] == REHEARSAL else real
        for field, lookup in LOOKUPS.items():
            if asked[field]:
                wanted &= Q(**{lookup: asked[field]})
        return Message.objects.filter(wanted)


LOOKUPS = {
    "subject": "subject__icontains",
    "state": "state",
    "since": "created_at__date__gte",
    "until": "created_at__date__lte",
}

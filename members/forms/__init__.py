"""What people type about themselves and about those whom they invite."""

import datetime as dt
import zoneinfo
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import languages, rules
from ..models import Invitation, Member, Role, User
from ..text import normalise
from .picking import MemberPicker

CONTINENTS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/"),
)


def time_zones() -> list[tuple[str, str]]:
    """Every place of the time zone database, UTC first."""
    places = sorted(z for z in zoneinfo.available_timezones() if z.startswith(CONTINENTS))
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *places]]


class PersonForm(forms.ModelForm):
    """What a person says about itself."""

    language = forms.ChoiceField(label=_("Language of the pages and of your mails"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        labels = {"name": _("Your name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def clean_language(self) -> str:
        """The language chosen; where none is told, the one before."""
        return self.cleaned_data["language"] or str(
            self.get_initial_for_field(self.fields["language"], "language")
        )


class JoinForm(PersonForm):
    """Name, language, time zone and password of an invited person who is new here."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Three or four unusual words do well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if password := found.get("password"):
            try:
                validate_password(password, User(email=self.instance.email, name=found.get("name")))
            except forms.ValidationError as refused:
                self.add_error("password", refused)
        return found


def named_members() -> QuerySet[Member]:
    """All members by today's name, for a list to choose from."""
    return Member.objects.named(timezone.now().date()).order_by("display_name")


class LetterLanguage(forms.ChoiceField):
    """The language in which an invited person is written to; left open, that of its colleagues."""

    def __init__(self) -> None:
        super().__init__(label=_("Language of the mail"), choices=self.offered, required=False)

    @staticmethod
    def offered() -> list[tuple[str, Any]]:
        open_ = _("That of most who act for the member, English where nobody does")
        return [("", open_), *languages.choices()]


class RoleForm(forms.Form):
    """A kind of role and, for those who act for a member, the member."""

    kind = forms.ChoiceField(label=_("Role"))
    member = MemberPicker(
        label=_("Member"),
        required=False,
        help_text=_("For focal points and contributors."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(k.value, k.label) for k in Role.Kind if rules.can_give(by, k, None)]
        self.fields["kind"].choices = [("", "---------"), *offered]  # type: ignore[attr-defined]
        self.fields["member"].queryset = named_members()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        kind, member = found.get("kind"), found.get("member")
        if kind in Role.OF_A_MEMBER and not member and "member" not in self.errors:
            self.add_error("member", _("Choose the member that this person acts for."))
        if kind and kind not in Role.OF_A_MEMBER:
            found["member"] = None
        return found


class InviteForm(RoleForm):
    """Whom to invite, as what, and on whose letter."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    nominated_by = forms.CharField(
        label=_("Nominated by"),
        max_length=200,
        required=False,
        help_text=_("Who signed the letter of nomination. A focal point has one."),
    )
    nominated_on = forms.DateField(
        label=_("Date of the letter"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    nomination = forms.CharField(label=_("Its reference"), max_length=200, required=False)
    language = LetterLanguage()
    field_order = (
        "email",
        "kind",
        "member",
        "language",
        "nominated_by",
        "nominated_on",
        "nomination",
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_nomination(self) -> str:
        return normalise(self.cleaned_data["nomination"])

    def clean_nominated_by(self) -> str:
        return normalise(self.cleaned_data["nominated_by"])

    def clean_nominated_on(self) -> dt.date | None:
        day = self.cleaned_data["nominated_on"]
        if day and day > timezone.now().date():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        offer = {name: found.get(name) for name in ("email", "kind", "member")}
        if not self.errors and Invitation.objects.unanswered().filter(**offer).exists():
            again = _("This person is invited as that already. Send the invitation again instead.")
            self.add_error("email", again)
        held = Role.objects.in_force(timezone.now().date())
        same = held.filter(user__email=offer.pop("email"), **offer)
        if not self.errors and same.exists():
            self.add_error("email", _("This person has that role already."))
        self._ask_for_the_letter(found)
        return found

    def _ask_for_the_letter(self, found: dict[str, Any]) -> None:
        if found.get("kind") != Role.Kind.FOCAL_POINT:
            return
        for name in ("nominated_by", "nominated_on"):
            if not found.get(name) and name not in self.errors:
                self.add_error(name, _("A focal point is invited on a letter: say which."))


class ActiveForm(forms.Form):
    """Whether a person may sign in; a button says it, and nothing else counts as a no."""

    active = forms.ChoiceField(choices=[("yes", _("Enable")), ("no", _("Disable"))])


class FreezeForm(forms.Form):
    """Which member to freeze, and why."""

    member = MemberPicker(label=_("Member"))
    because = forms.CharField(label=_("Because"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = named_members()  # type: ignore[attr-defined]

    def clean_because(self) -> str:
        return normalise(self.cleaned_data["because"])


class CalendarForm(forms.Form):
    """What to do with the address of a person's own calendar; a button says it."""

    do = forms.ChoiceField(choices=[("make", _("Make an address")), ("revoke", _("Close"))])


class WhoForm(forms.Form):
    """Which demonstration person to be."""

    who = forms.ModelChoiceField(User.objects.none(), to_field_name="email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.demonstration()
        self.fields["who"].queryset = people  # type: ignore[attr-defined]


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LostPasswordForm(ResetPasswordForm):
    """The address to which the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

"""What a visitor may ask in the address of a public page."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment, Statement, Theme
from members.api.parameters import Moment
from members.asking import Question, asking
from members.languages import isolated, said
from members.models import Group, Member
from members.templatetags.look import ANSWERED, STATUS_WORDS
from members.text import normalise

from ...models import Cycle

__all__ = ["Question", "asking"]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Words(forms.CharField):
    """A few words to look for, as a person types them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Words"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"type": "search"}),
        )

    def clean(self, value: Any) -> str:
        return normalise(super().clean(value))


class Choices(forms.Select):
    """A list that Django does not read once more to see whether it could be required: never."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class Code(forms.ChoiceField):
    """One of the codes of the register, offered with its name; read once by each question."""

    widget = Choices

    def __init__(self, label: Any, every: Any, source: Callable[[], Any]) -> None:
        super().__init__(label=label, required=False)
        self.every, self.source = every, source

    def __deepcopy__(self, memo: dict[int, Any]) -> "Code":
        copied: Code = super().__deepcopy__(memo)
        copied.choices = [("", self.every), *self.source()]
        return copied


def statements_by_place() -> list[tuple[str, str]]:
    """The code of each statement, and the words it is offered with."""
    rows = Statement.objects.values_list("code", "place")
    return [(code, f"{isolated(code)}, {said(place)}") for code, place in rows]


def themes_by_name() -> list[tuple[str, str]]:
    """The code of each theme, and its name."""
    return [(theme.code, said(theme.label)) for theme in Theme.objects.all()]


class Day(forms.DateField):
    """A day as YYYY-MM-DD and in no other way, as the API takes it; none that is still to come."""

    default_error_messages = {"invalid": gettext_lazy("A day that exists, as YYYY-MM-DD.")}

    def __init__(self, label: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, str) and value and not DAY.fullmatch(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(value)
        if day and day > timezone.now().date():
            raise forms.ValidationError(_("That day has not come yet."))
        return day


class RegisterQuestion(Question):
    """As of which day the register is looked at; a page without another question takes this."""

    as_of = Day(gettext_lazy("As it stood on"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["as_of"] = self.fields.pop("as_of")  # after what the page itself asks

    @property
    def stood(self) -> dt.date | None:
        """The day asked for; None for today."""
        return getattr(self, "cleaned_data", {}).get("as_of")

    @property
    def moment(self) -> Moment:
        """The day, and the instant, at which the page holds: as the API reads `as_of`."""
        return Moment(timezone.now(), self.stood)

    @property
    def kept(self) -> str:
        """What an address takes along, so that the next page shows the same day."""
        return f"?as_of={self.stood}" if self.stood else ""

    @property
    def also(self) -> str:
        """The same for an address that asks something else already."""
        return f"&as_of={self.stood}" if self.stood else ""

    @property
    def others(self) -> list[tuple[str, Any]]:
        """What else was asked; not the page of a list, which another day may not have."""
        apart = ("as_of", "page")
        return [(n, self.asked(n)) for n in self.fields if n not in apart and self.asked(n)]

    @property
    def today(self) -> str:
        """The query of the same page today."""
        return f"?{urlencode(self.others)}" if self.others else ""


class MemberQuestion(RegisterQuestion):
    """Which members to list."""

    kind = Code(gettext_lazy("Kind"), gettext_lazy("All kinds"), lambda: Member.Kind.choices)
    region = Code(
        gettext_lazy("Region"), gettext_lazy("All regions"), lambda: Member.Region.choices
    )
    statement = Code(
        gettext_lazy("Stands under"), gettext_lazy("Any statement"), statements_by_place
    )
    group = Code(
        gettext_lazy("Group"),
        gettext_lazy("Any group"),
        lambda: [(group.code, said(group.name)) for group in Group.objects.all()],
    )
    q = Words()


class CommitmentQuestion(RegisterQuestion):
    """Which clauses to list."""

    statement = Code(gettext_lazy("Statement"), gettext_lazy("All statements"), statements_by_place)
    theme = Code(gettext_lazy("Theme"), gettext_lazy("All themes"), themes_by_name)
    kind = Code(gettext_lazy("Kind"), gettext_lazy("All kinds"), lambda: Commitment.Kind.choices)
    duty = Code(gettext_lazy("Duty"), gettext_lazy("Any duty"), lambda: Commitment.Duty.choices)
    q = Words()


def rounds_by_code() -> list[tuple[str, str]]:
    """The code of each round, which is its name as well."""
    return [(code, code) for code in Cycle.objects.values_list("code", flat=True)]


class MatrixQuestion(RegisterQuestion):
    """Which rows and columns of the matrix to show, and of which round."""

    statement = Code(gettext_lazy("Statement"), gettext_lazy("All statements"), statements_by_place)
    theme = Code(gettext_lazy("Theme"), gettext_lazy("All themes"), themes_by_name)
    kind = Code(gettext_lazy("Kind"), gettext_lazy("All kinds"), lambda: Member.Kind.choices)
    region = Code(
        gettext_lazy("Region"), gettext_lazy("All regions"), lambda: Member.Region.choices
    )
    cycle = Code(gettext_lazy("Round"), gettext_lazy("Newest published"), rounds_by_code)


class MapQuestion(Question):
    """What the map of the front page shades."""

    shade = forms.ChoiceField(
        label=gettext_lazy("Shade by"),
        required=False,
        choices=[
            ("", gettext_lazy("statements signed")),
            ("reported", gettext_lazy("published report")),
            ("on_time", gettext_lazy("report in time")),
        ],
    )


class PageNumber(forms.IntegerField):
    """Which page of a long list; links ask for it, no field of a form."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Page"),
            required=False,
            min_value=1,
            max_value=9999,
            widget=forms.HiddenInput,
        )


class SearchQuestion(RegisterQuestion):
    """Words to look for in the whole register, and which page of the answers that hold them."""

    page = PageNumber()

    q = Words()


class MemberPageQuestion(RegisterQuestion):
    """Which statement's answers to show on a member's page."""

    statement = Code(gettext_lazy("Statement"), gettext_lazy("All statements"), statements_by_place)


class DayQuestion(Question):
    """The day at whose end something was shown."""

    as_of = Day(gettext_lazy("Day"))

    def clean_as_of(self) -> dt.date:
        """The day asked for, today without one."""
        return self.cleaned_data["as_of"] or timezone.now().date()


class YearQuestion(Question):
    """Which year to list."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), required=False, min_value=2000, max_value=9999
    )


class CommitmentPageQuestion(RegisterQuestion):
    """Which of the published answers to one clause to show, and which page of them."""

    page = PageNumber()

    cycle = Code(gettext_lazy("Round"), gettext_lazy("All rounds"), rounds_by_code)
    status = Code(
        gettext_lazy("Status"),
        gettext_lazy("All statuses"),
        lambda: [(status, STATUS_WORDS[status]) for status in ANSWERED],
    )
    kind = Code(gettext_lazy("Kind"), gettext_lazy("All kinds"), lambda: Member.Kind.choices)
    region = Code(
        gettext_lazy("Region"), gettext_lazy("All regions"), lambda: Member.Region.choices
    )

"""What people type into the pages of reporting, turned into the words of the actions."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.text import normalise

from .. import definition, languages, words
from ..models import Answer, Erratum

LINKS = words.EVIDENCE_LIMIT
HINTS = {c.value: c.hint for f in definition.FIELDS.values() for c in f.choices if c.hint}
# Buttons that change or show the form and save nothing, so that what lacks may still come.
LOOKS = ("preview", "add_link", "remove_link")


class Prose(forms.CharField):
    """A text of the member's own. What it may hold is checked once, by `reporting.words`."""

    def __init__(self, name: str) -> None:
        asked = definition.FIELDS[name]
        attrs = {"rows": asked.lines, "dir": "auto", "data-most": words.PROSE_LIMIT}
        attrs["placeholder"] = " "  # by which a style knows that nothing is written
        widget = forms.Textarea(attrs=attrs)
        super().__init__(label=asked.label, help_text=asked.hint, required=False, widget=widget)


def _choices(name: str) -> list[tuple[str, Any]]:
    return [(choice.value, choice.label) for choice in definition.FIELDS[name].choices]


class OpenChoice(forms.ChoiceField):
    """A question that is asked of everyone and may still wait for its answer."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class AnswerForm(forms.Form):
    """One answer of a report: `said()` gives its words, `base_version` what its writer read."""

    use_required_attribute = False
    is_kept = False  # true for a text that was typed before sign-in and is saved nowhere

    status = OpenChoice(choices=_choices("status"), widget=forms.RadioSelect)
    narrative = Prose("narrative")
    not_applicable_because = Prose("not_applicable_because")
    next_steps = Prose("next_steps")
    obstacles = Prose("obstacles")
    support_requested = Prose("support_requested")
    visibility = forms.ChoiceField(
        label=definition.FIELDS["visibility"].label,
        help_text=definition.FIELDS["visibility"].hint,
        choices=_choices("visibility"),
        widget=forms.RadioSelect,
        initial=Answer.Visibility.PUBLIC,
    )
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, member: str = "", unfinished: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.looks = [name for name in LOOKS if name in self.data]
        label = str(definition.FIELDS["status"].label)
        self.fields["status"].label = label % {"member": member}
        self.unfinished = unfinished or bool(
            self.looks
        )  # sent while its writer still writes: what lacks may come
        self.left_out: list[int] = []
        for n in range(LINKS):
            title, link = _("Title of link %(n)d"), _("Link %(n)d")
            self.fields[f"evidence_title_{n}"] = forms.CharField(
                label=title % {"n": n + 1}, required=False
            )
            self.fields[f"evidence_url_{n}"] = forms.CharField(
                label=link % {"n": n + 1},
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
            )
        if "remove_link" in self.looks:
            self.data = _without_link(self.data)

    @staticmethod
    def initial_of(said: Mapping[str, Any], version: int) -> dict[str, Any]:
        """The form's values for what an answer says."""
        values = {field: said[field] for field in (*words.PROSE, "status", "visibility")}
        for n, link in enumerate(said["evidence"][:LINKS]):
            values[f"evidence_title_{n}"], values[f"evidence_url_{n}"] = link["title"], link["url"]
        return {**values, "base_version": version}

    @property
    def links(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of fields for titled links that are shown: those in use, and one at least."""
        pairs = [(self[f"evidence_title_{n}"], self[f"evidence_url_{n}"]) for n in range(LINKS)]
        used = [n for n, pair in enumerate(pairs, 1) if any(f.value() or f.errors for f in pair)]
        return pairs[: max([1, *used]) + ("add_link" in self.looks)]

    @property
    def can_add_link(self) -> bool:
        """Is there room for one more link?"""
        return len(self.links) < LINKS

    @property
    def preview(self) -> dict[str, Any] | None:
        """The answer's words as they would be read, when that was asked for."""
        return self.said() if "preview" in self.looks and self.is_valid() else None

    @property
    def wishes_open(self) -> bool:
        """Do obstacles or the support asked for hold something or want mending?"""
        return any(self[f].value() or self[f].errors for f in ("obstacles", "support_requested"))

    def clean(self) -> dict[str, Any]:
        for field in words.PROSE:
            self._check(field, words.clean_prose)
        for n in range(LINKS):
            self._check_link(n)
        if self.unfinished:
            return self.cleaned_data
        said = {**words.BLANK, **self.cleaned_data}
        if words.NO_REASON in words.lacks(said) and "not_applicable_because" not in self.errors:
            self.add_error("not_applicable_because", words.NO_REASON)
        return self.cleaned_data

    def _check_link(self, n: int) -> None:
        """Both halves of a titled link; one that is half typed waits until it is whole."""
        title, url = f"evidence_title_{n}", f"evidence_url_{n}"
        given = [bool(self.cleaned_data.get(half)) for half in (title, url)]
        if self.unfinished and any(given) and not all(given):
            self.left_out.append(n + 1)
            self.cleaned_data[title] = self.cleaned_data[url] = ""
        elif any(given):
            self._check(title, words.clean_title)
            self._check(url, words.clean_link)

    def _check(self, field: str, cleaner: Any) -> None:
        if field not in self.cleaned_data:
            return
        try:
            self.cleaned_data[field] = cleaner(self.cleaned_data[field])
        except ValidationError as error:
            self.add_error(field, error)

    def said(self) -> dict[str, Any]:
        """The words of the answer by field, once the form is valid."""
        values = self.cleaned_data
        rows = [
            {"title": values[f"evidence_title_{n}"], "url": values[f"evidence_url_{n}"]}
            for n in range(LINKS)
        ]
        said = {field: values[field] for field in (*words.PROSE, "status", "visibility")}
        return {**said, "evidence": [row for row in rows if row["url"]]}


def _without_link(data: Any) -> Any:
    """What was posted, with one link gone and the ones after it moved up."""
    left, gone = data.copy(), data["remove_link"]
    rows = [str(n) for n in range(LINKS) if str(n) != gone]
    for half in ("evidence_title_", "evidence_url_"):
        texts = [data.get(half + n, "") for n in rows]
        for n in range(LINKS):
            left[f"{half}{n}"] = texts[n] if n < len(texts) else ""
    return left


class LanguageForm(forms.Form):
    """In which language a report is written."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=gettext_lazy("The answers are written in"), choices=languages.choices
    )
    unofficial_translation = forms.BooleanField(
        label=gettext_lazy("They are an unofficial translation"),
        help_text=gettext_lazy("The member stands by its own text in another language."),
        required=False,
    )


class BaseVersionForm(forms.Form):
    """Which version of an answer the writer had before them."""

    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)


class SignForm(BaseVersionForm):
    """A signed "no change"; `replace` says that the text which goes was seen."""

    replace = forms.BooleanField(required=False)


class KeptVersionForm(BaseVersionForm):
    """Which kept version of an answer is to stand again."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 2)


class Reason(forms.CharField):
    """A reason in a few sentences."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
        super().__init__(label=label, help_text=help_text, max_length=2000, widget=widget)

    def clean(self, value: Any) -> str:
        return normalise(super().clean(value))


class Day(forms.DateField):
    """A day, as the browser's own date field gives it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class ReturnForm(forms.Form):
    """Why a report goes back."""

    use_required_attribute = False

    because = Reason(
        gettext_lazy("Reason"), gettext_lazy("The member reads it on its pages, not in the mail.")
    )


class PublishForm(forms.Form):
    """From which day a report is public."""

    use_required_attribute = False

    on = Day(gettext_lazy("Public from"), initial=lambda: dt.datetime.now(dt.UTC).date())


class PublishAgainForm(PublishForm):
    """From which day, and why, a version is public that was withdrawn before."""

    because = Reason(
        gettext_lazy("Why it is published again"),
        gettext_lazy("Kept in the record for the secretariat. It is not public."),
    )


class WithdrawForm(PublishForm):
    """From which day, and why, a report is public no more."""

    on = Day(gettext_lazy("Withdrawn from"), initial=lambda: dt.datetime.now(dt.UTC).date())
    because = Reason(gettext_lazy("Public note"), gettext_lazy("Everyone will read it."))


class Figure(forms.IntegerField):
    """A whole number that was, or is, published."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        bounds = {"min_value": 0, "max_value": 10**15}
        super().__init__(label=label, help_text=help_text, required=False, **bounds)


class ErratumForm(forms.Form):
    """What was published wrong, and what is right."""

    use_required_attribute = False

    what = Reason(gettext_lazy("What was wrong"), gettext_lazy("Everyone will read it."))
    published_in = Reason(
        gettext_lazy("Where it was published or quoted"),
        gettext_lazy("Pages, files with their day, papers of the alliance."),
    )
    dataset = forms.ChoiceField(
        label=gettext_lazy("Dataset"), choices=[("", "-"), *Erratum.Dataset.choices], required=False
    )
    figure = forms.CharField(
        label=gettext_lazy("What the figure counts, of whom"),
        help_text=gettext_lazy("Such as: reports published of the round 2024, government members."),
        max_length=200,
        required=False,
    )
    old_value = Figure(gettext_lazy("Figure as published"))
    old_denominator = Figure(gettext_lazy("Denominator of the figure as published"))
    new_value = Figure(
        gettext_lazy("Figure as corrected"),
        gettext_lazy("Empty where the figure is withdrawn without another."),
    )
    new_denominator = Figure(gettext_lazy("Denominator of the figure as corrected"))
    wrong_since = Day(
        gettext_lazy("Wrong since"), required=False, help_text=gettext_lazy("Empty: not known.")
    )
    corrected_on = Day(gettext_lazy("Right since"), initial=lambda: dt.datetime.now(dt.UTC).date())
    corrects = forms.ModelChoiceField(
        Erratum.objects.all(),
        label=gettext_lazy("Corrects an earlier entry"),
        help_text=gettext_lazy("An entry stays as it is; a new one corrects it."),
        to_field_name="number",
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    read_again = forms.BooleanField(
        label=gettext_lazy("I have read it again"),
        help_text=gettext_lazy("It is public at once, and can neither be changed nor deleted."),
    )

    def clean_figure(self) -> str:
        return normalise(self.cleaned_data["figure"])

    def said(self) -> dict[str, Any]:
        """The words, figures and days, as `actions.publish_erratum` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "read_again"}


AS_PRINTED = gettext_lazy("As on the acknowledgement; compared where it is filled in.")


class VerifyForm(forms.Form):
    """What stands on an acknowledgement. Takes anything: what is not ours is simply not known."""

    use_required_attribute = False

    reference = forms.CharField(
        label=gettext_lazy("Reference"), help_text=gettext_lazy("Such as 2026-ALB.")
    )
    version = forms.CharField(
        label=gettext_lazy("Version, or time of the submission"),
        help_text=gettext_lazy("Such as 1, or 3 July 2026, 09:30:15 UTC."),
    )
    sha256 = forms.CharField(
        label=gettext_lazy("SHA-256 of the canonical text"),
        help_text=gettext_lazy("The 64 signs of the fingerprint, as on the acknowledgement."),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    member = forms.CharField(label=gettext_lazy("Member"), required=False, help_text=AS_PRINTED)
    by = forms.CharField(label=gettext_lazy("By"), required=False, help_text=AS_PRINTED)

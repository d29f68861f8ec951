"""What the secretariat types of a clause that the alliance owes as a whole."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from .. import definition, words
from ..models import CollectiveProgress

LINKS = 3
TOLD = set(CollectiveProgress.Status.values)
STATUSES = [(c.value, c.label) for c in definition.FIELDS["status"].choices if c.value in TOLD]


class CollectiveForm(forms.Form):
    """Status, words and evidence, and the number of the version that its writer read."""

    use_required_attribute = False

    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=STATUSES, widget=forms.RadioSelect
    )
    narrative = forms.CharField(
        label=gettext_lazy("What was done"),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    base_number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(LINKS):
            title = gettext_lazy("Title of the link")
            url = gettext_lazy("Link")
            self.fields[f"title_{n}"] = forms.CharField(label=title, required=False)
            self.fields[f"url_{n}"] = forms.CharField(label=url, required=False)

    @staticmethod
    def initial_of(last: CollectiveProgress | None) -> dict[str, Any]:
        """The form's values for the newest version, or for none yet."""
        if last is None:
            return {"base_number": 0}
        values: dict[str, Any] = {"status": last.status, "narrative": last.narrative}
        for n, link in enumerate(last.evidence[:LINKS]):
            values |= {f"title_{n}": link["title"], f"url_{n}": link["url"]}
        return values | {"base_number": last.number}

    def clean(self) -> dict[str, Any]:
        self._check("narrative", words.clean_prose)
        for n in range(LINKS):
            if self.cleaned_data.get(f"title_{n}") or self.cleaned_data.get(f"url_{n}"):
                self._check(f"title_{n}", words.clean_title)
                self._check(f"url_{n}", words.clean_link)
        return self.cleaned_data

    def _check(self, name: str, cleaner: Any) -> None:
        try:
            if name in self.cleaned_data:
                self.cleaned_data[name] = cleaner(self.cleaned_data[name])
        except ValidationError as error:
            self.add_error(name, error)

    def said(self) -> dict[str, Any]:
        """What was typed, as the words of the action."""
        typed = self.cleaned_data
        links = [(typed[f"title_{n}"], typed[f"url_{n}"]) for n in range(LINKS)]
        evidence = [{"title": title, "url": url} for title, url in links if title or url]
        return {"status": typed["status"], "narrative": typed["narrative"], "evidence": evidence}

    def at_number(self, number: int) -> "CollectiveForm":
        """A form with the same words that knows of the version with this number."""
        return CollectiveForm(initial={**self.cleaned_data, "base_number": number})

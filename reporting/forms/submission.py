"""The focal point's declaration, with a word on each thing that wants one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.text import refuse_tokens

from .. import checks
from . import Reason

DECLARATION = "declare"  # the id of the form's element
TICK = gettext_lazy("Tick to declare this.")


class Word(Reason):
    """Why something that looks wrong is right. It holds no hash either, as no answer does."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(label, help_text)
        self.widget.attrs |= {"rows": 2, "form": DECLARATION}  # it stands above the answers
        self.error_messages["required"] = _("Say why, or change the answer.")

    def clean(self, value: Any) -> str:
        return refuse_tokens(super().clean(value).strip())


def _declared(entered: bool) -> str:
    """What is declared: of one's own report, or of one that was entered from what came."""
    if entered:
        return _("These answers say what the report says that %(member)s sent, and nothing more.")
    return _("I am entitled to report for %(member)s, and to my knowledge these answers are right.")


class SubmitForm(forms.Form):
    """The declaration, the words on warnings, and the key that makes a repeated sending one."""

    use_required_attribute = False

    entitled = forms.BooleanField(error_messages={"required": TICK})
    no_personal_data = forms.BooleanField(
        error_messages={"required": TICK},
        label=gettext_lazy("They hold no personal data of victims or suspects."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        *args: Any,
        member: str = "",
        warnings: list[checks.Warning] | None = None,
        unchanged: bool = False,
        entered: bool = False,
        said_before: Mapping[tuple[str, str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        before, self.warnings = said_before or {}, warnings or []
        self.fields["entitled"].label = _declared(entered) % {"member": member}
        self._keys = {f"why_{w.reference or 'report'}_{w.kind}": w.key for w in self.warnings}
        for name, warning in zip(self._keys, self.warnings, strict=True):
            self.fields[name] = Word(warning.words)
            self.initial[name] = before.get((warning.reference, warning.kind), "")
        if unchanged:
            self._keys[f"why_{checks.UNCHANGED}"] = checks.UNCHANGED
            label = _("No answer has changed since the last submission")
            hint = _("Say why the report is submitted again as it was.")
            self.fields[f"why_{checks.UNCHANGED}"] = Word(label, hint)
        self.order_fields([*self._keys])

    @property
    def wanting(self) -> list[forms.BoundField]:
        """The fields that want a word, in the order of the questions."""
        return [self[name] for name in self._keys]

    def explained(self) -> dict[str, str]:
        """The words by the key of their warning, once the form is valid."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items()}

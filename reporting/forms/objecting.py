"""What a member finds wrong in what the public would read of its report."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment
from members.text import refuse_tokens

from . import Reason

OBJECTION = "objection"  # the id of the form's element
WHOLE = "wrong"


class Wrong(Reason):
    """What is wrong in one place. Its field may stand anywhere on the page."""

    def __init__(self, label: Any) -> None:
        super().__init__(label)
        self.required = False
        self.widget.attrs |= {"rows": 3, "form": OBJECTION}

    def clean(self, value: Any) -> str:
        return refuse_tokens(super().clean(value).strip())


class ObjectionForm(forms.Form):
    """A text for each answer that is wrong, and one for the whole report; one of them at least."""

    use_required_attribute = False

    wrong = Wrong(gettext_lazy("What is wrong with the report as a whole"))

    def __init__(self, *args: Any, answered: Iterable[Commitment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places: dict[str, Commitment | None] = {}
        for clause in answered:
            words = _("What is wrong with the answer on %(reference)s")
            name = f"{WHOLE}_{clause.reference}"
            self.fields[name] = Wrong(words % {"reference": clause.reference})
            self._places[name] = clause
        self._places[WHOLE] = None
        self.order_fields([*self._places])

    def on(self, reference: str) -> forms.BoundField:
        """The field for the answer on one clause."""
        return self[f"{WHOLE}_{reference}"]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.said():
            self.add_error(WHOLE, _("Say what is wrong, here or at a question."))
        return self.cleaned_data

    def said(self) -> dict[Commitment | None, str]:
        """What is wrong by clause, under None with the whole, once the form is valid."""
        texts = {on: self.cleaned_data[name] for name, on in self._places.items()}
        return {on: text for on, text in texts.items() if text}

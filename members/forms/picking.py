"""A member picked by typing: a browser offers names and codes while one types, without a script."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Member
from ..text import fold, normalise

CODE = re.compile(r"\(([^()]+)\)$")  # of "Albania (ALB)", as it is offered
MOST = 5  # members named to who typed a part of their names


class MemberInput(forms.TextInput):
    """A line to type into, with the members to choose from as the browser's own suggestions."""

    choices: Any = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        offered = {str(code): str(label) for code, label in self.choices if code}
        given = offered.get(str(value), value)
        words = f"{(attrs or {}).get('id', name)}_members"
        context = self.get_context(name, given, {**(attrs or {}), "list": words})
        context |= {"offered": offered.values(), "list_id": words}
        return render_to_string("components/_member_input.html", context)


class MemberPicker(forms.ModelChoiceField):
    """One of the members `of` whom it is asked: by code, by name, or as it is offered."""

    widget = MemberInput
    default_error_messages = {
        "invalid_choice": gettext_lazy(
            "No member here is called so. Type a name or a code, such as ALB, and choose."
        )
    }

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        whom = Member.objects.none() if queryset is None else queryset
        super().__init__(whom, to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """How a member stands in the suggestions."""
        return f"{obj.display_name} ({obj.code})"

    def to_python(self, value: Any) -> Any:
        """The member; what is no code is looked for among the names, and never guessed."""
        if value in self.empty_values:
            return None
        typed = normalise(str(value)).strip()
        found = CODE.search(typed)
        try:
            return super().to_python(found[1] if found else typed.upper())
        except ValidationError:
            return self._named(typed)

    def _named(self, typed: str) -> Member:
        looked = fold(typed)
        called = [m for m in self.queryset if looked and looked in fold(m.display_name)]
        exact = [m for m in called if looked == fold(m.display_name)]
        if len(exact) == 1:
            return exact[0]
        if not called or len(called) > MOST:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        names = _(", ").join(self.label_from_instance(member) for member in called)
        raise ValidationError(_("Whom do you mean: %(names)s?") % {"names": names}, code="unclear")

"""What the pages of a draft share: the draft, its tabs, and the answer to who came too late."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.actions.records import Writing
from members.history import Copies, entries, version_of

from ..forms import Versioned
from ..models import Draft

TABS = {
    "desk-draft": _("Facts and text"),
    "desk-draft-parts": _("Parts and clauses"),
    "desk-draft-names": _("Names under it"),
    "desk-draft-preview": _("Preview and publication"),
}


def draft_of(number: int) -> Draft:
    """The draft with this key; 404 where there is none."""
    return get_object_or_404(Draft.objects.select_related("statement"), pk=number)


def about(draft: Draft, here: str) -> dict[str, Any]:
    """What every page of a draft shows: the draft and the tabs, of which one is here."""
    return {"draft": draft, "tabs": [(name, words, name == here) for name, words in TABS.items()]}


def writing(request: HttpRequest, version: int, copies: Copies) -> Writing:
    """Who writes, now, having read this version."""
    return Writing(request.user, timezone.now(), version, copies)  # type: ignore[arg-type]


def seen(request: HttpRequest) -> int:
    """The version of the list that its reader saw. Raises ValidationError where none is told."""
    form = Versioned(request.POST)
    if not form.is_valid():
        raise ValidationError([f"version: {words}" for words in form.errors["version"]])
    return form.cleaned_data["version"]


def done(request: HttpRequest, *known: str) -> str:
    """What is to be done, the first of those known where nothing is said.

    Raises ValidationError for anything else.
    """
    do = request.POST.get("do", known[0])
    if do not in known:
        raise ValidationError(_("do: this is nothing that can be recorded here."))
    return do


def later(what: Model, copies: Copies, version: int) -> dict[str, Any]:
    """What others wrote since that version, and the version that is there now."""
    theirs = entries(what, copies, after=version)
    return {"theirs": theirs, "version": version_of(what, copies)}


def refused(form: forms.Form, error: ValidationError) -> None:
    """What the action or the model refuses, beside its field where the form has that."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in named.items():
        form.add_error(name if name in form.fields else None, errors)


def as_errors(error: ValidationError) -> dict[str, Any]:
    """What is refused, for the summary of a page that has no form for it."""
    return {"errors": [{"words": words} for words in error.messages], "page_errors": True}

"""Choosing the language of the pages."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from .. import actions, languages
from ..access import access, anyone
from ..asking import knows


class LanguageForm(forms.Form):
    """One of the complete languages, each under its own name."""

    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]


@access(anyone)
@knows("next", "to")
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """The languages to choose from; a choice is kept in a cookie and leads back to `next`.

    With an account it is kept there as well, for mails and for other browsers. Visitors choose
    by an address that asks for a language, so that no public page has to carry a token.
    """
    form = LanguageForm(request.POST or None, initial={"language": request.GET.get("to")})
    if request.method == "POST" and form.is_valid():
        if request.user.is_authenticated:  # a shared demonstration person too, so that its mails
            # can be read in each language; its pages follow the browser alone
            actions.speak(form.cleaned_data["language"], by=request.user)
        return set_language(request)
    status = 400 if request.method == "POST" else 200
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next") or "/"}
    return render(request, "members/language.html", context, status=status)

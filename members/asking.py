"""What may be asked in an address: a view says which parameters it knows, and no others pass.

    @access(anyone)
    @asking(MemberQuestion)
    def members(request, question): ...

A view that says nothing knows no parameter. The views of the API answer for themselves
(`reads_parameters`), and `settings.PARAMETERS_OF_LIBRARIES` says what libraries take.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .text import normalise

Page = Callable[..., HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


class Question(forms.Form):
    """The parameters a page knows; the bare class knows none."""

    def asked(self, name: str) -> str:
        """The value asked for, or "" where nothing was."""
        return self.cleaned_data.get(name) or ""


def asking(question: type[forms.Form] = Question) -> Callable[[Page], Page]:
    """Gives a page its question, checked: `page(request, question, ...)`.

    An unknown or repeated parameter, or a value that is none of the register's, is answered
    with a page (400) that names the parameter and says what is wrong with it.
    """

    def with_question(page: Page) -> Page:
        @wraps(page)
        def answer(request: HttpRequest, **where: Any) -> HttpResponse:
            form = question(request.GET, auto_id="ask_%s")
            errors = _strangers(request, form.fields)
            if form.is_valid() and not errors:
                return page(request, form, **where)
            return _refused(request, form, errors)

        answer.question = question  # type: ignore[attr-defined]  # what the page can be asked
        return reads_parameters(answer)

    return with_question


def knows(*names: str) -> Callable[[View], View]:
    """Declares parameters that a view reads by itself, each at most once."""

    def declare(view: View) -> View:
        view.known_parameters = names  # type: ignore[attr-defined]
        return view

    return declare


def reads_parameters(view: View) -> View:
    """Declares that a view looks at every parameter by itself, and refuses the others."""
    view.known_parameters = None  # type: ignore[attr-defined]
    return view


def known_to(view: Callable[..., Any]) -> Collection[str] | None:
    """The parameters that a view declared or its library takes; None where it reads all itself."""
    for place in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if hasattr(place, "known_parameters"):
            return place.known_parameters
    for module, names in settings.PARAMETERS_OF_LIBRARIES.items():
        if view.__module__ == module or view.__module__.startswith(module + "."):
            return names
    return ()


class AskingMiddleware:
    """Refuses a parameter that the view does not know, before the view runs and after its rule."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        known = known_to(view)
        if known is None or not (errors := _strangers(request, known)):
            return None
        return _refused(request, Question(), errors)


def _refused(request: HttpRequest, form: forms.Form, errors: list[dict[str, str]]) -> HttpResponse:
    context = {"question": form, "errors": errors, "page_errors": True}
    return render(request, "members/refused.html", context, status=400)


def tampered(request: HttpRequest, form: forms.Form) -> HttpResponse:
    """400 that names each bad field of a form that has none to type into."""
    errors = [{"words": f"{name}: {words}"} for name, said in form.errors.items() for words in said]
    return _refused(request, Question(), errors)


def _strangers(request: HttpRequest, known: Collection[str]) -> list[dict[str, str]]:
    errors = []
    for name, values in request.GET.lists():
        shown = _shown(name)
        if name not in known:
            words = _("%(name)s: this page does not know this parameter.") % {"name": shown}
            errors.append({"words": words})
        elif len(values) > 1:
            words = _("%(name)s: this parameter was given more than once.") % {"name": shown}
            errors.append({"words": words, "url": f"#ask_{name}"})
    return errors


def _shown(name: str) -> str:
    try:
        return normalise(name)[:60]
    except ValidationError:
        return _("a name that cannot be shown")

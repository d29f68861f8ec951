"""Deny by default: a view answers only when it names the rule that opens it.

    @access(rules.in_secretariat)
    def today(request): ...

The rule at the door asks who the person is. Which objects a person sees is the queryset's
matter (`visible_to`), what may be done with one the workflow's. Views of libraries are named
in `settings.ACCESS_OF_LIBRARIES` by the module they live in.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string

from . import proof, typed
from .rules import Person, anyone

Rule = Callable[[Person], bool]
View = TypeVar("View", bound=Callable[..., Any])

__all__ = [
    "AccessMiddleware",
    "Rule",
    "access",
    "anyone",
    "part",
    "rule_of",
    "sent_by_script",
]


def access(rule: Rule) -> Callable[[View], View]:
    """Declares which persons a view (a function, or a view class) answers."""

    def declare(view: View) -> View:
        view.access_rule = staticmethod(rule) if isinstance(view, type) else rule  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The rule that a view declared, or the one that the settings declare for its library."""
    for place in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        rule = getattr(place, "access_rule", None)
        if rule is not None:
            return rule
    for module, path in settings.ACCESS_OF_LIBRARIES.items():
        if view.__module__ == module or view.__module__.startswith(module + "."):
            return import_string(path)
    return None


def _way_back(request: HttpRequest, view: Callable[..., Any]) -> str:
    """Where to go after sign-in; what was posted comes along, if there is little of it.

    Forms of many words show it in their fields again; for the others a page offers to send it.
    """
    if request.method != "POST":
        return request.get_full_path()
    if getattr(view, "keeps_typed", False):
        typed.keep(request)
        return request.get_full_path()
    if sent_by_script(request):  # the page still stands, with all that was typed
        return request.get_full_path()
    # Whoever is not signed in stores something here, so it is not often.
    if getattr(request, "was_signed_in", None) and ratelimit.consume(request, action="keep_typed"):
        proof.keep(request, getattr(view, "needs_fresh_factor", ""))
        return reverse("go-on")
    return request.get_full_path()


def sent_by_script(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page, so that a whole page would be no answer."""
    return request.headers.get("HX-Request") == "true"


def part(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A part of a page for htmx; the header tells that it is one, whatever the status says."""
    answer = HttpResponse(render_to_string(template, {"request": request, **(context or {})}))
    answer.status_code, answer["HX-Reswap"] = status, "innerHTML"
    return answer


def _told(request: HttpRequest, step: HttpResponse | None) -> HttpResponse | None:
    """A script cannot go to the page where something has to be proved first: its reader can."""
    if step is None or not sent_by_script(request):
        return step
    return part(request, "members/_prove_first.html", {"way": step["Location"]}, status=401)


def _is_of_this_site(person: Person) -> bool:
    """A demonstration person is nobody where there is no demonstration."""
    return settings.DEMO or not getattr(person, "is_demonstration", False)


class AccessMiddleware:
    """Asks the view's rule, and what the person has proved, before the view runs.

    A view without a rule is refused. What waited for a form that was sent is forgotten.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if hasattr(request, "is_let_in") and answer.status_code == HTTPStatus.FOUND:
            typed.forget(request)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rule = rule_of(view)
        if rule is None:
            raise PermissionDenied(f"{view.__module__} declares no access rule")
        if rule is anyone:
            return None
        if _is_of_this_site(request.user) and rule(request.user):
            step = _told(request, proof.step_before(request, view, rule))
            if step is None and getattr(view, "keeps_typed", False) and request.method == "POST":
                request.is_let_in = True  # type: ignore[attr-defined]
            return step
        if not request.user.is_authenticated:
            back = _way_back(request, view)
            if sent_by_script(request):
                return part(request, "members/_signed_out.html", status=401)
            return redirect_to_login(back, settings.LOGIN_URL)
        raise PermissionDenied

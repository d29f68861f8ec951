"""A view that names no access rule does not answer, and no such view is routed."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from members.access import AccessMiddleware, rule_of
from members.models import User


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, object]]:
    """Every route of the site, as Django writes it, with its view."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from patterns(entry, route)


@pytest.mark.parametrize("route, view", [pytest.param(r, v, id=r) for r, v in patterns()])
def test_every_view_names_its_rule(route: str, view: object) -> None:
    assert callable(rule_of(view)), f"{route} declares no access rule"  # type: ignore[arg-type]


def test_a_view_without_a_rule_is_refused_even_to_an_administrator(administrator: User) -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("should not be seen")

    request = RequestFactory().get("/forgotten/")
    request.user = administrator
    with pytest.raises(PermissionDenied):
        AccessMiddleware(forgotten).process_view(request, forgotten, (), {})

"""Addresses under the code of a record that was merged into another lead on to that one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..models import FormerCode

Page = Callable[..., HttpResponse]


def leads_on(page: Page) -> Page:
    """Sends a reader (301) to the same page of the record that took the code's record over.

    Only where the page itself finds nothing, and after its rule: nobody is told more than by the
    public page of the member, which leads on in the same way.
    """

    @wraps(page)
    def careful(request: HttpRequest, code: str, **where: Any) -> HttpResponse:
        try:
            return page(request, code=code, **where)
        except Http404:
            merged = FormerCode.objects.filter(code=code).select_related("member").first()
            if merged is None or request.method not in ("GET", "HEAD"):
                raise
            there, found = {"code": merged.member.code, **where}, request.resolver_match
            return redirect(found.view_name if found else "", permanent=True, **there)

    return careful

"""What every page knows: whether it shows a demonstration, who reads it, in which languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from . import proof, rules


def page(request: HttpRequest) -> dict[str, Any]:
    """The facts that templates/base.html needs on every page."""
    reader = getattr(request, "user", None)
    return {
        "demo": settings.DEMO,
        "reader": reader,
        "reader_writes": rules.writes_for_a_member(reader),
        "reader_has_desk": rules.in_secretariat(reader),
        "reader_lacks_factor": proof.is_lacking(request),
        "tongues": tongues(),
        "unreviewed": get_language() in settings.UNREVIEWED_LANGUAGES,
        "canonical": canonical(request),
    }


def canonical(request: HttpRequest) -> str:
    """The one address of a page that is only read, whatever is asked in it; else nothing."""
    match = getattr(request, "resolver_match", None)
    read = match is not None and getattr(match.func, "only_read", False)
    return f"{settings.SITE_URL}{request.path}" if read else ""


def tongues() -> list[dict[str, Any]]:
    """The languages a page can be read in, or nothing where there is no choice to make."""
    codes = [code for code, _ in settings.LANGUAGES]
    return [get_language_info(code) for code in codes] if len(codes) > 1 else []

"""What every page knows: whether it shows a demonstration, who reads it, in which languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from . import proof, rules
from .languages import asking_for


def page(request: HttpRequest) -> dict[str, Any]:
    """The facts that templates/base.html needs on every page."""
    reader = getattr(request, "user", None)
    return {
        "demo": settings.DEMO,
        "reader": reader,
        "reader_writes": rules.writes_for_a_member(reader),
        "reader_has_desk": rules.in_secretariat(reader),
        "reader_lacks_factor": proof.is_lacking(request),
        "tongues": tongues(request.get_full_path()),
        "unreviewed": get_language() in settings.UNREVIEWED_LANGUAGES,
        "canonical": canonical(request),
        "alternates": alternates(request),
    }


def canonical(request: HttpRequest) -> str:
    """The one address of a page that is only read, in its language; else nothing."""
    match = getattr(request, "resolver_match", None)
    read = match is not None and getattr(match.func, "only_read", False)
    return in_language(request.path, get_language() or "") if read else ""


def in_language(path: str, language: str) -> str:
    """The whole address of a page in a language; without a word of it in the site's first."""
    plain = language == settings.LANGUAGE_CODE
    return settings.SITE_URL + (path if plain else asking_for(path, language))


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """The page in each language for search engines, and the address that asks the browser."""
    codes = [code for code, _ in settings.LANGUAGES]
    if len(codes) < 2:
        return []
    return [(code, in_language(request.path, code)) for code in codes] + [
        ("x-default", settings.SITE_URL + request.path)
    ]


def tongues(address: str) -> list[dict[str, Any]]:
    """The languages a page can be read in, with its address in each; nothing without a choice."""
    codes = [code for code, _ in settings.LANGUAGES]
    found = [get_language_info(code) | {"address": asking_for(address, code)} for code in codes]
    return found if len(codes) > 1 else []

"""What search engines are told: which pages there are, and what not to look for."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from commitments.models import Commitment, Statement
from members.access import access, anyone
from members.api.freshness import stamp
from members.context import in_language
from members.models import Member

from ...models import Cycle, PublishedReport, Summary

LISTS = [
    *("home", "statements", "commitments", "members", "matrix", "compare", "cycles", "summaries"),
    *("about", "data", "dictionary", "errata", "zips", "api"),
]
CLOSED = ["/accounts/", "/admin/", "/invitations/", "/reporting/", "/search/", "/secretariat/"]


@access(anyone)
def robots(request: HttpRequest) -> HttpResponse:
    """Where a search engine finds nothing, and where all addresses stand."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@access(anyone)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The address of every public page in every language, as sitemaps.org asks for it."""
    fresh = stamp(request, timezone.now())
    if (early := fresh.conditional(request)) is not None:
        return early
    codes = [code for code, _name in settings.LANGUAGES]
    rows = [_row(path, code, codes) for path in _paths() for code in codes]
    body = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:xhtml="http://www.w3.org/1999/xhtml">',
            *rows,
            "</urlset>",
        ]
    )
    return fresh.on(HttpResponse(body + "\n", content_type="application/xml"))


def _row(path: str, language: str, codes: list[str]) -> str:
    """A page in one language, with the addresses that it has in all."""
    alike = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(in_language(path, code))}"/>'
        for code in codes
    )
    return f"<url><loc>{escape(in_language(path, language))}</loc>{alike}</url>"


def _paths() -> Iterator[str]:
    """Lists and texts first, then each thing of the register under its code."""
    yield from map(reverse, LISTS)
    reports = PublishedReport.objects.shown()
    codes = {
        "statement": Statement.objects.values_list("code", flat=True),
        "commitment": Commitment.objects.values_list("reference", flat=True),
        "member": Member.objects.order_by("code").values_list("code", flat=True),
        "published-report": (f"{c}-{m}" for c, m in reports.values_list("cycle", "member")),
        "cycle": Cycle.objects.values_list("code", flat=True),
        "summary": Summary.objects.shown().order_by("scope").values_list("scope", flat=True),
    }
    for name, found in codes.items():
        yield from (reverse(name, args=[code]) for code in found)

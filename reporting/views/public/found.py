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
    """The address of every public page, as sitemaps.org asks for it."""
    fresh = stamp(request, timezone.now())
    if (early := fresh.conditional(request)) is not None:
        return early
    rows = [f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>" for path in _paths()]
    body = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *rows,
            "</urlset>",
        ]
    )
    return fresh.on(HttpResponse(body + "\n", content_type="application/xml"))


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

"""A list at the desk: a page at a time, with the addresses of its pages and of its files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

SHOWN = 100


def paged(request: HttpRequest, found: Any, number: int | None) -> dict[str, Any]:
    """One page of what was found (`page`), how many there are, and where the rest stands.

    A list at `/x/` has its files at `/x.csv` and `/x.xlsx`; all keep what was asked for.
    """
    pages = Paginator(found, SHOWN)
    page = pages.get_page(number or 1)
    return {
        "page": page,
        "total": pages.count,
        "files": [(ending, _url(request, ending=ending)) for ending in ("csv", "xlsx")],
        "previous_url": _url(request, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _url(request, page.next_page_number()) if page.has_next() else "",
    }


def _url(request: HttpRequest, page: int | None = None, *, ending: str = "") -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    if page:
        asked["page"] = str(page)
    place = request.path.rstrip("/")
    place = place if request.path.endswith("/") else place.rpartition(".")[0]
    path = f"{place}.{ending}" if ending else f"{place}/"
    return f"{path}?{asked.urlencode()}" if asked else path

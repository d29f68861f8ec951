"""What was published wrong, with the corrected figures; the newest entry first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import access, anyone

from ...models import Erratum


@access(anyone)
def errata(request: HttpRequest) -> HttpResponse:
    """Every entry; each has an address that stays (`#e3`)."""
    entries = Erratum.objects.select_related("corrects").prefetch_related("corrected_by")
    return render(request, "reporting/errata.html", {"entries": entries})

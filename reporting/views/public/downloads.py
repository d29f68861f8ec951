"""The data to take away: what there is, what it means, and a zip of it all for each day."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from members.access import access, anyone
from members.models import PublicVersion

from ...exports import bulk, package
from ...exports.dictionary import dictionary
from ...exports.formats import FORMATS
from ...tables.columns import EVERY_FORMAT
from .described import in_script, organisation
from .texts import RESOURCES

MEASURED = "Official texts, read clause by clause; reports of members, reviewed and published."


@access(anyone)
def data(request: HttpRequest) -> HttpResponse:
    """Where each part of the data is, how to quote it, and what the figures rest on."""
    told = dictionary()
    context = {
        "resources": RESOURCES,
        "formats": EVERY_FORMAT,
        "missing": told["missing_values"],
        "zips": bulk.kept()[:7],
        "licence": settings.DATA_LICENCE,
        "citation": package.citation(timezone.now().date()),
        "described": described(),
        "first_cycle": settings.FIRST_CYCLE,
        "cycle_basis": settings.CYCLE_BASIS,
    }
    return render(request, "reporting/data.html", context)


@access(anyone)
def dictionary_page(request: HttpRequest) -> HttpResponse:
    """What every column of every dataset means."""
    return render(request, "reporting/dictionary.html", dictionary())


def described() -> SafeString:
    """The data set as JSON-LD of schema.org, safe within a script element."""
    return in_script(_dataset())


def _dataset() -> dict[str, Any]:
    """What Google and schema.org ask for of a Dataset, where there is an answer.

    No `spatialCoverage`: a member is a place only in part. No DOI: `identifier` is the address.
    """
    site = settings.SITE_URL
    changed = PublicVersion.objects.filter(pk=1).values_list("changed_at", flat=True).first()
    return {
        "@type": "Dataset",
        "name": package.TITLE,
        "description": package.NOT_REAL if settings.DEMO else package.ABOUT,
        "url": f"{site}{reverse('data')}",
        "identifier": f"{site}{reverse('data')}",
        "version": "1",
        "inLanguage": "en",
        "creator": organisation(),
        "license": settings.DATA_LICENCE[2],
        "creditText": package.citation(timezone.now().date()),
        "isAccessibleForFree": True,
        "temporalCoverage": "2012-12-05/..",
        **({"dateModified": changed.astimezone(dt.UTC).date().isoformat()} if changed else {}),
        "keywords": ["commitments", "online child protection", "reporting"],
        "measurementTechnique": MEASURED,
        "variableMeasured": [str(resource[1]) for resource in RESOURCES],
        "distribution": [*_files(site), *_zips(site)],
    }


def _files(site: str) -> list[dict[str, str]]:
    return [
        {
            "@type": "DataDownload",
            "name": f"{name}.{ending}",
            "encodingFormat": FORMATS[ending].media_type.partition(";")[0],
            "contentUrl": f"{site}{reverse(f'export-{name}', args=[ending])}",
        }
        for name, *_ in RESOURCES
        for ending in ("csv", "ndjson")
    ]


def _zips(site: str) -> list[dict[str, str]]:
    return [
        {
            "@type": "DataDownload",
            "name": one.name,
            "encodingFormat": "application/zip",
            "contentUrl": f"{site}{reverse('bulk', args=[one.day])}",
        }
        for one in bulk.kept()[:1]
    ]

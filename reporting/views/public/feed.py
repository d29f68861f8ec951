"""What was published, and what was published wrong, newest first, as an Atom feed."""

import datetime as dt
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from members.access import access, anyone
from members.api.freshness import stamp
from members.models import Member

from ...models import Erratum, PublishedReport

NEWEST = 100
MARK = "[Synthetic] "


class Feed(Atom1Feed):
    """Atom whose time is that of its newest entry, and of the first text where there is none."""

    def latest_post_date(self) -> dt.datetime:
        days = [item["updateddate"] for item in self.items]
        return max(days, default=dt.datetime(2012, 12, 5, tzinfo=dt.UTC))


@access(anyone)
def published(request: HttpRequest) -> HttpResponse:
    """The newest publications, withdrawals and errata, each with an id that never changes."""
    fresh = stamp(request, timezone.now())
    if (early := fresh.conditional(request)) is not None:
        return early
    rows, entries = _newest(fresh.now.date()), list(Erratum.objects.all()[:NEWEST])
    with translation.override("en"):
        body = _written(rows, entries)
    answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    if any(row.synthetic for row in [*rows, *entries]):
        answer["X-Data"] = "synthetic"
    return fresh.on(answer)


def _newest(today: dt.date) -> list[Any]:
    """Published versions by the day of their publication or, later, of their withdrawal."""
    ended = Coalesce("shown_until", "shown_from")
    changed_on = Case(When(withdrawn_because="", then=F("shown_from")), default=ended)
    rows = PublishedReport.objects.filter(shown_from__lte=today).annotate(changed_on=changed_on)
    return list(rows.order_by("-changed_on", "cycle", "member", "-version", "-pk")[:NEWEST])


def _written(rows: list[Any], entries: list[Erratum]) -> str:
    site, names = settings.SITE_URL, _names()
    synthetic = any(row.synthetic for row in [*rows, *entries])
    feed = Feed(
        title=f"{MARK if synthetic else ''}Published reports and errata",
        link=f"{site}/",
        description="Reports of members on their commitments, and errata, as they are published.",
        language="en",
        feed_url=f"{site}{reverse('published-feed')}",
        author_name="Commitment tracker",
    )
    items = [
        *(_of_report(row, names.get(row.member, row.member)) for row in rows),
        *map(_of_erratum, entries),
    ]
    items.sort(key=itemgetter("updateddate"), reverse=True)
    for item in items[:NEWEST]:
        feed.add_item(**item)
    return feed.writeString("utf-8")


def _of_report(row: Any, name: str) -> dict[str, Any]:
    site = settings.SITE_URL
    return {
        "title": _title(row, name),
        "link": f"{site}{reverse('member', args=[row.member])}",
        "description": escape(_words(row)),  # a summary is read as HTML
        "unique_id": _id(f"published/{row.cycle}-{row.member}/{row.version}"),
        "unique_id_is_permalink": False,
        "pubdate": _midnight(row.shown_from),
        "updateddate": _midnight(row.changed_on),
        "categories": ["synthetic"] if row.synthetic else [],
    }


def _of_erratum(entry: Erratum) -> dict[str, Any]:
    site = settings.SITE_URL
    return {
        "title": f"{MARK if entry.synthetic else ''}Erratum {entry.number}",
        "link": f"{site}{reverse('errata')}#e{entry.number}",
        "description": escape(f"{entry.what} {_corrected(entry)}".strip()),
        "unique_id": _id(f"errata/{entry.number}"),
        "unique_id_is_permalink": False,
        "pubdate": _midnight(entry.published_on),
        "updateddate": _midnight(entry.published_on),
        "categories": ["erratum", "synthetic"] if entry.synthetic else ["erratum"],
    }


def _corrected(entry: Erratum) -> str:
    """The figure as it was and as it is, each with its denominator."""
    if entry.old_value is None:
        return ""
    old = _of(entry.old_value, entry.old_denominator)
    if entry.new_value is None:
        return f"{entry.figure}: {old} is withdrawn."
    return f"{entry.figure}: not {old} but {_of(entry.new_value, entry.new_denominator)}."


def _of(value: int, denominator: int | None) -> str:
    return f"{value}" if denominator is None else f"{value} of {denominator}"


def _id(what: str) -> str:
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{what}"


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _names() -> dict[str, str]:
    today = timezone.now().date()
    return dict(Member.objects.named(today).values_list("code", "display_name"))


def _title(row: PublishedReport, name: str) -> str:
    happened = "withdrawn" if row.withdrawn_because else "published"
    mark = MARK if row.synthetic else ""
    return f"{mark}{name}: report of {row.cycle} {happened} (version {row.version})"


def _words(row: PublishedReport) -> str:
    if row.withdrawn_because:
        return f"Withdrawn on {row.shown_until}. {row.withdrawn_because}"
    return f"Report {row.cycle}-{row.member}, version {row.version}, shown from {row.shown_from}."

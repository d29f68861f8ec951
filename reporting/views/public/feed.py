"""What was published, and what was published wrong, newest first, as an Atom feed.

Years that are over have a document of their own, to which the feed leads (RFC 5005): what was
published then, as it stands now. docs/decisions/feed.md says why by years.
"""

import datetime as dt
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
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
HISTORY = "http://purl.org/syndication/history/1.0"


class Feed(Atom1Feed):
    """Atom whose time is that of its newest entry, and of the first text where there is none.

    `beside` has the addresses of other documents of the feed, by what they are to this one.
    """

    def latest_post_date(self) -> dt.datetime:
        days = [item["updateddate"] for item in self.items]
        return max(days, default=dt.datetime(2012, 12, 5, tzinfo=dt.UTC))

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:fh": HISTORY}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for how, address in self.feed["beside"].items():
            handler.addQuickElement("link", "", {"rel": how, "href": address})
        if "current" in self.feed["beside"]:
            handler.addQuickElement("fh:archive")


@access(anyone)
def published(request: HttpRequest) -> HttpResponse:
    """This year's publications, withdrawals and errata, and the newest of before."""
    return _given(request, "")


@access(anyone)
def published_in(request: HttpRequest, year: str) -> HttpResponse:
    """All that was published in a year that is over, as it stands now."""
    return _given(request, year)


def _given(request: HttpRequest, year: str) -> HttpResponse:
    """The document of a year, or the current one, or 304; any site may read it."""
    fresh = stamp(request, timezone.now())
    today = fresh.now.date()
    years = _years_over(today)
    if year and year not in years:
        raise Http404
    answer = fresh.conditional(request) or _made(today, year, _beside(year, years))
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Last-Modified, X-Data"
    return fresh.on(answer)


def _made(today: dt.date, year: str, beside: dict[str, str]) -> HttpResponse:
    rows, entries = _of_year(int(year)) if year else (_newest(today), _errata(today))
    with translation.override("en"):
        body = _written(rows, entries, year, beside)
    answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    if any(row.synthetic for row in [*rows, *entries]):
        answer["X-Data"] = "synthetic"
    return answer


def _newest(today: dt.date) -> list[Any]:
    """Published versions by the day of their publication or, later, of their withdrawal."""
    rows = _versions().filter(shown_from__lte=today)
    this_year = rows.filter(changed_on__year=today.year).count()
    return list(rows[: max(NEWEST, this_year)])


def _errata(today: dt.date) -> list[Erratum]:
    """The entries of this year, and the newest of before."""
    this_year = Erratum.objects.filter(published_on__year=today.year).count()
    return list(Erratum.objects.all()[: max(NEWEST, this_year)])


def _of_year(year: int) -> tuple[list[Any], list[Erratum]]:
    """What was first shown in a year: versions of reports, and errata."""
    rows = _versions().filter(shown_from__year=year)
    return list(rows), list(Erratum.objects.filter(published_on__year=year))


def _versions() -> QuerySet[Any]:
    """Published versions with the day on which something last happened to them, newest first."""
    ended = Coalesce("shown_until", "shown_from")
    changed_on = Case(When(withdrawn_because="", then=F("shown_from")), default=ended)
    rows = PublishedReport.objects.annotate(changed_on=changed_on)
    return rows.order_by("-changed_on", "cycle", "member", "-version", "-pk")


def _years_over(today: dt.date) -> list[str]:
    """The years before this one in which something was published, the oldest first."""
    days = {
        *PublishedReport.objects.dates("shown_from", "year"),
        *Erratum.objects.dates("published_on", "year"),
    }
    return [str(day.year) for day in sorted(days) if day.year < today.year]


def _beside(year: str, years: list[str]) -> dict[str, str]:
    """The documents before and after that of `year`, which is "" for the current one."""
    found = {
        "current": [""] if year else [],
        "prev-archive": [one for one in years if not year or one < year][-1:],
        "next-archive": [one for one in years if year and one > year][:1],
    }
    return {how: _address(one) for how, those in found.items() for one in those}


def _address(year: str) -> str:
    named = reverse("feed-of-year", args=[year]) if year else reverse("published-feed")
    return f"{settings.SITE_URL}{named}"


def _written(rows: list[Any], entries: list[Erratum], year: str, beside: dict[str, str]) -> str:
    names = _names()
    synthetic = any(row.synthetic for row in [*rows, *entries])
    feed = Feed(
        title=f"{MARK if synthetic else ''}Published reports and errata{year and ', '}{year}",
        link=f"{settings.SITE_URL}/",
        description="Reports of members on their commitments, and errata, as they are published.",
        language="en",
        feed_url=_address(year),
        author_name="Commitment tracker",
        beside=beside,
    )
    items = [
        *(_of_report(row, names.get(row.member, row.member)) for row in rows),
        *map(_of_erratum, entries),
    ]
    items.sort(key=itemgetter("updateddate"), reverse=True)
    for item in items:
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

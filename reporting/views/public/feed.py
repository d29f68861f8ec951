"""What was published, newest first, as an Atom feed."""

import datetime as dt
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

from ...models import PublishedReport

NEWEST = 100
MARK = "[Synthetic] "


class Feed(Atom1Feed):
    """Atom whose time is that of its newest entry, and of the first text where there is none."""

    def latest_post_date(self) -> dt.datetime:
        days = [item["updateddate"] for item in self.items]
        return max(days, default=dt.datetime(2012, 12, 5, tzinfo=dt.UTC))


@access(anyone)
def published(request: HttpRequest) -> HttpResponse:
    """The newest publications and withdrawals, each with an address that never changes."""
    fresh = stamp(request, timezone.now())
    if (early := fresh.conditional(request)) is not None:
        return early
    rows = _newest(fresh.now.date())
    with translation.override("en"):
        body = _written(rows)
    answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    if any(row.synthetic for row in rows):
        answer["X-Data"] = "synthetic"
    return fresh.on(answer)


def _newest(today: dt.date) -> list[Any]:
    """Published versions by the day of their publication or, later, of their withdrawal."""
    ended = Coalesce("shown_until", "shown_from")
    changed_on = Case(When(withdrawn_because="", then=F("shown_from")), default=ended)
    rows = PublishedReport.objects.filter(shown_from__lte=today).annotate(changed_on=changed_on)
    return list(rows.order_by("-changed_on", "cycle", "member", "-version", "-pk")[:NEWEST])


def _written(rows: list[Any]) -> str:
    site, names = settings.SITE_URL, _names()
    feed = Feed(
        title=f"{MARK if any(row.synthetic for row in rows) else ''}Published reports",
        link=f"{site}/",
        description="Reports of members on their commitments, as they are published.",
        language="en",
        feed_url=f"{site}{reverse('published-feed')}",
        author_name="Commitment tracker",
    )
    for row in rows:
        code = f"{row.cycle}-{row.member}"
        day = dt.datetime.combine(row.shown_from, dt.time(), dt.UTC)
        feed.add_item(
            title=_title(row, names.get(row.member, row.member)),
            link=f"{site}{reverse('member', args=[row.member])}",
            description=escape(_words(row)),  # a summary is read as HTML
            unique_id=f"tag:{urlsplit(site).hostname},2026:published/{code}/{row.version}",
            unique_id_is_permalink=False,
            pubdate=day,
            updateddate=dt.datetime.combine(row.changed_on, dt.time(), dt.UTC),
            categories=["synthetic"] if row.synthetic else [],
        )
    return feed.writeString("utf-8")


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

"""Addresses that everyone may read."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from ..exports.figures import figures
from ..views.public import (
    calendars,
    commitments,
    compare,
    downloads,
    errata,
    feed,
    found,
    home,
    matrix,
    members,
    reports,
    rounds,
    search,
    statements,
    sums,
    texts,
    verify,
    zips,
)
from ..views.public.fresh import fresh


def page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    """A page that shows what is in the database and nothing else, so that caches may keep it."""
    return read_only(route, fresh(view), name)


def read_only(route: str, view: Callable[..., HttpResponse], name: str, **facts: str) -> URLPattern:
    """What is read and never sent to: any other method gets 405."""
    read = require_safe(view)
    read.only_read = True  # type: ignore[attr-defined]  # asked before a form's token is
    return path(route, read, facts, name=name)


urlpatterns: list[URLPattern | URLResolver] = [
    page("", home.home, "home"),
    read_only("robots.txt", found.robots, "robots"),
    read_only("sitemap.xml", found.sitemap, "sitemap"),
    page("statements/", statements.statements, "statements"),
    page("statements/<slug:code>/", statements.statement, "statement"),
    page("commitments/", commitments.commitments, "commitments"),
    page("commitments/<slug:reference>/", commitments.commitment, "commitment"),
    page("members/", members.members, "members"),
    page("members/<slug:code>/", members.member, "member"),
    read_only("members/<slug:code>/calendar.ics", calendars.member_calendar, "member-calendar"),
    page("matrix/", matrix.matrix, "matrix"),
    page("compare/", compare.compare, "compare"),
    page("reports/<slug:code>/", reports.report, "published-report"),
    page("cycles/", rounds.rounds, "cycles"),
    page("cycles/<slug:code>/", rounds.round_of_reports, "cycle"),
    page("summaries/", sums.summaries, "summaries"),
    page("summaries/<slug:scope>/", sums.summary, "summary"),
    read_only("summaries/<slug:scope>.pdf", sums.report, "summary-report"),
    read_only("summaries/<slug:scope>.csv", figures, "summary-csv", form="csv"),
    read_only("summaries/<slug:scope>.xlsx", figures, "summary-workbook", form="xlsx"),
    page("search/", search.search, "search"),
    path("verify/", verify.verify, name="verify"),
    page("about/", texts.about, "about"),
    read_only("data/", downloads.data, "data"),
    page("data/dictionary/", downloads.dictionary_page, "dictionary"),
    page("data/errata/", errata.errata, "errata"),
    read_only("data/bulk/", zips.zips, "zips"),
    read_only("data/bulk/SHA256SUMS", zips.sums, "zip-sums"),
    read_only("data/bulk/asked.zip", zips.asked_zip, "asked-zip"),
    read_only("data/bulk/<slug:day>.zip", zips.kept_zip, "bulk"),
    read_only("feeds/published.atom", feed.published, "published-feed"),
    read_only("feeds/published-<slug:year>.atom", feed.published_in, "feed-of-year"),
    read_only("api/", texts.api, "api"),  # a body is packed there, so it varies by that alone
    read_only("calendar.ics", calendars.calendar, "calendar"),
]

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
    home,
    matrix,
    members,
    rounds,
    search,
    statements,
    sums,
    texts,
    verify,
    zips,
)


def page(route: str, view: Callable[..., HttpResponse], name: str, **facts: str) -> URLPattern:
    """A page that is read and never sent to: any other method gets 405."""
    read = require_safe(view)
    read.only_read = True  # type: ignore[attr-defined]  # asked before a form's token is
    return path(route, read, facts, name=name)


urlpatterns: list[URLPattern | URLResolver] = [
    page("", home.home, "home"),
    page("statements/", statements.statements, "statements"),
    page("statements/<slug:code>/", statements.statement, "statement"),
    page("commitments/", commitments.commitments, "commitments"),
    page("commitments/<slug:reference>/", commitments.commitment, "commitment"),
    page("members/", members.members, "members"),
    page("members/<slug:code>/", members.member, "member"),
    page("members/<slug:code>/calendar.ics", calendars.member_calendar, "member-calendar"),
    page("matrix/", matrix.matrix, "matrix"),
    page("compare/", compare.compare, "compare"),
    page("cycles/", rounds.rounds, "cycles"),
    page("cycles/<slug:code>/", rounds.round_of_reports, "cycle"),
    page("summaries/", sums.summaries, "summaries"),
    page("summaries/<slug:scope>/", sums.summary, "summary"),
    page("summaries/<slug:scope>.pdf", sums.report, "summary-report"),
    page("summaries/<slug:scope>.csv", figures, "summary-csv", form="csv"),
    page("summaries/<slug:scope>.xlsx", figures, "summary-workbook", form="xlsx"),
    page("search/", search.search, "search"),
    path("verify/", verify.verify, name="verify"),
    page("about/", texts.about, "about"),
    page("data/", downloads.data, "data"),
    page("data/dictionary/", downloads.dictionary_page, "dictionary"),
    page("data/errata/", errata.errata, "errata"),
    page("data/bulk/", zips.zips, "zips"),
    page("data/bulk/SHA256SUMS", zips.sums, "zip-sums"),
    page("data/bulk/asked.zip", zips.asked_zip, "asked-zip"),
    page("data/bulk/<slug:day>.zip", zips.kept_zip, "bulk"),
    page("feeds/published.atom", feed.published, "published-feed"),
    page("api/", texts.api, "api"),
    page("calendar.ics", calendars.calendar, "calendar"),
]

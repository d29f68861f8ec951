"""Leaks that somebody could build in good faith. The walk must catch each of them.

Each is put into the process that asks, before it builds and asks anything; what it does to the
database is undone with the rest. `where` begins the addresses at which it must show; `planted`
says whether looking for a word of an unpublished text in the answers would have shown it as well.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import clear_url_caches, path

from members.access import access, anyone
from members.api import freshness
from members.api.problems import Fault, Refused
from members.api.views import ApiView
from members.models import User
from reporting import calendars as written
from reporting import figures, filters
from reporting.api.stored import Progress, Reports
from reporting.exports import bulk, source
from reporting.models import Answer, Extension, PublishedReport, Report
from reporting.summaries import counting
from reporting.urls import public as addresses
from reporting.views.public import calendars, feed, search, verify
from tests.worlds.surface import area_of


@dataclass(frozen=True)
class Leak:
    """One leak: what it is, how it is put in, where it shows."""

    name: str
    put_in: Callable[[], None]
    where: tuple[str, ...]
    planted: bool


LEAKS: dict[str, list[Leak]] = {"data": [], "pages": []}


def leak(*where: str, planted: bool = False) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Enters a leak under the name of its function."""

    def enter(put_in: Callable[[], None]) -> Callable[[], None]:
        half = "data" if area_of(where[0]) in ("api", "files") else "pages"
        LEAKS[half].append(Leak(put_in.__name__.replace("_", " "), put_in, where, planted))
        return put_in

    return enter


def _wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Puts `around(before, *args, **kwargs)` in the place of an attribute, for this process."""
    before = getattr(owner, name)
    patch.object(owner, name, lambda *args, **kwargs: around(before, *args, **kwargs)).start()


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@leak("/api/v1/progress/", planted=True)
def the_api_reads_the_answers_as_they_stand_now() -> None:
    def rows(before: Any, self: Any, objects: Any, moment: Any) -> list[Any]:
        return [orjson.Fragment(_as_it_stands(text)) for text, *_ in objects]

    _wrap(Progress, "rows", rows)


def _as_it_stands(text: str) -> str:
    row = json.loads(text)
    now = Answer.objects.filter(
        report__cycle__code=row["cycle"],
        report__member__code=row["member"]["code"],
        commitment__reference=row["commitment"],
    ).first()
    return json.dumps(row | {"next_steps": now.next_steps if now else None})


@leak("/api/v1/exports/progress.ndjson", planted=True)
def an_export_gives_the_words_that_are_withheld() -> None:
    def lines(self: source.Stored, column: str = "row", after: str = "") -> Iterator[bytes]:
        for row in self.ordered.values_list("row", flat=True):
            yield _as_it_stands(row).encode() + after.encode()

    patch.object(source.Stored, "__iter__", lines).start()
    patch.object(source.Stored, "copied", lines).start()


@leak("/api/v1/cycles/2")
def a_count_of_published_reports_counts_accepted_ones() -> None:
    def published(self: figures.Round) -> dict[str, str]:
        found = Report.objects.filter(cycle=self.cycle, state__in=["accepted", "published"])
        return dict(found.values_list("member__code", "member__kind"))

    patch.object(figures.Round, "published", property(published)).start()


@leak("/api/v1/summaries/")
def a_summary_counts_drafts_among_the_answers() -> None:
    def figures_of(before: Any, self: counting.Counted, scope: Any) -> Any:
        told = before(self, scope)
        drafts = Answer.objects.filter(report__cycle=self.seen.cycle, status="planned").count()
        for of_kind in told.values():
            if of_kind["answers_planned"]["numerator"] is not None:
                of_kind["answers_planned"]["numerator"] += drafts
        return told

    _wrap(counting.Counted, "figures", figures_of)


@leak("/feeds/")
def an_etag_of_everything_that_is_stored() -> None:
    def stamp(before: Any, request: HttpRequest, now: dt.datetime) -> freshness.Stamp:
        fresh = before(request, now)
        stored = Answer.objects.exclude(status="").count()
        return freshness.Stamp(f'"{fresh.etag[1:20]}-{stored}"', fresh.changed_at, now)

    _wrap(freshness, "stamp", stamp)
    patch.object(feed, "stamp", freshness.stamp).start()


@leak("/api/v1/statements/2012/")
def the_public_version_moves_when_an_answer_is_saved() -> None:
    _sql(
        "CREATE FUNCTION leak() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE members_publicversion SET number = number + 1; RETURN NULL; END $$"
    )
    _sql(
        "CREATE TRIGGER leak AFTER INSERT ON reporting_answerversion "
        "FOR EACH STATEMENT EXECUTE FUNCTION leak()"
    )


@leak("/feeds/", "/calendar.ics")
def last_modified_moves_when_a_decision_is_taken() -> None:
    _sql(
        "CREATE FUNCTION leak() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE members_publicversion SET changed_at = '2026-06-01'; RETURN NULL; END $$"
    )
    _sql(
        "CREATE TRIGGER leak AFTER INSERT ON reporting_extension "
        "FOR EACH STATEMENT EXECUTE FUNCTION leak()"
    )


@leak("/search/")
def the_search_counts_hits_in_unpublished_answers() -> None:
    def found(before: Any, q: str, moment: Any, number: int) -> dict[str, Any]:
        hits = Answer.objects.filter(narrative__icontains=q).count()
        given = before(q, moment, number)
        return given | {"answers_found": given["answers_found"] + hits}

    _wrap(search, "_found", found)


@leak("/api/v1/progress/?q")
def the_filter_q_searches_the_words_that_are_withheld() -> None:
    def saying(before: Any, self: Any, found: Any, name: str, question: Any) -> Any:
        live = Answer.objects.filter(
            report__cycle__code=OuterRef("cycle"),
            report__member__code=OuterRef("member"),
            commitment__reference=OuterRef("commitment"),
            narrative__icontains=self.data["q"],
        )
        return found.filter(Exists(live))

    _wrap(filters.ProgressFilters, "saying", saying)


@leak("/feeds/")
def the_feed_announces_accepted_reports() -> None:
    def newest(before: Any, today: dt.date) -> list[Any]:
        accepted = Report.objects.filter(state="accepted").select_related("cycle", "member")
        told = []
        for report in accepted:
            one = PublishedReport(cycle=report.cycle.code, member=report.member.code, version=1)
            one.shown_from = one.changed_on = today
            told.append(one)
        return [*told, *before(today)]

    _wrap(feed, "_newest", newest)


@leak("/feeds/")
def the_feed_names_its_entries_by_their_row() -> None:
    def newest(before: Any, today: dt.date) -> list[Any]:
        rows = before(today)
        for row in rows:
            row.version = row.pk
        return rows

    _wrap(feed, "_newest", newest)


@leak("/members/GHA/calendar.ics")
def a_calendar_shows_a_due_day_that_is_not_announced() -> None:
    def rounds_of(before: Any, member: Any, today: dt.date) -> Any:
        yield from before(member, today)
        for extension in Extension.objects.filter(member=member).exclude(due_on=None):
            extension.published_on = today
            yield written.published_extension(extension)

    _wrap(calendars, "_rounds_of", rounds_of)


@leak("/search/suggest/")
def a_new_address_suggests_words_and_nobody_told_the_test() -> None:
    @access(anyone)
    def suggest(request: HttpRequest) -> HttpResponse:
        words = Report.objects.exclude(state="published").values_list("member__code", flat=True)
        return JsonResponse({"often": sorted(set(words))})

    addresses.urlpatterns.insert(0, path("search/suggest/", suggest))
    from reporting import urls

    urls.urlpatterns.insert(0, path("search/suggest/", suggest))
    clear_url_caches()


@leak("/api/v1/reports/")
def a_refusal_tells_that_there_is_a_report() -> None:
    def one(before: Any, self: Any, key: str, moment: Any) -> Any:
        if Report.objects.coded(key).exclude(state="published").exists():
            raise Refused(403, Fault("address", "forbidden", "It is not published yet."))
        return before(self, key, moment)

    _wrap(Reports, "one", one)


@leak("/api/v1/summaries/?scope")
def an_error_tells_that_there_is_a_report() -> None:
    def known(before: Any) -> set[str]:
        return {*before(), *(report.code for report in Report.objects.all())}

    before = filters.scopes
    declared = filters.SummaryFilters.base_filters["scope"]
    declared.extra["known"] = lambda: known(before)


@leak("/api/v1/indicators/")
def a_header_tells_how_many_drafts_there_are() -> None:
    def finalize(before: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = before(self, *args, **kwargs)
        answer["X-Rows-Considered"] = str(Answer.objects.exclude(status="").count())
        return answer

    _wrap(ApiView, "finalize_response", finalize)


@leak("/data/bulk/")
def the_zip_of_a_day_holds_the_answers_as_they_stand() -> None:
    def taken(before: Any, resource: Any, found: Any, moment: Any) -> Any:
        lines, synthetic = before(resource, found, moment)
        if resource.name == "progress":
            lines = [_as_it_stands(line.decode()).encode() for line in lines]
        return lines, synthetic

    patch.object(bulk, "taken", lambda *args: taken(source.taken, *args)).start()


@leak("/accounts/password/reset/")
def a_lost_password_tells_who_has_an_account() -> None:
    from allauth.account.views import PasswordResetView

    def valid(before: Any, self: Any, form: Any) -> HttpResponse:
        answer = before(self, form)
        if not User.objects.filter(email=form.cleaned_data["email"]).exists():
            answer["Location"] = "/accounts/password/reset/?unknown"
        return answer

    _wrap(PasswordResetView, "form_valid", valid)


@leak("/verify/")
def an_acknowledgement_is_told_from_none_without_its_hash() -> None:
    def judged(before: Any, reference: str, *more: str, **named: Any) -> tuple[str, Any]:
        known = Report.objects.coded(reference).filter(versions__isnull=False).exists()
        return ("earlier", None) if known else before(reference, *more, **named)

    _wrap(verify, "judged", judged)


@leak("/cycles/2026/", "/calendar.ics")
def a_public_fact_is_changed_by_what_is_not_public() -> None:
    """A leak below all views."""
    _sql(
        "UPDATE reporting_cycle SET due_on = due_on + invited.count "
        "FROM (SELECT count(*)::int FROM members_invitation) AS invited"
    )

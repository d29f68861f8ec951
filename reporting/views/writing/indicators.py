"""The yearly figures of a report: the years, one year's form, and the verdict on it while typed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import rules
from members.access import access, part
from members.typed import keeps_typed, put_back

from ... import actions, observations, workflow
from ...forms.observations import ObservationForm
from ...models import Indicator, Observation, Report
from ...questions import may_observe
from ..moments import at_the_right_moment, person
from . import shown

PAGE, VERDICT = "reporting/writing/figure.html", "reporting/writing/_verdict.html"


@access(rules.may_write)
@require_safe
def indicators(request: HttpRequest, code: str) -> HttpResponse:
    """Every year that the report may tell, with what was told, and the verdict on it."""
    report = shown.own_report(request, code)
    found = _asked_of(request, report)
    if not found:
        raise Http404
    groups = [{"indicator": one, "rows": _rows(report, one)} for one in found]
    context = {"report": report, "groups": groups, "writable": report.state in workflow.OPEN}
    return render(request, "reporting/writing/indicators.html", context)


def _asked_of(request: HttpRequest, report: Report) -> list[Indicator]:
    """The indicators of the questions that the reader is shown."""
    asked = {question.reference for question in shown.asked_of(request, report)}
    found = Indicator.objects.filter(commitment__reference__in=asked)
    return list(found.select_related("commitment__statement"))


def _rows(report: Report, indicator: Indicator) -> list[dict[str, Any]]:
    """A row per year, newest first: what stands, and the verdict where a number was given."""
    stands = {one.year: one for one in _told(report, indicator)}
    rows = [{"year": year, **one.said()} for year, one in stands.items()]
    return [
        {
            "year": year,
            "told": stands.get(year),
            "verdict": observations.verdict(rows, year) if year in stands else None,
        }
        for year in observations.years(report.cycle, indicator, shown.today())
    ]


def _told(report: Report, indicator: Indicator) -> list[Observation]:
    found = Observation.objects.filter(member=report.member, indicator=indicator)
    return list(found.exclude(state="").select_related("saved_by"))


@keeps_typed
@access(rules.may_write)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def figure(request: HttpRequest, code: str, indicator: str, year: int) -> HttpResponse:
    """One year with its form; a save that would overwrite another's answers 409 with both."""
    report, found = _place(request, code, indicator, year)
    if request.method != "POST":
        form = _fresh(request, report, found, year)
        return _page(request, report, found, year, form)
    form = ObservationForm(request.POST)
    if not form.is_valid():
        return _page(request, report, found, year, form, status=400)
    return _save(request, report, found, year, form)


def _place(request: HttpRequest, code: str, name: str, year: int) -> tuple[Report, Indicator]:
    """The report and the indicator; 404 for what the reader is not asked."""
    report = shown.own_report(request, code)
    for one in _asked_of(request, report):
        if one.code == name and year in observations.years(report.cycle, one, shown.today()):
            return report, one
    raise Http404


def _fresh(request: HttpRequest, report: Report, indicator: Indicator, year: int) -> Any:
    """The form with what is saved, or with what was typed before the session ended."""
    of = {"member": report.member, "indicator": indicator, "year": year}
    stands = Observation.objects.filter(**of).first() or Observation(**of)
    form = ObservationForm(initial={**stands.said(), "base_version": stands.version})
    return put_back(request, form)


def _save(
    request: HttpRequest, report: Report, indicator: Indicator, year: int, form: ObservationForm
) -> HttpResponse:
    said, base = form.said(), form.cleaned_data["base_version"]
    facts: dict[str, Any] = {"by": person(request), "at": timezone.now()}
    try:
        actions.save_observation(report, indicator, year, said=said, base_version=base, **facts)
    except actions.ObservationChanged as changed:
        again = {**changed.mine, "base_version": changed.theirs.version}
        form = ObservationForm(initial=again)
        return _page(request, report, indicator, year, form, theirs=changed.theirs, status=409)
    messages.success(request, _("Saved."))
    return redirect("report-figure", report.code, indicator.code, year)


def _page(
    request: HttpRequest,
    report: Report,
    indicator: Indicator,
    year: int,
    form: ObservationForm,
    theirs: Observation | None = None,
    status: int = 200,
) -> HttpResponse:
    row = next(row for row in _rows(report, indicator) if row["year"] == year)
    may = may_observe(person(request), report, indicator.commitment)
    context = {
        "report": report,
        "indicator": indicator,
        "year": year,
        "told": row["told"],
        "verdict": row["verdict"],
        "form": form,
        "theirs": theirs,
        "writable": may and report.state in workflow.OPEN,
        "may": may,
    }
    return render(request, PAGE, context, status=status)


@access(rules.may_write)
@require_POST
def verdict(request: HttpRequest, code: str, indicator: str, year: int) -> HttpResponse:
    """The verdict on the year as it would be with what is typed; nothing is saved."""
    report, found = _place(request, code, indicator, year)
    form = ObservationForm(request.POST)
    if not form.is_valid():
        return part(request, VERDICT, {"unclear": True})
    told = [{"year": one.year, **one.said()} for one in _told(report, found) if one.year != year]
    typed = {"year": year, **form.said()}
    return part(request, VERDICT, {"verdict": observations.verdict([*told, typed], year)})

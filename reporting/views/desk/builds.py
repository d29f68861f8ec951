"""The long jobs: how far the one that runs is, and how long the last ones took."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members import rules
from members.access import access

from ...models import Build
from ...summaries import progress

JOBS = {
    Build.Job.SUMMARIES: _("Building of summaries"),
    Build.Job.REPORTS: _("Printing of reports"),
}
STEPS = {
    "counting": _("Counting rounds"),
    "figures": _("Making figures"),
    "printing": _("Printing reports"),
    "": _("Beginning"),
}
SILENT = dt.timedelta(hours=1)  # a run that began before is not running: it was killed
LATEST = 10


@access(rules.in_secretariat)
@require_safe
def builds(request: HttpRequest) -> HttpResponse:
    """Each job: what it is at, the last run that came to its end, and the runs before."""
    now = timezone.now()
    jobs = [_job(job, words, now) for job, words in JOBS.items()]
    running = any(job["running"] for job in jobs)
    fragment = request.headers.get("HX-Request") == "true"
    template = "reporting/desk/_builds.html" if fragment else "reporting/desk/builds.html"
    context = {
        "jobs": jobs,
        "running": running,
        "now": now,
        "stale": progress.stale_since(now) is not None,
    }
    return render(request, template, context)


def _job(job: str, words: Any, now: dt.datetime) -> dict[str, Any]:
    newest, last = progress.newest(job), progress.last_finished(job)
    running = newest if newest and not newest.finished_at else None
    stopped = running is not None and now - running.started_at > SILENT
    latest = Build.objects.filter(job=job, finished_at__isnull=False)[:LATEST]
    return {
        "words": words,
        "running": None if stopped else running,
        "stopped": running if stopped else None,
        "step": STEPS.get(running.step, running.step) if running else "",
        "last": last,
        "took": _took(last),
        "latest": [(run, _took(run)) for run in latest],
    }


def _took(run: Build | None) -> float | None:
    """How many seconds a finished run took."""
    if run is None or run.finished_at is None:
        return None
    return (run.finished_at - run.started_at).total_seconds()

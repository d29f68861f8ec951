"""Addresses for those who write for a member."""

from django.urls import URLPattern, URLResolver, path

from ..views.public.asked import unasked
from ..views.writing import answers, reports, submission

REPORT = "reporting/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reporting/", unasked(reports.my_reports), name="my-reports"),
    path(REPORT, unasked(reports.home), name="report-home"),
    path(f"{REPORT}start/", unasked(reports.start), name="report-start"),
    path(f"{REPORT}answers/<slug:reference>/", unasked(answers.answer), name="answer"),
    path(
        f"{REPORT}answers/<slug:reference>/no-change/", unasked(answers.unchanged), name="no-change"
    ),
    path(f"{REPORT}check/", unasked(submission.check), name="report-check"),
    path(f"{REPORT}submit/", unasked(submission.submit), name="report-submit"),
    path(
        f"{REPORT}submitted/<int:number>/", unasked(submission.submitted), name="report-submitted"
    ),
    path(f"{REPORT}preview/", unasked(submission.preview), name="report-preview"),
    path(f"{REPORT}agree/", unasked(submission.agree), name="report-agree"),
    path(f"{REPORT}recall/", unasked(reports.recall), name="report-recall"),
    path(f"{REPORT}reopen/", unasked(reports.reopen), name="report-reopen"),
]

"""Addresses for those who write for a member."""

from django.urls import URLPattern, URLResolver, path

from ..views.writing import (
    answers,
    calendar,
    comments,
    confirming,
    extension,
    handover,
    indicators,
    language,
    offline,
    people,
    previewing,
    proposals,
    reports,
    submission,
    versions,
)

REPORT = "reporting/<slug:code>/"
ANSWER = f"{REPORT}answers/<slug:reference>/"
FIGURE = f"{REPORT}indicators/<slug:indicator>/<int:year>/"
SUBMITTED = f"{REPORT}submitted/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/<slug:secret>.ics", calendar.own_calendar, name="own-calendar"),
    path("reporting/", reports.my_reports, name="my-reports"),
    path(REPORT, reports.home, name="report-home"),
    path(f"{REPORT}language/", language.language, name="report-language"),
    path(f"{REPORT}start/", reports.start, name="report-start"),
    path(f"{REPORT}answers/<slug:reference>/", answers.answer, name="answer"),
    path(f"{REPORT}answers/<slug:reference>/no-change/", answers.unchanged, name="no-change"),
    path(f"{REPORT}comments/", comments.comments, name="report-comments"),
    path(f"{REPORT}comments/<int:number>/", comments.reply, name="report-reply"),
    path(f"{ANSWER}proposal/", proposals.proposal, name="answer-proposal"),
    path(f"{ANSWER}versions/", proposals.versions, name="answer-versions"),
    path(f"{REPORT}indicators/", indicators.indicators, name="report-indicators"),
    path(FIGURE, indicators.figure, name="report-figure"),
    path(f"{FIGURE}verdict/", indicators.verdict, name="report-verdict"),
    path(f"{REPORT}brief/", handover.brief, name="report-brief"),
    path(f"{REPORT}people/hand-over/", handover.hand_over, name="report-hand-over"),
    path(f"{REPORT}people/", people.people, name="report-people"),
    path(f"{REPORT}people/invite/", people.invite, name="report-invite"),
    path(f"{REPORT}people/take-back/", people.take_back, name="report-take-back"),
    path(f"{REPORT}people/<int:pk>/remind/", people.remind, name="report-remind"),
    path(f"{REPORT}people/<int:pk>/view/", people.view, name="report-view-of"),
    path(f"{REPORT}offline/", offline.offline, name="report-offline"),
    path(f"{REPORT}offline/workbook/", offline.workbook, name="report-workbook"),
    path(f"{REPORT}offline/preview/", offline.preview, name="report-workbook-preview"),
    path(f"{REPORT}offline/save/", offline.take_over, name="report-workbook-save"),
    path(f"{REPORT}offline/paper/", offline.paper, name="report-paper"),
    path(f"{REPORT}check/", submission.check, name="report-check"),
    path(f"{REPORT}submit/", submission.submit, name="report-submit"),
    path(f"{REPORT}submitted/<int:number>/", submission.submitted, name="report-submitted"),
    path(f"{SUBMITTED}acknowledgement.txt", versions.acknowledgement, name="acknowledgement"),
    path(f"{SUBMITTED}report.json", versions.canonical, name="canonical"),
    path(f"{REPORT}extension/", extension.extension, name="report-extension"),
    path(f"{REPORT}versions/", versions.versions, name="report-versions"),
    path(f"{REPORT}preview/", previewing.preview, name="report-preview"),
    path(f"{REPORT}agree/", previewing.agree, name="report-agree"),
    path(f"{REPORT}object/", previewing.object_to, name="report-object"),
    path(f"{REPORT}confirm/", confirming.confirm, name="report-confirm"),
    path(f"{REPORT}dispute/", confirming.dispute, name="report-dispute"),
    path(f"{REPORT}recall/", reports.recall, name="report-recall"),
    path(f"{REPORT}reopen/", reports.reopen, name="report-reopen"),
]

"""The addresses of this app."""

from django.urls import path

from .views import meetings, parts, printed, publication, record, statements

DRAFT = "secretariat/statements/<int:number>/"

urlpatterns = [
    path(
        "secretariat/members/<slug:code>/signatures/", record.signatures, name="record-signatures"
    ),
    path("secretariat/meetings/", meetings.meetings, name="desk-meetings"),
    path("secretariat/meetings/new/", meetings.new, name="desk-meeting-new"),
    path("secretariat/meetings/<int:number>/", meetings.meeting, name="desk-meeting"),
    path("secretariat/statements/", statements.statements, name="desk-statements"),
    path("secretariat/statements/new/", statements.new, name="desk-statement-new"),
    path(DRAFT, statements.draft, name="desk-draft"),
    path(f"{DRAFT}parts/", parts.parts, name="desk-draft-parts"),
    path(f"{DRAFT}parts/<int:part>/", parts.part, name="desk-draft-part"),
    path(f"{DRAFT}names/", printed.names, name="desk-draft-names"),
    path(f"{DRAFT}preview/", publication.preview, name="desk-draft-preview"),
    path(f"{DRAFT}publish/", publication.publish, name="desk-draft-publish"),
]

"""The addresses of this app."""

from django.urls import path

from .views import meetings, record

urlpatterns = [
    path(
        "secretariat/members/<slug:code>/signatures/", record.signatures, name="record-signatures"
    ),
    path("secretariat/meetings/", meetings.meetings, name="desk-meetings"),
    path("secretariat/meetings/new/", meetings.new, name="desk-meeting-new"),
    path("secretariat/meetings/<int:number>/", meetings.meeting, name="desk-meeting"),
]

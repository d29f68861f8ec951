"""The addresses of this app."""

from django.urls import path

from .views import record

urlpatterns = [
    path(
        "secretariat/members/<slug:code>/signatures/", record.signatures, name="record-signatures"
    ),
]

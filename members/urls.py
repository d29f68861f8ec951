"""Pages about members that need nothing from the apps above."""

from django.urls import path

from . import views

urlpatterns = [path("design/", views.gallery, name="design")]

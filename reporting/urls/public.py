"""Addresses that everyone may read."""

from django.urls import URLPattern, URLResolver, path

from ..views.public import commitments, members, statements

urlpatterns: list[URLPattern | URLResolver] = [
    path("statements/", statements.statements, name="statements"),
    path("statements/<slug:code>/", statements.statement, name="statement"),
    path("commitments/", commitments.commitments, name="commitments"),
    path("commitments/<slug:reference>/", commitments.commitment, name="commitment"),
    path("members/", members.members, name="members"),
    path("members/<slug:code>/", members.member, name="member"),
]

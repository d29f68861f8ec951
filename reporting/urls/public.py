"""Addresses that everyone may read."""

from django.urls import URLPattern, URLResolver, path

from ..views.public import commitments, home, matrix, members, rounds, search, statements, texts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("statements/", statements.statements, name="statements"),
    path("statements/<slug:code>/", statements.statement, name="statement"),
    path("commitments/", commitments.commitments, name="commitments"),
    path("commitments/<slug:reference>/", commitments.commitment, name="commitment"),
    path("members/", members.members, name="members"),
    path("members/<slug:code>/", members.member, name="member"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("cycles/", rounds.rounds, name="cycles"),
    path("cycles/<slug:code>/", rounds.round_of_reports, name="cycle"),
    path("search/", search.search, name="search"),
    path("about/", texts.about, name="about"),
    path("data/", texts.data, name="data"),
    path("api/", texts.api, name="api"),
]

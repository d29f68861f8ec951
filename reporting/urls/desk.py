"""Addresses for the secretariat."""

from django.urls import URLPattern, URLResolver, path

from ..views.desk import errata, rehearsal, reviews, rounds, today
from ..views.public.asked import unasked

REPORT = "secretariat/reports/<slug:code>/"
REHEARSAL = "secretariat/rehearsal/"
ROUND = "secretariat/rounds/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("secretariat/", unasked(today.today), name="desk"),
    path("secretariat/reviews/", reviews.reviews, name="desk-reviews"),
    path("secretariat/errata/", unasked(errata.errata), name="desk-errata"),
    path(REPORT, unasked(reviews.report), name="desk-report"),
    path(f"{REPORT}start-review/", unasked(reviews.start_review), name="desk-start-review"),
    path(f"{REPORT}return/", unasked(reviews.send_back), name="desk-return"),
    path(f"{REPORT}accept/", unasked(reviews.accept), name="desk-accept"),
    path(f"{REPORT}publish/", unasked(reviews.publish), name="desk-publish"),
    path(f"{REPORT}withdraw/", unasked(reviews.withdraw), name="desk-withdraw"),
    path(REHEARSAL, rehearsal.rehearsal, name="rehearsal"),
    path(
        f"{REHEARSAL}<int:reader>/<slug:day>/", unasked(rehearsal.letter), name="rehearsal-letter"
    ),
    path(ROUND, unasked(rounds.desk_round), name="desk-round"),
    path(f"{ROUND}announce/", unasked(rounds.announce), name="desk-announce"),
    path(f"{ROUND}extensions/<slug:member>/", unasked(rounds.extension), name="desk-extension"),
]

"""Addresses for the secretariat."""

from django.urls import URLPattern, URLResolver, path

from ..views.desk import (
    builds,
    collective,
    comments,
    entering,
    erasures,
    errata,
    extensions,
    guidance,
    handover,
    importing,
    ledger,
    members,
    merging,
    plans,
    record,
    rehearsal,
    reviewers,
    reviews,
    rounds,
    support,
    today,
    versions,
)

REPORT = "secretariat/reports/<slug:code>/"
COLLECTIVE = "secretariat/collective/<slug:code>/<slug:reference>/"
REHEARSAL = "secretariat/rehearsal/"
RECORD = "secretariat/members/<slug:code>/"
ROUND = "secretariat/rounds/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("secretariat/", today.today, name="desk"),
    path("secretariat/import/", importing.importing, name="desk-import"),
    path(
        "secretariat/import/<slug:code>.<slug:ending>", importing.rows_file, name="desk-rows-file"
    ),
    path("secretariat/members/", members.members, name="desk-members"),
    path("secretariat/members.<slug:ending>", members.members_file, name="desk-members-file"),
    path(f"{RECORD}reports/", record.reports, name="record-reports"),
    path(f"{RECORD}reminders/", record.reminders, name="record-reminders"),
    path(f"{RECORD}hand-over/", handover.hand_over, name="desk-hand-over"),
    path(f"{RECORD}merge/", merging.merge, name="desk-merge"),
    path(f"{RECORD}history/", record.history, name="record-history"),
    path("secretariat/reviews/", reviews.reviews, name="desk-reviews"),
    path("secretariat/operations/builds/", builds.builds, name="builds"),
    path("secretariat/support/", support.support, name="desk-support"),
    path("secretariat/erasures/", erasures.erasures, name="erasures"),
    path("secretariat/erasures/<int:number>/", erasures.erasure, name="erasure"),
    path("secretariat/erasures/<int:number>/confirm/", erasures.confirm, name="erase"),
    path("secretariat/erasures/<int:number>/drop/", erasures.drop, name="drop-erasure"),
    path("secretariat/errata/", errata.errata, name="desk-errata"),
    path("secretariat/guidance/", guidance.all_guidance, name="desk-guidance"),
    path("secretariat/guidance/<slug:reference>/", guidance.guidance, name="desk-guidance-of"),
    path("secretariat/collective/", collective.all_collective, name="desk-all-collective"),
    path(COLLECTIVE, collective.collective, name="desk-collective"),
    path(f"{COLLECTIVE}publish/", collective.publish_collective, name="desk-publish-collective"),
    path(REPORT, reviews.report, name="desk-report"),
    path(f"{REPORT}enter/", entering.enter, name="desk-enter"),
    path(f"{REPORT}start-review/", reviews.start_review, name="desk-start-review"),
    path(f"{REPORT}take/", reviewers.take, name="desk-take"),
    path(f"{REPORT}give-back/", reviewers.give_back, name="desk-give-back"),
    path(f"{REPORT}reviewer/", reviewers.assign, name="desk-assign"),
    path(f"{REPORT}return/", reviews.send_back, name="desk-return"),
    path(f"{REPORT}accept/", reviews.accept, name="desk-accept"),
    path(f"{REPORT}publish/", reviews.publish, name="desk-publish"),
    path(f"{REPORT}withdraw/", reviews.withdraw, name="desk-withdraw"),
    path(f"{REPORT}versions/", versions.versions, name="desk-versions"),
    path(f"{REPORT}comments/", comments.comment, name="desk-comment"),
    path(f"{REPORT}comments/<int:number>/", comments.reply, name="desk-reply"),
    path(f"{REPORT}comments/<int:number>/resolve/", comments.resolve, name="desk-resolve"),
    path("secretariat/extensions/", extensions.requests, name="desk-requests"),
    path("secretariat/extensions/<int:number>/", extensions.refuse, name="desk-refuse"),
    path(f"{ROUND}extensions/", extensions.extend_all, name="desk-extend-all"),
    path("secretariat/outbox/", ledger.ledger, name="outbox"),
    path("secretariat/outbox/messages.<slug:ending>", ledger.ledger_file, name="ledger-file"),
    path(REHEARSAL, rehearsal.rehearsal, name="rehearsal"),
    path(f"{REHEARSAL}<int:reader>/<slug:day>/", rehearsal.letter, name="rehearsal-letter"),
    path(ROUND, rounds.desk_round, name="desk-round"),
    path(f"{ROUND}reminders/", plans.reminder_plan, name="reminder-plan"),
    path(f"{ROUND}tell/", rounds.tell, name="desk-tell"),
    path(f"{ROUND}announce/", rounds.announce, name="desk-announce"),
    path(f"{ROUND}extensions/<slug:member>/", rounds.extension, name="desk-extension"),
]

"""Publication: an accepted version is copied into the rows that the public reads."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment
from commitments.search import searchable
from members.models import Member, User

from ..deadlines import timeliness
from ..models import Cycle, Extension, PublishedAnswer, PublishedReport, Receipt, Report, Version
from ..printing.keeping import recall
from ..rounds import is_expected
from ..serializers import (
    TEXTS,
    answer_rows,
    canonical_json,
    language_of,
    public_texts,
    report_row,
)
from ..summaries import rebuild_when_committed
from ..tables.lines import progress_line
from .moving import hold_for, record, required
from .notices import tell_of_report
from .observing import show_observations

WITHDRAWN = gettext_lazy(
    "The public note says: {note}\n\nThe report is accepted as before. It can be published again "
    "after a focal point has looked at it and agreed; if something has to be corrected first, ask "
    "the secretariat to return it to you."
)


@transaction.atomic
def publish(report: Report, *, by: User, on: dt.date, because: str = "") -> PublishedReport:
    """The published report, shown from `on`; rows of its earlier version end that day.

    What was withdrawn is published again `because` of a reason, which the event keeps. A decision
    to extend its due day, which says why it is in time, becomes public with it. Only after the
    member agreed, or PREVIEW_DAYS after acceptance. Raises ValidationError without that reason,
    and for a day that has not come, or lies before the earlier version's.
    """
    held = hold_for("publish", report, by=by, on=on)
    _not_in_the_future(on)
    _end_shown_rows(held, on=on)
    version = held.versions.latest("number")
    again = {"because": required(because)} if withdrawal_of(held, version) else {}
    published = _publish_report(held, version, on=on)
    _publish_answers(published, held, version, on=on)
    show_observations(held.member, on=on)
    give_receipt(held.cycle, held.member, report=held, on=on, now=version.submitted_at)
    _publish_decision(held, on=on)
    held.state = Report.State.PUBLISHED
    held.save()
    now = dt.datetime.now(dt.UTC)
    record("publish", held, by=by, at=now, version=version.number, on=on.isoformat(), **again)
    note = gettext_lazy("Everyone can read it now on the page of the member.")
    path = f"/members/{held.member.code}/"
    tell_of_report(held, gettext_lazy("published"), on=on, note=note, path=path)
    rebuild_when_committed()
    return published


def withdrawal_of(report: Report, version: Version) -> PublishedReport | None:
    """The publication of this version that a public note ended, if there was one; the last."""
    rows = PublishedReport.objects.filter(cycle=report.cycle.code, member=report.member.code)
    gone = rows.filter(version=version.number).exclude(withdrawn_because="")
    return gone.order_by("shown_until", "pk").last()


def _publish_decision(report: Report, *, on: dt.date) -> None:
    decided = Extension.objects.filter(cycle=report.cycle, member=report.member)
    decided.filter(published_on=None).update(published_on=Greatest("decided_on", Value(on)))


@transaction.atomic
def withdraw(report: Report, *, by: User, on: dt.date, because: str) -> Report:
    """The report as accepted again; its published rows end on `on`, with a public note, and no
    report on paper that may count it is given out any more.

    The receipt stays: that the report came is still true.
    """
    held = hold_for("withdraw", report, by=by, on=on)
    _not_in_the_future(on)
    _end_shown_rows(held, on=on, because=required(because))
    show_observations(held.member, on=on)
    recall()
    held.state = Report.State.ACCEPTED
    held.agreed_at = None
    held.save()
    record("withdraw", held, by=by, at=dt.datetime.now(dt.UTC), on=on.isoformat())
    note = format_lazy(WITHDRAWN, note=because.strip())
    tell_of_report(held, gettext_lazy("withdrawn from publication"), on=on, note=note)
    rebuild_when_committed()
    return held


def _not_in_the_future(on: dt.date) -> None:
    """Rows are shown as soon as they are written, so no later day can be promised."""
    if on > dt.datetime.now(dt.UTC).date():
        raise ValidationError(_("The day lies in the future."))


def _end_shown_rows(report: Report, *, on: dt.date, because: str = "") -> None:
    rows = {"cycle": report.cycle.code, "member": report.member.code}
    shown = PublishedReport.objects.shown().filter(**rows)
    if shown.filter(shown_from__gt=on).exists():
        raise ValidationError(_("The version before this one was published later."))
    shown.update(shown_until=on, withdrawn_because=because)
    PublishedAnswer.objects.shown().filter(**rows).update(shown_until=on)


def _publish_report(report: Report, version: Version, *, on: dt.date) -> PublishedReport:
    row = report_row(
        cycle=report.cycle.code,
        member=report.member.code,
        version=version.number,
        submitted_at=version.submitted_at,
        published_on=on,
        timeliness=timeliness_of(report.cycle, report.member, report, version.submitted_at),
        sha256=version.sha256,
        synthetic=report.synthetic,
    )
    return PublishedReport.objects.create(
        **_natural_key(report),
        version=version.number,
        **language_of(version),
        shown_from=on,
        synthetic=report.synthetic,
        row=canonical_json(row),
    )


def _natural_key(report: Report) -> dict[str, str]:
    member = report.member
    facts = {"kind": member.kind, "region": member.region}
    return {"cycle": report.cycle.code, "member": member.code, **facts}


def _publish_answers(
    published: PublishedReport, report: Report, version: Version, *, on: dt.date
) -> None:
    PublishedAnswer.objects.bulk_create(
        _published_answer(published, report, clause, said, row)
        for clause, said, row in answer_rows(report, version, on=on)
    )


def _published_answer(
    published: PublishedReport,
    report: Report,
    clause: Commitment,
    said: dict[str, Any],
    row: dict[str, Any],
) -> PublishedAnswer:
    return PublishedAnswer(
        report=published,
        **_natural_key(report),
        commitment=clause.reference,
        statement=clause.statement.code,
        status=said["status"],
        themes=sorted(theme.code for theme in clause.themes.all()),
        withheld=row["withheld"],
        owed=said["owed"],
        support_requested=bool(said["support_requested"]) and not row["withheld"],
        words="" if row["withheld"] else _words(said),
        shown_from=published.shown_from,
        synthetic=published.synthetic,
        row=canonical_json(row),
        line=progress_line(row),
    )


def _words(said: dict[str, Any]) -> str:
    """The published texts as searches compare them."""
    texts = public_texts(said)
    titles = [link["title"] for link in said["evidence"]]
    return searchable(*(texts[name] for name in TEXTS), *titles)


def timeliness_of(
    cycle: Cycle,
    member: Member,
    report: Report | None,
    now: dt.datetime,
    expected: bool | None = None,
) -> str:
    """Whether the member's report came in time, as known at `now`; see `reporting.deadlines`."""
    decided = Extension.objects.filter(cycle=cycle, member=member).first()
    return timeliness(
        first_submitted_at=report.first_submitted_at if report else None,
        due_on=cycle.due_on,
        extended_due_on=decided.due_on if decided else None,
        closes_on=cycle.closes_on,
        excused=bool(decided and decided.due_on is None),
        expected=is_expected(cycle, member) if expected is None else expected,
        now=now,
    )


def give_receipt(
    cycle: Cycle,
    member: Member,
    *,
    report: Report | None,
    on: dt.date,
    now: dt.datetime,
    expected: bool | None = None,
    synthetic: bool = False,
) -> Receipt:
    """The public fact that the report came, or did not, and whether in time, shown from `on`.

    A receipt that already says so stays; one that says otherwise ends on `on`.
    """
    came = report.first_submitted_at if report else None
    facts = {
        "received_on": came.astimezone(dt.UTC).date() if came else None,
        "timeliness": timeliness_of(cycle, member, report, now, expected),
        "synthetic": synthetic or bool(report and report.synthetic),
    }
    key = {"cycle": cycle.code, "member": member.code}
    shown = Receipt.objects.shown().filter(**key).first()
    if shown and all(getattr(shown, name) == value for name, value in facts.items()):
        return shown
    if shown:
        shown.shown_until = max(on, shown.shown_from)
        shown.save(update_fields=["shown_until"])
    received = came.astimezone(dt.UTC).date().isoformat() if came else None
    row = canonical_json({**key, **facts, "received_on": received})
    return Receipt.objects.create(**key, **facts, kind=member.kind, shown_from=on, row=row)

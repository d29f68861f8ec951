"""Where a report stands and what waits for its people, in words, once and before it was sent."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.deadlines import days_late
from members.languages import long_date, said
from members.models import User

from ... import questions, rules, workflow
from ...actions.publication import timeliness_of
from ...models import PublishedReport, Report
from ...questions import Question


@dataclass(frozen=True)
class Publication:
    """What the public sees of the report now, or saw until it was withdrawn."""

    shown: PublishedReport | None
    withdrawn: PublishedReport | None

    @classmethod
    def of(cls, report: Report) -> "Publication":
        rows = PublishedReport.objects.filter(
            cycle=report.cycle.code, member=report.member.code
        ).order_by("shown_from", "pk")
        last = rows.last()
        if last is None or last.shown_until is None:
            return cls(last, None)
        return cls(None, last if last.withdrawn_because else None)


def standing(report: Report, published: Publication, due: dt.date) -> dict[str, str] | None:
    """The state and when the report came; nothing while none was submitted."""
    if not report.first_submitted_at:
        return None
    came = _("%(day)s, %(timeliness)s") % {
        "day": long_date(report.first_submitted_at.astimezone(dt.UTC).date()),
        "timeliness": _timeliness(report, due),
    }
    if report.state == Report.State.SUBMITTED and not report.review_started_at:
        return {"words": _("Submitted"), "detail": came, "more": ""}
    more = _("First submitted %(came)s.") % {"came": came}
    return {"words": _state(report), "detail": _since(report, published), "more": more}


def _state(report: Report) -> str:
    words: dict[str, str] = {
        Report.State.DRAFT: _("New version"),
        Report.State.SUBMITTED: _("Under review"),
        Report.State.RETURNED: _("Returned"),
        Report.State.ACCEPTED: _("Accepted"),
        Report.State.PUBLISHED: _("Published"),
    }
    return words[report.state]


def _since(report: Report, published: Publication) -> str:
    if report.state == Report.State.DRAFT:
        return _("being written")
    if report.state == Report.State.SUBMITTED and report.review_started_at:
        return long_date(report.review_started_at)
    if report.state == Report.State.ACCEPTED and report.accepted_at:
        return long_date(report.accepted_at)
    if report.state == Report.State.PUBLISHED and published.shown:
        return long_date(published.shown.shown_from)
    return ""


def _timeliness(report: Report, due: dt.date) -> str:
    """Whether the first submission came in time, by the rule that the receipts follow."""
    came = report.first_submitted_at
    if came is None:
        return ""
    verdict = timeliness_of(report.cycle, report.member, report, came)
    days = days_late(due, came)
    late = ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
    words = {
        "on_time": _("in time"),
        "late": late,
        "missed": _("%(late)s, after the round had closed") % {"late": late},
        "excused": _("excused"),
    }
    return words.get(verdict, _("voluntary"))


def still_public(report: Report, published: Publication) -> list[dict[str, Any]]:
    """Which version everybody reads while a new one is written, and since when."""
    if published.shown is None or report.state == Report.State.PUBLISHED:
        return []
    words = _(
        "Version %(n)d is public since %(day)s, and stays so until a new version is published."
    ) % {"n": published.shown.version, "day": long_date(published.shown.shown_from)}
    return [{"words": words, "url": f"/members/{report.member.code}/"}]


def notes(report: Report, published: Publication, *, over: bool) -> list[dict[str, Any]]:
    """How the report stands, in sentences; `signal` where the member has to act."""
    return [*_notes(report, published, over=over), *still_public(report, published)]


def _notes(report: Report, published: Publication, *, over: bool) -> list[dict[str, Any]]:
    if published.withdrawn and report.state == Report.State.ACCEPTED:
        return [_withdrawn(published.withdrawn)]
    if report.state == Report.State.ACCEPTED:
        return [_accepted(report)]
    if report.state == Report.State.RETURNED:
        words = _("Returned with a reason:")
        because = {"words": words, "text": report.returned_because, "signal": 1}
        return [because, *_entered(report), *_commented(report)]
    if report.state == Report.State.SUBMITTED and report.review_started_at:
        begun = {"words": _("A reviewer has begun. You will hear of the result by mail.")}
        return [*_entered(report), begun]
    if report.state == Report.State.SUBMITTED and report.is_unconfirmed:
        return _entered(report)
    if report.state == Report.State.SUBMITTED:
        return [{"words": _("Submitted. You can recall it until a reviewer starts.")}]
    if report.state == Report.State.PUBLISHED:
        return [{"words": _("Published. A new version can be written at any time.")}]
    if report.is_unconfirmed:
        return _entered(report)
    draft = _("This is a draft: only the people of this member and the application hold it.")
    late = _("The due day is over. A report that comes now is taken, and marked as late.")
    signal = [{"words": late, "signal": 1}] if over and not report.first_submitted_at else []
    return [{"words": draft}, *signal]


def _entered(report: Report) -> list[dict[str, Any]]:
    """That the secretariat entered the report from what came, and waits for the member's word."""
    if not report.is_unconfirmed or report.received_on is None:
        return []
    facts = {"how": report.get_received_as_display(), "day": long_date(report.received_on)}
    words = _("The secretariat enters this report, which came %(how)s on %(day)s.") % facts
    if report.state != Report.State.SUBMITTED:
        return [{"words": words}]
    words = _("The secretariat entered this report, which came %(how)s on %(day)s.") % facts
    wait = _("It is not accepted before a focal point of the member has confirmed it.")
    url = reverse("report-confirm", args=[report.code])
    return [{"words": f"{words} {wait}", "url": url, "signal": 1}]


def _commented(report: Report) -> list[dict[str, Any]]:
    """How many comments wait for the member, and where."""
    waiting = sum(questions.comments_waiting(report).values())
    words = ngettext(
        "One comment of a reviewer waits for a reply or a change.",
        "%(n)d comments of the reviewers wait for a reply or a change.",
        waiting,
    ) % {"n": waiting}
    url = reverse("report-comments", args=[report.code])
    return [{"words": words, "url": url, "signal": 1}] if waiting else []


def _withdrawn(row: PublishedReport) -> dict[str, Any]:
    day = long_date(row.shown_until or row.shown_from)
    words = _("Withdrawn from publication on %(day)s. The public note says:") % {"day": day}
    return {"words": words, "text": row.withdrawn_because, "signal": 1}


def _accepted(report: Report) -> dict[str, Any]:
    if report.agreed_at:
        words = _("You agreed on %(day)s; it is recorded. The report may be published now.")
        return {"words": words % {"day": long_date(report.agreed_at)}}
    if report.objected_at:
        return _objected(report)
    words = _("Accepted. Look at what the public will read.")
    return {"words": f"{words} {from_when(workflow.preview_ends_on(report))}", "signal": 1}


def _objected(report: Report) -> dict[str, Any]:
    day = {"day": long_date(report.objected_at)} if report.objected_at else {}
    words = _(
        "You said on %(day)s what is wrong. It is not published before the secretariat has "
        "answered, or returned the report to you."
    )
    return {"words": words % day, "url": reverse("report-comments", args=[report.code])}


def from_when(ends: dt.date | None) -> str:
    """From when an accepted report may be published without the member's word."""
    if ends is None or ends <= dt.datetime.now(dt.UTC).date():
        return _("It may be published at any time now.")
    return _("It may be published from %(day)s, or as soon as you agree.") % {
        "day": long_date(ends)
    }


def next_steps(report: Report, asked: list[Question], person: User) -> list[dict[str, Any]]:
    """Up to three things that wait for the person."""
    if report.state in workflow.OPEN:
        return _writing(report, asked, person)
    if report.state == Report.State.SUBMITTED and report.is_unconfirmed:
        words = _("Confirm what the secretariat entered, or say what is wrong")
        step = {"words": words, "url": reverse("report-confirm", args=[report.code])}
        return [step] if rules.can_submit(person, report) else []
    if report.state == Report.State.ACCEPTED and not (report.agreed_at or report.objected_at):
        words = _("Look at what the public will read")
        if rules.can_submit(person, report):
            words = _("Look at what the public will read, and agree")
        return [{"words": words, "url": reverse("report-preview", args=[report.code])}]
    return []


def _writing(report: Report, asked: list[Question], person: User) -> list[dict[str, Any]]:
    order = ["returned", "needs_attention", "in_progress", "not_started"]
    waiting = [q for q in asked if q.comments]
    waiting += [q for q in questions.blockers(asked) if q.work in order and not q.comments]
    own = {q.reference for q in waiting if q.is_held_by(person)}
    if not rules.can_send(person, report):  # what is asked of others waits for them
        waiting = [q for q in waiting if q.reference in own or not q.assignment]
    waiting.sort(key=lambda q: (q.reference not in own, order.index(q.work)))
    steps = _proposals(report, asked) if rules.can_send(person, report) else []
    waiting = [q for q in waiting if not (steps and q.proposal_waits)]
    steps += [
        {
            "work": q.work,
            "words": f"{q.reference}, {said(q.commitment.title)}",
            "url": reverse("answer", args=[report.code, q.reference]),
        }
        for q in waiting[:3]
    ]
    steps = steps[:3]
    if report.state == Report.State.RETURNED:
        return [_to_check(report, _("Answer the reason, then submit again")), *steps[:2]]
    if steps or not rules.can_send(person, report):
        return steps
    return [_to_check(report, _("Check the answers and submit"))]


def _proposals(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """What colleagues proposed and nobody has taken over or set aside."""
    words = _("Proposal on %(clause)s")
    return [
        {
            "words": words % {"clause": f"{q.reference}, {said(q.commitment.title)}"},
            "url": reverse("answer-proposal", args=[report.code, q.reference]),
        }
        for q in asked
        if q.proposal_waits
    ]


def _to_check(report: Report, words: str) -> dict[str, Any]:
    return {"words": words, "url": reverse("report-check", args=[report.code])}

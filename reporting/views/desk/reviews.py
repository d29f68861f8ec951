"""One report question by question, and what a reviewer can do with it."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.languages import said
from members.models import Event, Member
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ... import actions, checks, questions, workflow
from ... import rules as reporting_rules
from ...actions.notices import speakers
from ...forms import PublishAgainForm, PublishForm, ReturnForm, WithdrawForm
from ...forms.comments import CommentForm, ReplyForm
from ...forms.reviewers import ReviewerForm
from ...models import PublishedReport, Report, Version
from .. import threads
from ..links import Ends, links_among
from ..moments import allowed, at_the_right_moment, done, person, posted

FORMS: dict[str, type[forms.Form]] = {
    "send_back": ReturnForm,
    "publish": PublishForm,
    "withdraw": WithdrawForm,
}
DONE = {
    "start_review": gettext_lazy("The review of %(report)s has begun."),
    "send_back": gettext_lazy("%(report)s is returned to its member."),
    "accept": gettext_lazy("%(report)s is accepted. Its member can look at it now."),
    "publish": gettext_lazy("%(report)s is published."),
    "withdraw": gettext_lazy("%(report)s is withdrawn from publication."),
}


def report_of(request: HttpRequest, code: str) -> Report:
    """The report, when the person may open it; 404 for all others."""
    found = Report.objects.visible_to(request.user).coded(code)
    return get_object_or_404(found.select_related("cycle", "member", "reviewer"))


@access(rules.in_secretariat)
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The last submitted version, question by question, beside what the last report said."""
    return page_of_report(request, report_of(request, code))


def page_of_report(
    request: HttpRequest, report: Report, failed: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page; `failed` holds the forms that were refused, by what they were to do."""
    context, status = _shown(request, report, failed or {}), 400 if failed else 200
    return render(request, "reporting/desk/report.html", context, status=status)


def _shown(request: HttpRequest, report: Report, failed: dict[str, forms.Form]) -> dict[str, Any]:
    """What the page says of the report; `failed` holds the forms that were refused, by move."""
    today = timezone.now().date()
    version = report.versions.select_related("submitted_by").order_by("number").last()
    asked = _submitted(report, version) if version else []
    found = threads.threads(request, report)
    explained = checks.explained_in(json.loads(version.content)) if version else {}
    links = _links(asked)
    return {
        "report": report,
        "name": said(Member.objects.named(today).get(pk=report.member_id).display_name),
        "version": version,
        "asked": [
            _row(q, explained.get(q.reference), links[q.reference], talk)
            for q in asked
            for talk in [_talk(request, report, q.reference, found, failed)]
        ],
        "whole": _talk(request, report, "", found, failed),
        "explained": explained.get(""),
        **_open_ones(report, version, found),
        "can_comment": bool(version) and reporting_rules.can_review(request.user, report),
        "contents": _contents(asked),
        "moves": _moves(request, report, failed),
        "page_errors": bool(failed),
        "form": next(iter(failed.values()), None),
        **_of_member(request, report),
        **_reviewer(request, report, failed.get("reviewer")),
    }


def _row(q: questions.Question, why: Any, links: Ends, talk: dict[str, Any]) -> dict[str, Any]:
    """A question with what stands beside it; a phone keeps an answer without a remark folded."""
    form = talk["form"]
    remarked = talk["threads"] or why or form.is_bound or getattr(form, "is_kept", False)
    opens = bool(remarked or not q.said["status"])
    return {"q": q, "why": why, "links": links, "talk": talk, "opens": opens}


def _links(asked: list[questions.Question]) -> dict[str, Ends]:
    """What each clause is tied to; one that is answered in this report leads to its answer."""
    links, answered = links_among([q.commitment for q in asked]), {q.reference for q in asked}
    for ends in links.values():
        for end in (*ends["out"], *ends["into"]):
            if end["words"] in answered:
                end["url"] = f"#q-{end['words']}"
    return links


def _open_ones(report: Report, version: Version | None, found: threads.Threads) -> dict[str, Any]:
    """How many comments are open, and those by which the member holds this version back."""
    objections = [
        {"place": place, "id": thread["first"].pk}
        for place, group in found.items()
        for thread in group
        if report.objected_at and version and thread["open"] and thread["first"].by_member
        if thread["first"].version == version.number
    ]
    return {"open_comments": threads.open_count(found), "objections": objections}


def _reviewer(request: HttpRequest, report: Report, failed: forms.Form | None) -> dict[str, Any]:
    """What this person can do about who reviews the report, and whether another does."""
    waits, mine = report.state == Report.State.SUBMITTED, report.reviewer_id == request.user.pk
    reviews = waits and reporting_rules.can_review(request.user, report)
    assigns = waits and rules.administers(request.user)
    return {
        "can_take": reviews and report.reviewer_id is None,
        "can_give_back": reviews and mine,
        "reviewer_form": (failed or ReviewerForm(report)) if assigns else None,
    }


def _of_member(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What waits for the member's word: until when it may look, whether nobody can confirm."""
    return {
        "preview_ends_on": workflow.preview_ends_on(report),
        "entering": reporting_rules.enters(request.user, report),
        "can_go_on": report.is_being_entered and reporting_rules.can_go_on(request.user, report),
        "state": _state(report),
        "no_focal_point": report.is_unconfirmed and not speakers(report.member),
        "withdrawn": _withdrawn(report) if report.state == Report.State.ACCEPTED else None,
        "published_again": _published_again(report)
        if report.state == Report.State.PUBLISHED
        else "",
    }


def _state(report: Report) -> str:
    """Where the report stands; the very version that was withdrawn is told apart, as in queues."""
    if report.state == Report.State.ACCEPTED and not report.objected_at and _gone(report):
        return _("Withdrawn from publication")
    return report.get_state_display()


def _published_again(report: Report) -> str:
    """Why what is public now was published after it had been withdrawn; else nothing."""
    told = Event.objects.filter(chain=f"report:{report.code}", verb="publish")
    last = told.order_by("number").last()
    return last.detail.get("because", "") if last else ""


def _withdrawn(report: Report) -> PublishedReport | None:
    """What was public of an accepted report and was withdrawn, with the note that everyone read."""
    shown = PublishedReport.objects.filter(cycle=report.cycle.code, member=report.member.code)
    return shown.exclude(withdrawn_because="").order_by("shown_until").last()


def _talk(
    request: HttpRequest,
    report: Report,
    place: str,
    found: threads.Threads,
    failed: dict[str, forms.Form],
) -> dict[str, Any]:
    """The threads on one answer, or on the whole report, and the forms for the next word."""
    begun = found.get(place, [])
    for thread in begun:
        key = thread["first"].pk
        form = failed.get(f"reply-{key}") or ReplyForm(auto_id=f"id_{key}_%s")
        thread["form"] = put_back(request, form, reverse("desk-reply", args=[report.code, key]))
    blank = CommentForm(auto_id=f"id_c_{place}_%s", initial={"on": place})
    form = failed.get(f"comment-{place}") or blank
    put_back(request, form, reverse("desk-comment", args=[report.code]), on=place)
    return {"threads": begun, "form": form}


def _submitted(report: Report, version: Version) -> list[questions.Question]:
    """The questions with what the version said; the draft that may follow it is not shown."""
    before = questions.earlier_answers(report.cycle, report.member)
    asked = questions.asked_in(report, version)
    for question in asked:
        question.earlier = before.get(question.reference)
    return [q for q in asked if q.is_owed or q.said["status"]]


def _contents(asked: list[questions.Question]) -> list[dict[str, Any]]:
    """The questions by statement, each with the last part of its reference."""
    by_statement: dict[str, list[dict[str, Any]]] = {}
    for q in asked:
        code = q.commitment.statement.code
        row = {"short": q.reference.removeprefix(f"{code}-"), "q": q}
        by_statement.setdefault(code, []).append(row)
    return [{"statement": code, "rows": rows} for code, rows in by_statement.items()]


PAGES = {
    "start_review": "desk-start-review",
    "send_back": "desk-return",
    "accept": "desk-accept",
    "publish": "desk-publish",
    "withdraw": "desk-withdraw",
}


def _moves(
    request: HttpRequest, report: Report, failed: dict[str, forms.Form]
) -> list[dict[str, Any]]:
    """What this person can do with the report now, each with its form where it has one."""
    today = timezone.now().date()
    return [
        {
            "name": move.name,
            "label": move.label,
            "page": PAGES[move.name],
            "form": failed.get(move.name) or _blank(request, report, move.name),
            **_again(report, move.name),
        }
        for move in workflow.open_moves(request.user, report, on=today)
        if move.name in PAGES
        and (move.name != "start_review" or report.reviewer in (None, request.user))
    ]


def _again(report: Report, move: str) -> dict[str, Any]:
    """What is said before a version is published that was withdrawn once."""
    gone = _gone(report) if move == "publish" else None
    if not gone or not gone.shown_until:
        return {}
    words = _("This version was public until %(day)s and was withdrawn. The public note says:")
    day = date_format(gone.shown_until, "j F Y")
    return {
        "label": _("Publish again"),
        "warning": words % {"day": day},
        "note": gone.withdrawn_because,
    }


def _gone(report: Report) -> PublishedReport | None:
    version = report.versions.order_by("number").last()
    return actions.withdrawal_of(report, version) if version else None


def _form_of(report: Report, move: str) -> type[forms.Form]:
    return PublishAgainForm if move == "publish" and _gone(report) else FORMS[move]


def _blank(request: HttpRequest, report: Report, move: str) -> forms.Form | None:
    if move not in FORMS:
        return None
    form = _form_of(report, move)(auto_id=f"id_{move}_%s")
    return put_back(request, form, reverse(PAGES[move], args=[report.code]))


def _told(request: HttpRequest, code: str, move: str) -> HttpResponse:
    return done(request, DONE[move] % {"report": code}, "desk-report", code)


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def start_review(request: HttpRequest, code: str) -> HttpResponse:
    """Begins the review; from now on the member cannot recall the report."""
    actions.start_review(report_of(request, code), by=person(request), at=timezone.now())
    return _told(request, code, "start_review")


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accepts the report; the member sees what will be read."""
    actions.accept(report_of(request, code), by=person(request), at=timezone.now())
    return _told(request, code, "accept")


@keeps_typed
@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Returns the report to its member with a reason."""
    report = allowed("send_back", request, report_of(request, code))
    form = _form(request, report, "send_back")
    if form.is_valid():
        because = form.cleaned_data["because"]
        actions.send_back(report, by=person(request), because=because, at=timezone.now())
        return _told(request, code, "send_back")
    return page_of_report(request, report, {"send_back": form})


@keeps_typed
@access(rules.in_secretariat)
@fresh_factor(gettext_lazy("Publish the report"))
@posted("desk-report")
@at_the_right_moment
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publishes the accepted version from a day that is not in the future."""
    return _dated(request, code, "publish", actions.publish)


@keeps_typed
@access(rules.in_secretariat)
@fresh_factor(gettext_lazy("Withdraw the report"))
@posted("desk-report")
@at_the_right_moment
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ends the publication with a public note."""
    return _dated(request, code, "withdraw", actions.withdraw)


def _dated(request: HttpRequest, code: str, move: str, act: Any) -> HttpResponse:
    """Makes a move that takes a day; what the action refuses stands beside its field."""
    report = allowed(move, request, report_of(request, code))
    form = _form(request, report, move)
    if form.is_valid():
        try:
            act(report, by=person(request), **form.cleaned_data)
            return _told(request, code, move)
        except forms.ValidationError as error:
            form.add_error("on", error)
        except workflow.WrongMoment as refusal:
            if not _can_be_made_today(report, move):
                raise
            form.add_error("on", str(refusal))
    return page_of_report(request, report, {move: form})


def _can_be_made_today(report: Report, move: str) -> bool:
    """Was it the chosen day alone that was wrong? Asked of the report as it is now."""
    report.refresh_from_db()
    return not workflow.MOVES[move].refusal(report, timezone.now().date())


def _form(request: HttpRequest, report: Report, move: str) -> forms.Form:
    return _form_of(report, move)(request.POST, auto_id=f"id_{move}_%s")

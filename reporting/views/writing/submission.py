"""Checking the answers, submitting them, and the acknowledgement."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ... import actions, checks, questions, workflow
from ... import rules as reporting_rules
from ...forms.submission import SubmitForm
from ...models import Report, Version
from ...questions import Question
from ...serializers import answers_of, received_of
from ..moments import allowed, at_the_right_moment, person, posted
from . import checked, shown


@access(rules.may_write)
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """All answers on one page, what must be mended or explained, and the declaration."""
    report = shown.own_report(request, code)
    asked = shown.asked_of(request, report)
    return _check_page(request, report, asked, _form(request, report, asked))


def _form(
    request: HttpRequest, report: Report, asked: list[Question], sent: QueryDict | None = None
) -> SubmitForm:
    """The declaration, with a field for each thing that wants a word while it can be sent."""
    facts: dict[str, Any] = {"member": shown.name_of(report.member)}
    facts["entered"] = reporting_rules.enters(request.user, report)
    if report.state in workflow.OPEN:
        narrowed = questions.is_restricted(person(request), report.member)
        facts["warnings"] = checks.warnings(asked, whole=not narrowed)
        last = report.versions.order_by("number").last()
        facts["unchanged"] = checks.is_unchanged(asked, last)
        facts["said_before"] = checks.said_before(last)
    form = SubmitForm(sent, **facts)
    return put_back(request, form, reverse("report-submit", args=[report.code]))


def _check_page(
    request: HttpRequest,
    report: Report,
    asked: list[Question],
    form: SubmitForm,
    status: int = 200,
) -> HttpResponse:
    names = [move.name for move in workflow.open_moves(request.user, report, on=shown.today())]
    blockers = [(shown.url_of(report, q), q) for q in questions.blockers(asked)]
    context = {
        **shown.home(request, report, asked),
        **checked.changes(report, asked),
        "blockers": blockers,
        "can_submit": "submit" in names and not blockers,
        "writable": report.state in workflow.OPEN,
        "form": form,
        "page_errors": bool(form.errors),
    }
    return render(request, "reporting/writing/check.html", context, status=status)


@keeps_typed
@access(rules.may_write)
@fresh_factor(gettext_lazy("Submit the report"))
@posted("report-check")
@at_the_right_moment
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Submits the report once, however often it is pressed, and shows the acknowledgement."""
    report = allowed("submit", request, shown.own_report(request, code))
    asked = questions.questions(report)
    form = _form(request, report, asked, request.POST)
    if not form.is_valid():
        return _check_page(request, report, asked, form, status=400)
    try:
        version = _send(request, report, form)
    except (actions.NotReady, actions.Unexplained):
        asked = questions.questions(report)
        form = _form(request, report, asked, request.POST)
        return _check_page(request, report, asked, form, status=409)
    except workflow.WrongMoment:
        version = _submitted_before(request, report)
    return redirect("report-submitted", code, version.number)


def _send(request: HttpRequest, report: Report, form: SubmitForm) -> Version:
    key, explained = form.cleaned_data["key"], form.explained()
    by, at = person(request), timezone.now()
    return actions.submit(report, by=by, key=key, at=at, explained=explained)


def _submitted_before(request: HttpRequest, report: Report) -> Version:
    """The version that another page has sent meanwhile; a word about it goes with the receipt."""
    messages.info(request, _("The report was submitted already. Nothing was sent a second time."))
    return report.versions.latest("number")


@access(rules.may_write)
@require_safe
def submitted(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The acknowledgement of one submission: reference, time and fingerprint."""
    report = shown.own_report(request, code)
    version = get_object_or_404(report.versions.select_related("submitted_by"), number=number)
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "version": version,
        "answers": len(answers_of(version)),
        "received": received_of(version),
        "moves": shown.buttons(request, report),
    }
    return render(request, "reporting/writing/submitted.html", context)

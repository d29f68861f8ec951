"""Who of a member works on a report: asking colleagues, their progress, inviting others."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from members import actions as accounts
from members import rules
from members.access import access
from members.asking import tampered
from members.models import Invitation, Role
from members.proof import fresh_factor

from ... import actions, questions
from ...forms.people import ColleagueForm, DelegateForm, QuestionsForm, ViewForm
from ...models import Report, Restriction
from ...questions import Question
from ...rounds import due_on_of
from ...rules import can_delegate
from ..handing_over import people_of
from ..moments import at_the_right_moment, person, posted
from . import shown, tasks

Forms = dict[str, forms.Form]


@access(rules.writes_for_a_member)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Who is asked for what and how far each is; posted, asks a colleague for answers."""
    report, asked = _own(request, code)
    if request.method != "POST":
        return _page(request, report, asked)
    form = _delegate_form(report, asked, request.POST)
    if not form.is_valid():
        return _page(request, report, asked, status=400, ask=form)
    made = actions.assign(report, form.chosen(), **form.wanted(), **_by(request))
    words = ngettext("%(n)d question is asked.", "%(n)d questions are asked.", len(made))
    messages.success(request, words % {"n": len(made)})
    return redirect("report-people", code)


@access(rules.writes_for_a_member)
@posted("report-people")
@at_the_right_moment
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Ends that these questions are asked of a colleague."""
    report, asked = _own(request, code)
    form = QuestionsForm(request.POST, asked=asked)
    if not form.is_valid():
        return _page(request, report, asked, status=400, back=form)
    n = actions.take_back(report, form.chosen(), **_by(request))
    words = ngettext("%(n)d question is taken back.", "%(n)d questions are taken back.", n)
    messages.success(request, words % {"n": n})
    return redirect("report-people", code)


@access(rules.writes_for_a_member)
@posted("report-people")
@at_the_right_moment
def remind(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Writes to a colleague what is still open of what was asked."""
    report, _asked = _own(request, code)
    colleague = get_object_or_404(people_of(report.member), pk=pk)
    n = actions.remind_of_assignments(report, person=colleague, **_by(request))
    words = ngettext("Reminded of %(n)d question.", "Reminded of %(n)d questions.", n)
    messages.success(request, words % {"n": n})
    return redirect("report-people", code)


@access(rules.writes_for_a_member)
@posted("report-people")
def view(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Says whether a contributor is shown all answers of the member, or only its own."""
    report, _asked = _own(request, code)
    contributors = people_of(report.member, Role.Kind.CONTRIBUTOR)
    colleague = get_object_or_404(contributors, pk=pk)
    form = ViewForm(request.POST)
    if not form.is_valid():
        return tampered(request, form)
    own = form.cleaned_data["shown"] == "own"
    change: Callable[..., Any] = actions.restrict if own else actions.unrestrict
    change(report.member, person=colleague, **_by(request))
    return redirect("report-people", code)


@access(rules.writes_for_a_member)
@fresh_factor(gettext_lazy("Send the invitation"))
@posted("report-people")
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Invites a colleague to write for the same member."""
    report, asked = _own(request, code)
    form = ColleagueForm(request.POST, member=report.member, today=shown.today())
    if not form.is_valid():
        return _page(request, report, asked, status=400, colleague=form)
    email = form.cleaned_data["email"]
    language = form.cleaned_data["language"]
    offer = {"kind": Role.Kind.CONTRIBUTOR, "member": report.member, "language": language}
    accounts.invite(email, **offer, **_by(request))
    messages.success(request, _("Invitation sent to %(to)s.") % {"to": email})
    return redirect("report-people", code)


def _own(request: HttpRequest, code: str) -> tuple[Report, list[Question]]:
    """The report and its questions, for the focal point of its member."""
    report = shown.own_report(request, code)
    if not can_delegate(request.user, report):
        raise PermissionDenied
    return report, questions.questions(report)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": person(request), "at": timezone.now()}


def _delegate_form(report: Report, asked: list[Question], sent: Any = None) -> DelegateForm:
    return DelegateForm(sent, asked=asked, people=people_of(report.member), today=shown.today())


def _page(
    request: HttpRequest, report: Report, asked: list[Question], status: int = 200, **sent: Any
) -> HttpResponse:
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "rows": _rows(report, asked),
        "ask": _delegate_form(report, asked),
        "sections": tasks.choices(asked),
        "due": due_on_of(report.cycle, report.member),
        "form": next(iter(sent.values()), None),
        **_invitations(report),
        **sent,
    }
    return render(request, "reporting/writing/people.html", context, status=status)


def _invitations(report: Report) -> dict[str, Any]:
    offers = Invitation.objects.unanswered().filter(member=report.member)
    return {
        "colleague": ColleagueForm(member=report.member, today=shown.today()),
        "invitations": offers.filter(kind=Role.Kind.CONTRIBUTOR),
        "now": timezone.now(),
    }


def _rows(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """Each person of the member: what is asked of it, what is done, what it is shown."""
    speak = set(people_of(report.member, Role.Kind.FOCAL_POINT).values_list("pk", flat=True))
    narrowed = Restriction.objects.open().filter(member=report.member)
    restricted = set(narrowed.values_list("person", flat=True))
    return [
        {
            "person": colleague,
            "speaks": colleague.pk in speak,
            "restricted": colleague.pk in restricted,
            **tasks.share(report, [q for q in asked if q.is_held_by(colleague)]),
        }
        for colleague in people_of(report.member)
    ]

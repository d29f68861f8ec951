"""Who reviews a report: taken and given back by a reviewer, assigned by an administrator."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from members import rules
from members.access import access

from ... import actions
from ...forms.reviewers import ReviewerForm
from ...models import Report
from ..moments import at_the_right_moment, done, person, posted
from .reviews import page_of_report, report_of


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def take(request: HttpRequest, code: str) -> HttpResponse:
    """The reviewer takes the report."""
    actions.take_review(report_of(request, code), by=person(request), at=timezone.now())
    return done(request, _("You review %(report)s now.") % {"report": code}, "desk-report", code)


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """The reviewer lets go of the report, for another to take."""
    actions.give_back_review(report_of(request, code), by=person(request), at=timezone.now())
    words = _("You let go of %(report)s; another can take it.")
    return done(request, words % {"report": code}, "desk-report", code)


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """An administrator says who reviews the report."""
    report = report_of(request, code)
    if not rules.administers(request.user):
        raise PermissionDenied
    form = ReviewerForm(report, request.POST)
    if form.is_valid() and _assigned(request, report, form):
        to = form.cleaned_data["to"]
        words = _("%(who)s reviews %(report)s now.") if to else _("Nobody reviews %(report)s now.")
        said = {"report": code, "who": to}
        return done(request, words % said, "desk-report", code)
    return page_of_report(request, report, {"reviewer": form})


def _assigned(request: HttpRequest, report: Report, form: forms.Form) -> bool:
    """Whether it was done; what the action refuses stands beside the field."""
    to, said = form.cleaned_data["to"], {"by": person(request), "at": timezone.now()}
    try:
        if to is None:
            actions.give_back_review(report, **said)
        else:
            actions.assign_review(report, to=to, **said)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors

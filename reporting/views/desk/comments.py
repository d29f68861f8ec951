"""A reviewer's comments on a report: begun, replied to, resolved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment
from members import rules
from members.access import access
from members.asking import tampered
from members.typed import keeps_typed

from ... import actions
from ... import rules as reporting_rules
from ...forms.comments import CommentForm, ReplyForm
from ...models import Comment, Report
from ..moments import at_the_right_moment, person, posted
from .reviews import page_of_report, report_of


@keeps_typed
@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def comment(request: HttpRequest, code: str) -> HttpResponse:
    """Begins a thread on an answer, or on the whole report."""
    report = report_of(request, code)
    if not reporting_rules.can_review(request.user, report):
        raise PermissionDenied
    form = CommentForm(request.POST, auto_id=f"id_c_{request.POST.get('on', '')[:20]}_%s")
    if "on" in form.errors:
        return tampered(request, form)
    if not form.is_valid():
        return page_of_report(request, report, {f"comment-{form.cleaned_data['on']}": form})
    return _begun(request, report, form)


def _begun(request: HttpRequest, report: Report, form: CommentForm) -> HttpResponse:
    said, place = form.cleaned_data, form.cleaned_data["on"]
    clause = get_object_or_404(Commitment, reference=place) if place else None
    words = {"text": said["text"], "internal": said["internal"]}
    try:
        made = actions.comment(report, clause, **words, by=person(request), at=timezone.now())
    except ValidationError as error:
        form.add_error("on", error)
        return tampered(request, form)
    return redirect(f"{reverse('desk-report', args=[report.code])}#c-{made.pk}")


def _first(request: HttpRequest, report: Report, number: int) -> Comment:
    seen = Comment.objects.seen_by(request.user).filter(report=report, reply_to=None)
    return get_object_or_404(seen.select_related("report"), pk=number)


@keeps_typed
@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def reply(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A reviewer's next word in a thread."""
    report = report_of(request, code)
    if not reporting_rules.can_review(request.user, report):
        raise PermissionDenied
    first = _first(request, report, number)
    form = ReplyForm(request.POST, auto_id=f"id_{number}_%s")
    if not form.is_valid():
        return page_of_report(request, report, {f"reply-{number}": form})
    text = form.cleaned_data["text"]
    actions.reply(first, text=text, by=person(request), at=timezone.now())
    return redirect(f"{reverse('desk-report', args=[code])}#c-{number}")


@access(rules.in_secretariat)
@posted("desk-report")
@at_the_right_moment
def resolve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Settles a thread."""
    report = report_of(request, code)
    actions.resolve(_first(request, report, number), by=person(request), at=timezone.now())
    return redirect(f"{reverse('desk-report', args=[code])}#c-{number}")

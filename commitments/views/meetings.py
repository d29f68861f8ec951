"""The secretariat's pages of summits and meetings: the list, a new one, and the record of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.actions.records import Stale, Writing
from members.history import entries, version_of
from members.models import Member

from .. import actions, forms
from ..models import Meeting, Participation

COPIES = (
    Meeting.pgh_event_model,  # type: ignore[attr-defined]
    Participation.pgh_event_model,  # type: ignore[attr-defined]
)


@dataclass(frozen=True)
class Deed:
    """One thing that can be recorded of a meeting: its form, the action, the words."""

    name: str
    title: Any
    form: type[forms.AboutMeeting]
    act: Callable[..., None]
    done: Any
    hint: Any = ""


CORRECT = Deed(
    "correct",
    gettext_lazy("Correct it"),
    forms.MeetingForm,
    actions.correct_meeting,
    gettext_lazy("The meeting is corrected. The calendars have followed."),
)
ATTEND = Deed(
    "attend",
    gettext_lazy("Record who took part"),
    forms.AttendanceForm,
    actions.record_attendance,
    gettext_lazy("The attendance is recorded. What these members owe has followed."),
    gettext_lazy(
        "At the summit that adopted a text, having taken part binds a member to the clauses that "
        "are for its delegates."
    ),
)
STRIKE = Deed(
    "strike",
    gettext_lazy("Take back an attendance"),
    forms.StrikeForm,
    actions.strike_attendance,
    gettext_lazy("It is taken back."),
)
CANCEL = Deed(
    "cancel",
    gettext_lazy("Cancel it"),
    forms.CancelForm,
    actions.cancel_meeting,
    gettext_lazy("The meeting is cancelled. The calendars say so."),
    gettext_lazy("It stays in the calendars as cancelled; this cannot be taken back."),
)


@access(rules.in_secretariat)
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting, the last one first."""
    rows = Meeting.objects.select_related("statement").annotate(present=Count("participations"))
    context = {"rows": rows, "may": rules.keeps_reference_data(request.user)}
    return render(request, "commitments/meetings.html", context)


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new meeting."""
    posted = request.method == "POST"
    form = forms.MeetingForm(request.POST if posted else None, initial={"version": 0})
    if posted and form.is_valid() and (made := _recorded(request, form)):
        messages.success(request, _("The meeting is recorded and stands in the calendars."))
        return redirect("desk-meeting", made.pk)
    context = {"form": form}
    return render(request, "commitments/meeting_new.html", context, status=400 if posted else 200)


@access(rules.in_secretariat)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """What is known of one meeting, and the forms that change it."""
    shown = get_object_or_404(Meeting.objects.select_related("statement"), pk=number)
    if request.method != "POST":
        return _page(request, shown)
    if not rules.keeps_reference_data(request.user):
        raise PermissionDenied
    return _changed(request, shown)


def _recorded(request: HttpRequest, form: forms.MeetingForm) -> Meeting | None:
    try:
        return actions.record_meeting(_writing(request, 0), **form.said())
    except ValidationError as error:
        _refused(form, error)
        return None


def _changed(request: HttpRequest, shown: Meeting) -> HttpResponse:
    """Records what was typed, where it names something that can be recorded."""
    deed = next((one for one in _deeds(shown) if one.name == request.POST.get("do")), None)
    if deed is None:
        errors = [{"words": _("do: this is nothing that can be recorded here.")}]
        return _page(request, shown, errors=errors, page_errors=True, status=400)
    form = _form(deed, shown, request.POST)
    if form.is_valid():
        return _done(request, shown, deed, form)
    return _page(request, shown, bound=form, deed=deed, status=400)


def _done(
    request: HttpRequest, shown: Meeting, deed: Deed, form: forms.AboutMeeting
) -> HttpResponse:
    """Acts; says beside the field what is refused; shows both when somebody came first."""
    seen = form.cleaned_data["version"]
    try:
        deed.act(shown, _writing(request, seen), **form.said())
    except ValidationError as error:
        _refused(form, error)
        return _page(request, shown, bound=form, deed=deed, status=400)
    except Stale:
        return _stale(request, shown, deed, seen)
    messages.success(request, str(deed.done))
    return redirect("desk-meeting", shown.pk)


def _stale(request: HttpRequest, shown: Meeting, deed: Deed, seen: int) -> HttpResponse:
    """What was typed, still in its form, and beside it what somebody else changed meanwhile."""
    sent = request.POST.copy()
    sent["version"] = str(version_of(shown, COPIES))
    again, theirs = _form(deed, shown, sent), entries(shown, COPIES, after=seen)
    return _page(request, shown, bound=again, deed=deed, theirs=theirs, status=409)


def _writing(request: HttpRequest, version: int) -> Writing:
    return Writing(request.user, timezone.now(), version, COPIES)  # type: ignore[arg-type]


def _refused(form: forms.AboutMeeting, error: ValidationError) -> None:
    """What the action or the row's model refuses, beside its field where the form has that."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in named.items():
        form.add_error(name if name in form.fields else None, errors)


def _deeds(shown: Meeting) -> list[Deed]:
    """What can be recorded of this meeting now."""
    if shown.cancelled_on:
        return [CORRECT]
    held = shown.begins_on <= timezone.now().date()
    present = shown.participations.exists()
    offered = {CORRECT: True, ATTEND: held, STRIKE: present}
    offered[CANCEL] = not present and shown.statement is None
    return [deed for deed, offer in offered.items() if offer]


def _form(deed: Deed, shown: Meeting, sent: Any = None, **kwargs: Any) -> forms.AboutMeeting:
    return deed.form(sent, meeting=shown, auto_id=f"{deed.name}-%s", **kwargs)


def _page(
    request: HttpRequest,
    shown: Meeting,
    *,
    bound: forms.AboutMeeting | None = None,
    deed: Deed | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    may = rules.keeps_reference_data(request.user)
    context = {
        "meeting": shown,
        "present": _present(shown),
        "deeds": _offered(shown, bound, deed) if may else [],
        "form": bound,
        "open": deed,
        "entries": entries(shown, COPIES)[::-1],
    }
    return render(request, "commitments/meeting.html", context | more, status=status)


def _offered(
    shown: Meeting, bound: forms.AboutMeeting | None, deed: Deed | None
) -> list[tuple[Deed, forms.AboutMeeting]]:
    """Each form of the page; in the place of `deed` that which was sent."""
    version = version_of(shown, COPIES)
    return [
        (one, bound if bound and one is deed else _form(one, shown, initial={"version": version}))
        for one in _deeds(shown)
    ]


def _present(shown: Meeting) -> list[tuple[Member, str]]:
    """Who took part, under the names of today, and what says so."""
    rows = shown.participations.order_by("member__code").values_list("member", "source")
    names = {member.pk: member for member in Member.objects.named(timezone.now().date())}
    return [(names[member], source) for member, source in rows]

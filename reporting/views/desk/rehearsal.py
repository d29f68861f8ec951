"""The reminders of the days to come: to whom, when, in which words; and who cannot be reached."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.asking import knows
from members.languages import joined
from members.models import User

from ... import actions
from ...forms.reminders import TrialForm
from ...models import Cycle, Milestone
from ...rehearsal import (
    DAYS,
    Letter,
    never_sent,
    refused,
    rehearse,
    running,
    unreachable,
    written,
)
from ...reminders import AS_IT_IS, Trial, as_planned, words_of_kinds
from ..moments import person

SHOWN = 4


@access(rules.in_secretariat)
@knows(*TrialForm.base_fields)
@require_safe
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Every reminder of the next days, and with a trial what would change."""
    now, form = timezone.now(), TrialForm(request.GET or None)
    trial, plans = form.trial() if form.is_valid() else AS_IT_IS, running(now.date())
    context = {
        "form": form,
        **_letters(trial, now),
        "never": never_sent(trial, plans),
        "query": request.GET.urlencode(),
        "unreachable": unreachable(now, plans),
        "until": now.date() + dt.timedelta(days=DAYS),
        "milestones": [as_planned(row) for row in Milestone.objects.filter(plan=None)],
        "rounds": Cycle.objects.collected().filter(closes_on__gte=now.date()),
        "can_edit": rules.keeps_reference_data(request.user),
    }
    status = 400 if form.errors else 200
    return render(request, "reporting/desk/rehearsal.html", context, status=status)


@access(rules.in_secretariat)
@knows(*TrialForm.base_fields)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reader: int, day: str) -> HttpResponse:
    """The text of one reminder to come, or of a trial; posted, it is sent to the one who asks."""
    found = _found(reader, day, TrialForm(request.GET or None))
    if request.method == "POST":
        sent = actions.send_rehearsal(found, to=person(request))
        messages.success(request, _("Sent to %(to)s, as a rehearsal.") % {"to": sent.to})
        return redirect(request.get_full_path())
    context = {"letter": found, "text": written(found), "spoken": _language(found)}
    context["tried"] = "" if found.trial == AS_IT_IS else request.GET.urlencode()
    return render(request, "reporting/desk/letter.html", context)


def _found(reader: int, day: str, form: TrialForm) -> Letter:
    to = get_object_or_404(User, pk=reader)
    if form.is_bound and not form.is_valid():
        raise Http404  # nothing is planned by a trial that makes no sense
    trial = form.trial() if form.is_bound else AS_IT_IS
    for found in rehearse(timezone.now(), person=to, trial=trial):
        if found.on.isoformat() == day:
            return found
    raise Http404


def rows(letters: list[Letter], tried: list[Letter]) -> list[dict[str, Any]]:
    """The letters by day; those that a trial adds, takes away or changes carry a word for it."""
    before, after = ({found.key: found.told for found in side} for side in (letters, tried))
    gone = [found for found in letters if found.key not in after]
    listed = sorted([*tried, *gone], key=lambda found: (found.on, found.person.email))
    bounced, words = refused(listed), words_of_kinds()
    return [
        {
            "letter": found,
            "reports": _shortened(found.reports),
            "milestones": [words.get(kind, kind) for kind in found.milestones],
            "language": _language(found),
            "refused": found.person.pk in bounced,
            "change": _change(found, before, after),
            "tried": found.trial != AS_IT_IS,
        }
        for found in listed
    ]


def _letters(trial: Trial, now: dt.datetime) -> dict[str, Any]:
    """The letters to come, and where something else is tried, what that comes to."""
    letters = rehearse(now)
    if trial == AS_IT_IS:
        return {"rows": rows(letters, letters)}
    listed = rows(letters, rehearse(now, trial=trial))
    return {"rows": listed, "tried": _outcome(listed)}


def _outcome(listed: list[dict[str, Any]]) -> dict[str, int]:
    """What a trial comes to: how many letters it adds, takes away, and changes."""
    changes = [row["change"] for row in listed]
    return {
        "added": changes.count(_("would be added")),
        "gone": changes.count(_("would go")),
        "changed": changes.count(_("would change")),
    }


def _shortened(codes: list[str]) -> str:
    """The first few of these codes, and how many more there are."""
    if len(codes) <= SHOWN + 1:
        return joined(codes)
    told = {"codes": joined(codes[:SHOWN]), "n": len(codes) - SHOWN}
    return _("%(codes)s and %(n)d more") % told


def _change(found: Letter, before: dict[Any, Any], after: dict[Any, Any]) -> str:
    if found.key not in before:
        return _("would be added")
    if found.key not in after:
        return _("would go")
    return "" if before[found.key] == after[found.key] else _("would change")


def _language(found: Letter) -> str:
    return get_language_info(found.language)["name_translated"]

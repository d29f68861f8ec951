"""When the members are reminded in a round: the plan, what a change would do, and saving it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access

from ... import actions
from ...forms.reminders import PlanForm
from ...models import Cycle
from ...rehearsal import DAYS, never_sent, rehearse
from ...reminders import Trial, plans_of
from ..moments import person
from .rehearsal import rows


@access(rules.in_secretariat)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_plan(request: HttpRequest, code: str) -> HttpResponse:
    """The milestones of a round. Posted, it shows what would change; posted again, it saves."""
    cycle = get_object_or_404(Cycle.objects.collected(), code=code)
    sent = request.POST if request.method == "POST" else None
    form = _form(cycle, sent)
    if not form.is_valid():
        return _page(request, cycle, form, status=400 if sent else 200)
    if not form.is_confirmed():
        return _page(request, cycle, form, **_changes(cycle, form))
    return _save(request, cycle, form)


def _form(cycle: Cycle, sent: Any) -> PlanForm:
    version = actions.version_of(cycle)
    return PlanForm(sent, in_force=plans_of([cycle])[cycle.pk], version=version)


def _changes(cycle: Cycle, form: PlanForm) -> dict[str, Any]:
    """The letters of the next days that this plan would add or take away, and never send."""
    now, trial = timezone.now(), Trial(plans={cycle.pk: form.milestones})
    tried = rehearse(now, trial=trial)
    changes = [row for row in rows(rehearse(now), tried) if row["change"]]
    return {"changes": changes, "never": never_sent(trial, {cycle: form.milestones})}


def _save(request: HttpRequest, cycle: Cycle, form: PlanForm) -> HttpResponse:
    """Saves the plan; where somebody was quicker, shows theirs beside what was typed."""
    facts = {"version": form.version, "by": person(request), "at": timezone.now()}
    try:
        actions.save_plan(cycle, form.milestones, **facts)
    except actions.PlanChanged:
        form.version = actions.version_of(cycle)
        theirs = plans_of([cycle])[cycle.pk]
        changes = _changes(cycle, form)
        return _page(request, cycle, form, **changes, theirs=theirs, status=409)
    messages.success(request, _("The plan of round %(code)s is saved.") % {"code": cycle.code})
    return redirect("reminder-plan", cycle.code)


def _page(
    request: HttpRequest, cycle: Cycle, form: PlanForm, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {"cycle": cycle, "form": form, "own": actions.version_of(cycle), "days": DAYS}
    return render(request, "reporting/desk/plan.html", context | facts, status=status)

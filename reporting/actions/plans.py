"""The secretariat decides when the members are reminded in one round."""

import datetime as dt
from dataclasses import asdict, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members import events, rules
from members.models import User

from ..models import Cycle, Milestone, Reminder, ReminderPlan
from ..reminders import Plan, plans_of


class PlanChanged(Exception):
    """Somebody has saved the plan since it was read; nothing was written."""


def version_of(cycle: Cycle) -> int:
    """The version of the round's own plan; 0 while it follows the default one."""
    plan = ReminderPlan.objects.filter(cycle=cycle).first()
    return plan.version if plan else 0


@transaction.atomic
def save_plan(
    cycle: Cycle, milestones: Plan, *, version: int, by: User, at: dt.datetime
) -> ReminderPlan:
    """The round's own plan, which holds exactly these milestones from now on.

    `version` is the one that its writer read (0: the default plan); PlanChanged when it is no
    longer the newest. What was sent stays sent: a milestone that moves is not sent again. The
    same plan once more changes nothing.
    """
    if not rules.in_secretariat(by):
        raise PermissionDenied("save_plan: the secretariat")
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    named = _named(held, milestones)
    plan = ReminderPlan.objects.filter(cycle=held).first()
    if plan and set(plans_of([held])[held.pk]) == set(milestones):
        return plan
    if version != version_of(held):
        raise PlanChanged
    if plan is None:
        plan = ReminderPlan.objects.create(cycle=held)
    else:
        plan.version += 1
        plan.save()
        plan.milestones.all().delete()
    Milestone.objects.bulk_create([Milestone(plan=plan, **asdict(m)) for m in named])
    told = {m.kind: f"{m.relative_to}{m.offset_days:+} {m.reaches}" for m in named}
    chain = f"cycle:{held.code}"
    events.record("plan_reminders", by=by, about=held.code, chain=chain, at=at, milestones=told)
    return plan


def _named(cycle: Cycle, milestones: Plan) -> Plan:
    """The milestones, each new one with a name that no reminder of the round has had."""
    used = {m.kind for m in plans_of([cycle])[cycle.pk]}
    sent = Reminder.objects.filter(cycle=cycle).values_list("milestone", flat=True).distinct()
    taken, n, named = used | set(sent), 0, []
    for milestone in milestones:
        if milestone.kind not in used:
            while f"own_{n}" in taken:
                n += 1
            milestone = replace(milestone, kind=f"own_{n}")
            taken.add(milestone.kind)
        named.append(milestone)
    return named

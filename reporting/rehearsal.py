"""What the reminders of the next days will be, by the planner's own statement.

Nothing here decides who is reminded: `reminders.ahead` asks the planner's question of later
moments. It sees what is known today; a report that comes tomorrow takes its reminders away.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from members import languages
from members.models import Member, Role, User
from members.querysets import in_force

from . import emails, reminders
from .models import Contact, Cycle, Extension, Milestone, Reminder, Report
from .reminders import AS_IT_IS, Trial
from .rounds import decided_on, expected_members, given

DAYS = 90
REHEARSAL = "rehearsal"  # what a copy is about, in the outbox


@dataclass
class Letter:
    """A message that would go to one person on one day of its time zone."""

    person: User
    on: dt.date
    synthetic: bool = False
    reminders: list[Reminder] = field(default_factory=list)
    trial: Trial = AS_IT_IS
    told: set[tuple[str, str, dt.date]] = field(default_factory=set)  # report, milestone, due day

    @property
    def language(self) -> str:
        return languages.language_of(self.person)

    @property
    def reports(self) -> list[str]:
        return [f"{row.cycle}-{row.member}" for row in self.reminders]

    @property
    def milestones(self) -> list[str]:
        return sorted({row.milestone for row in self.reminders})

    @property
    def contacts(self) -> list[str]:
        """Who the reader is to the members, in words, the nearest first."""
        found = {row.contact: row for row in self.reminders}
        return [found[one].get_contact_display() for one in Contact if one in found]

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same letter as another: to whom, when, of which reports."""
        return (self.person.pk, self.on, *self.reports)


def rehearse(
    now: dt.datetime, *, person: User | None = None, trial: Trial = AS_IT_IS
) -> list[Letter]:
    """The letters of the next DAYS days by day and address, in five queries and one per round.

    `person` asks for one reader alone; `trial` puts other days in the place of those in force.
    """
    rows = reminders.ahead(_moments(now), person=person, trial=trial)
    people, cycles, members = _named(rows)
    if trial.cycle and trial.due_on and trial.cycle.pk in cycles:
        cycles[trial.cycle.pk].due_on = trial.due_on  # as the letters tell it; never saved
    extended = decided_on(cycles, members)
    letters: dict[tuple[int, dt.date], Letter] = {}
    for who, on, milestone, cycle, member, due_on, synthetic, contact, because in rows:
        letter = letters.setdefault((who, on), Letter(people[who], on, trial=trial))
        letter.synthetic = letter.synthetic or synthetic
        letter.reminders.append(
            Reminder(
                milestone=milestone,
                cycle=cycles[cycle],
                member=members[member],
                recipient=people[who].email,
                due_on=due_on,
                contact=contact,
                because=because,
            )
        )
        due = given(cycles[cycle], extended.get((cycle, member)))
        letter.told.add((letter.reports[-1], milestone, due))
    for letter in letters.values():
        letter.reminders.sort(key=lambda row: (row.cycle.code, row.member.code))
    return sorted(letters.values(), key=lambda letter: (letter.on, letter.person.email))


def written(letter: Letter) -> emails.Letter:
    """Subject and body as the planner would write them at noon of the day.

    It brings no calendar: a program would keep entries of a day to come, under the names of the
    real ones and with a later stamp, and those of a trial hold nowhere.
    """
    then = dt.datetime.combine(letter.on, dt.time(12), dt.UTC)
    items = reminders.items(letter.reminders, then)
    told = [items[reminders.key(row)] for row in letter.reminders]
    text = emails.reminder(told, to=letter.person, now=then, synthetic=letter.synthetic)
    return text._replace(calendar="")


@dataclass(frozen=True)
class NeverSent:
    """A milestone of a round that would come after its end, and its day there."""

    cycle: Cycle
    words: str
    on: dt.date


def running(today: dt.date) -> dict[Cycle, reminders.Plan]:
    """The rounds that run on some of the next DAYS days, each with its plan in force."""
    last = today + dt.timedelta(days=DAYS)
    cycles = list(Cycle.objects.begun(last).filter(closes_on__gte=today))
    plans = reminders.plans_of(cycles)
    return {cycle: plans[cycle.pk] for cycle in cycles}


def never_sent(trial: Trial, plans: Mapping[Cycle, reminders.Plan]) -> list[NeverSent]:
    """The milestones in force, or tried, that nobody is reminded of: their round is over by then.

    A date that was extended only moves them further away.
    """
    found = []
    for cycle, plan in plans.items():
        due_on = trial.due_on if trial.cycle == cycle and trial.due_on else cycle.due_on
        for milestone in trial.plan(cycle.pk, plan):
            if (day := _day_of(milestone, cycle, due_on)) > cycle.closes_on:
                found.append(NeverSent(cycle, milestone.words, day))
    return found


@dataclass(frozen=True)
class Unreached:
    """A member that no reminder would reach, and the next one that it would have got."""

    cycle: Cycle
    member: Member
    milestone: str = ""
    on: dt.date | None = None


def unreachable(now: dt.datetime, plans: Mapping[Cycle, reminders.Plan]) -> list[Unreached]:
    """Members with a missing report in one of these rounds, and no focal point in reach.

    Out of reach is who refuses our mail too. Neither excused members nor those that have submitted:
    nobody would write to them.
    """
    today = now.date()
    return [
        Unreached(cycle, member, *_next(plan, cycle, given(cycle, extended), today))
        for cycle, plan in plans.items()
        for member, extended in _out_of_reach(cycle, today)
    ]


def _out_of_reach(cycle: Cycle, today: dt.date) -> list[tuple[Member, Extension | None]]:
    """Such members of one round by name, each with the decision on its date."""
    focal = Role.objects.filter(
        in_force(today), member=OuterRef("pk"), kind=Role.Kind.FOCAL_POINT, user__is_active=True
    ).exclude(user__in=User.objects.out_of_reach())
    done = Report.objects.filter(cycle=cycle, first_submitted_at__isnull=False)
    extended = {one.member_id: one for one in Extension.objects.filter(cycle=cycle)}
    excused = [member for member, one in extended.items() if one.due_on is None]
    without = expected_members(cycle).exclude(Exists(focal)).exclude(pk__in=excused)
    without = without.exclude(pk__in=done.values("member"))
    named = Member.objects.named(today).filter(pk__in=without.values("pk"))
    by_name = sorted(named, key=lambda member: member.display_name.casefold())
    return [(member, extended.get(member.pk)) for member in by_name]


def _next(
    plan: reminders.Plan, cycle: Cycle, due_on: dt.date, today: dt.date
) -> tuple[str, dt.date | None]:
    """The next milestone of a plan in words and its day; nothing where none is to come."""
    days = [(_day_of(one, cycle, due_on), one) for one in plan]
    coming = [row for row in days if today <= row[0] <= cycle.closes_on]
    if not coming:
        return "", None
    day, milestone = min(coming, key=lambda row: row[0])
    return milestone.words, day


def _day_of(milestone: reminders.PlannedMilestone, cycle: Cycle, due_on: dt.date) -> dt.date:
    opening = milestone.relative_to == Milestone.RelativeTo.OPENING
    return (cycle.opens_on if opening else due_on) + dt.timedelta(days=milestone.offset_days)


def refused(letters: Iterable[Letter]) -> set[int]:
    """The readers to whom mail could not be delivered, and none has got through since."""
    readers = User.objects.filter(pk__in={letter.person.pk for letter in letters})
    return set(readers.out_of_reach().values_list("pk", flat=True))


def _moments(now: dt.datetime) -> list[dt.datetime]:
    """Now, and every midnight and noon (UTC) of the days to come: each local day is met once."""
    start = dt.datetime.combine(now.date(), dt.time(), dt.UTC)
    halves = (start + dt.timedelta(hours=12 * n) for n in range(2 * DAYS + 2))
    return [now, *(moment for moment in halves if moment > now)]


def _named(rows: list[tuple[Any, ...]]) -> tuple[dict[int, Any], ...]:
    """People, rounds and members of these rows, by their keys."""
    columns = ((User, 0), (Cycle, 3), (Member, 4))
    return tuple(
        model._default_manager.in_bulk({row[column] for row in rows}) for model, column in columns
    )

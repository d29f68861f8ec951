"""Calendars as a calendar program takes them: what is due when, and what an entry says of it.

Entries are known by stable keys. SEQUENCE grows when a day moves: it is counted in the database
(`sequence` of a round, an extension and a clause).
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.deadlines import last_day, occurrence
from commitments.models import Commitment, Meeting
from commitments.obligations import owed_by
from commitments.words import due_on_words
from members import rules
from members.languages import isolated, joined, long_date, said
from members.models import Member, User

from .models import Assignment, Cycle, Extension, Receipt, Report
from .querysets import members_of
from .rounds import expected_by_round, given

if TYPE_CHECKING:  # the library takes a while to import, and only written calendars need it
    from icalendar import Alarm, Event

YEARS_AHEAD = 3
ALARM_DAYS = (30, 7, 1)
ASKED_EVERY = dt.timedelta(hours=12)  # how soon a program that follows a calendar asks again
HAS_NO_DAY = gettext_lazy(
    "2022-TF-F7 (“at least twice per year”) counts in any twelve months and has no day here."
)
REGISTER = "commitment-tracker"  # in every UID: lasts, whatever address the site has


@dataclass(frozen=True)
class Entry:
    """A day in a calendar: what it is known by, its title, its words and its page.

    What lasts several days says its last one in `until`. A `link` stands for a page of ours.
    """

    key: str
    day: dt.date
    title: str
    words: str
    path: str
    until: dt.date | None = None
    link: str = ""
    place: str = ""
    sequence: int = 0
    alarm: bool = True
    synthetic: bool = False
    cancelled: bool = False


def deadlines(clauses: Iterable[Commitment], today: dt.date) -> Iterator[Entry]:
    """The due days of the clauses, recurring ones until YEARS_AHEAD from now.

    A clause that counts in any twelve months (2022-TF-F7) has no day and no entry.
    """
    horizon = dt.date(today.year + YEARS_AHEAD, 12, 31)
    for clause in clauses:
        for number, day in enumerate(_due_days(clause), 1):
            if day > horizon:
                break
            about = {"about": isolated(clause.reference), "what": said(clause.title)}
            yield Entry(
                key=f"{clause.reference}-due-{number}",
                day=day,
                title=_("%(about)s: %(what)s") % about,
                words=_clause_in_words(clause, day),
                path=reverse("commitment", args=[clause.reference]),
                sequence=clause.sequence,
            )


def without_a_day(clauses: Iterable[Commitment]) -> Any:
    """What to say of these clauses where one of them has no day; empty where each has one."""
    return HAS_NO_DAY if any(clause.counts_any_year for clause in clauses) else ""


def owed_without_a_day(person: User, today: dt.date) -> Any:
    """The same of what the person's members owe, and of everything for the secretariat."""
    if rules.in_secretariat(person):
        return HAS_NO_DAY
    members = Member.objects.filter(pk__in=members_of(person))
    return without_a_day(line.commitment for one in members for line in owed_by(one, today))


def _clause_in_words(clause: Commitment, day: dt.date) -> str:
    due = _("Due %(words)s.") % {"words": due_on_words(clause, day)}
    return f"{due} {_('A political commitment, not a legal one.')}"


def _due_days(clause: Commitment) -> Iterator[dt.date]:
    """The days on which the clause is due, the first one first; without end if it recurs."""
    first = clause.first_due
    if first is None or clause.counts_any_year:
        return
    for n in itertools.count() if clause.every_months else [0]:
        yield last_day(occurrence(first, clause.every_months, n), clause.due_precision or "day")


def rounds(cycles: Iterable[Cycle], *, due: bool = True) -> Iterator[Entry]:
    """The opening, due and closing day of each round; without `due` the other two."""
    days = {
        "opens_on": _("Round %(code)s: opens"),
        "due_on": _("Round %(code)s: reports are due"),
        "closes_on": _("Round %(code)s: closes"),
    }
    for cycle in cycles:
        for field, title in days.items():
            if field == "due_on" and not due:
                continue
            yield Entry(
                key=f"round-{cycle.code}-{field}",
                day=getattr(cycle, field),
                title=title % {"code": cycle.code},
                words=_due_in_words(cycle.due_on, None) if field == "due_on" else _everywhere(),
                path=reverse("cycle", args=[cycle.code]),
                sequence=cycle.sequence,
            )


def announcements(cycles: Iterable[Cycle]) -> Iterator[Entry]:
    """The days on which it became public who reported in a round."""
    announced = [cycle for cycle in cycles if cycle.receipts_announced_on]
    receipts = Receipt.objects.filter(cycle__in=[cycle.code for cycle in announced])
    made_up = set(receipts.filter(synthetic=True).values_list("cycle", flat=True).distinct())
    for cycle in announced:
        yield Entry(
            key=f"round-{cycle.code}-announced",
            day=cycle.receipts_announced_on,
            title=f"Round {cycle.code}: who reported became public",
            words="Announced by the secretariat.",
            path=reverse("cycle", args=[cycle.code]),
            synthetic=cycle.code in made_up,
        )


def meetings() -> Iterator[Entry]:
    """Every summit and meeting that is recorded, in the reader's language.

    A cancelled one stays and says so: only then does a program that holds it take it back.
    """
    for meeting in Meeting.objects.select_related("statement"):
        text = meeting.statement
        yield Entry(
            key=f"meeting-{meeting.pk}",
            day=meeting.begins_on,
            until=meeting.ends_on,
            title=meeting.title,
            words=_words_of(meeting),
            path=reverse("statement", args=[text.code]) if text else "/",
            link=meeting.link,
            place=meeting.place,
            sequence=meeting.sequence,
            alarm=meeting.cancelled_on is None,
            synthetic=settings.DEMO,  # the registry's files hold none, so there it is a trial
            cancelled=meeting.cancelled_on is not None,
        )


def _words_of(meeting: Meeting) -> str:
    """Kind and days of a meeting as printed, the text adopted there, why it was cancelled."""
    days = {"first": long_date(meeting.begins_on), "last": long_date(meeting.ends_on)}
    period = days["first"] if meeting.begins_on == meeting.ends_on else _("%(first)s to %(last)s")
    told = [f"{joined([meeting.get_kind_display().capitalize(), period % days])}."]
    if meeting.statement:
        told.append(_("It adopted %(code)s.") % {"code": meeting.statement.code})
    if meeting.cancelled_on:
        told.append(_("Cancelled: %(because)s") % {"because": meeting.cancelled_because})
    return " ".join(told)


def report_due(
    code: str,
    member: str,
    due_on: dt.date,
    *,
    sequence: int,
    came: bool = False,
    synthetic: bool = False,
    cancelled: bool = False,
    round_due_on: dt.date | None = None,
) -> Entry:
    """The day on which one member's report is due, extended where it was; no alarm once it came.

    `cancelled`: it is due no more. `round_due_on`: the round's own day, told where it differs.
    """
    cycle = code.partition("-")[0]
    return Entry(
        key=due_key(code),
        day=due_on,
        title=_("Report %(cycle)s, %(member)s: due") % {"cycle": cycle, "member": member},
        words=_due_in_words(due_on, round_due_on),
        path="/reporting/",
        sequence=sequence,
        alarm=not (came or cancelled),
        synthetic=synthetic,
        cancelled=cancelled,
    )


def _due_in_words(due_on: dt.date, round_due_on: dt.date | None) -> str:
    """The day as it is written, the one before an extension, and how long it lasts."""
    told = [_("Due on %(day)s.") % {"day": long_date(due_on)}]
    if round_due_on and round_due_on != due_on:
        own = long_date(round_due_on)
        told.append(_("Extended; the round's own date is %(day)s.") % {"day": own})
    return " ".join([*told, _everywhere()])


def _everywhere() -> str:
    return _("A deadline lasts until the day has ended everywhere (UTC-12).")


def due_key(code: str) -> str:
    """What the entry of a report's due day is known by."""
    return f"report-{code}-due_on"


def published_extension(extension: Extension) -> Entry:
    """A due day that was extended, and the public may know it.

    Its SEQUENCE follows from the day of publication, so that it tells of no earlier decision.
    """
    cycle = extension.cycle
    published_on, due_on = extension.published_on, extension.due_on
    if published_on is None or due_on is None:
        raise ValueError("Only a published extension may be told.")
    return Entry(
        key=f"extension-{extension}",
        day=due_on,
        title=f"Round {cycle.code}, {extension.member.code}: report due, extended",
        words=_due_in_words(due_on, cycle.due_on),
        path=reverse("cycle", args=[cycle.code]),
        sequence=max(0, (published_on - cycle.opens_on).days),
        synthetic=extension.synthetic,
    )


def of_person(person: User, now: dt.datetime) -> list[Entry]:
    """Meetings, and what is due from a person's members; for the secretariat, from all together.

    An extension is told here from the day it was decided. A report that came raises no alarm.
    """
    today = now.date()
    cycles = list(Cycle.objects.collected())
    if rules.in_secretariat(person):
        leaves = Commitment.objects.leaves().select_related("statement")
        entries = [*deadlines(leaves, today), *rounds(cycles)]
    else:
        entries = list(rounds(cycles, due=False))
    members = Member.objects.named(today).filter(pk__in=members_of(person))
    expected = expected_by_round(cycles) if members else {}
    for member in members:
        owed = [line.commitment for line in owed_by(member, today)]
        asked = [cycle for cycle in cycles if member.code in expected[cycle.code]]
        entries += [*deadlines(owed, today), *_reports_of(member, asked, person)]
    entries += [*_asked_of(person, today), *meetings()]
    return list({entry.key: entry for entry in entries}.values())


def _asked_of(person: User, today: dt.date) -> Iterator[Entry]:
    """The days until which a colleague asked the person for answers, one entry a report and day."""
    rows = Assignment.objects.filter(person=person, answer__report__member__in=members_of(person))
    rows = rows.counting(today).filter(due_on__isnull=False)
    related = rows.select_related("answer__report__cycle", "answer__report__member")
    days = Counter((row.answer.report, row.due_on) for row in related)
    for (report, day), n in days.items():
        words = ngettext("%(n)d question asked of you", "%(n)d questions asked of you", n)
        yield Entry(
            key=f"asked-{report.code}-{day}",
            day=day,
            title=_("%(about)s: %(what)s")
            % {"about": isolated(report.code), "what": words % {"n": n}},
            words=_("The day by which a colleague asked for your answers."),
            path=f"/reporting/{report.code}/",
            alarm=True,
            synthetic=report.synthetic,
        )


def _reports_of(member: Member, cycles: Iterable[Cycle], person: User) -> Iterator[Entry]:
    """The due day of the member's report in each of these rounds, where it is not excused.

    Marked as what is mailed of it is: by the person, the report, or the decision on its date.
    """
    of = {"member": member, "cycle__in": cycles}
    extensions = {extension.cycle_id: extension for extension in Extension.objects.filter(**of)}
    reports = {report.cycle_id: report for report in Report.objects.filter(**of)}
    for cycle in cycles:
        extension, report = extensions.get(cycle.pk), reports.get(cycle.pk)
        if extension and extension.due_on is None:
            continue
        made_up = any(found.synthetic for found in (extension, report) if found)
        yield report_due(
            f"{cycle}-{member.code}",
            said(getattr(member, "display_name", member.code)),
            given(cycle, extension),
            sequence=cycle.sequence + (extension.sequence if extension else 0),
            came=bool(report and report.first_submitted_at),
            synthetic=person.is_demonstration or made_up,
            round_due_on=cycle.due_on,
        )


def written(
    name: str,
    entries: Iterable[Entry],
    now: dt.datetime,
    *,
    alarms: Sequence[int] = (),
    followed: bool = False,
    words: Any = "",
) -> bytes:
    """The calendar's bytes: the same on a day for the same entries.

    `alarms` are days before an entry on which the reader's own program speaks up. One that is
    `followed` at its address says how often to ask again; `words` are said of the whole. Entries
    that are all cancelled make a calendar that takes them out of a program that holds them.
    """
    from icalendar import Calendar, vDuration

    entries = list(entries)
    calendar = Calendar()
    calendar.add("prodid", "-//Commitment tracker//calendar//EN")
    calendar.add("version", "2.0")
    gone = entries and all(entry.cancelled for entry in entries)
    calendar.add("method", "CANCEL" if gone else "PUBLISH")
    calendar.add("x-wr-calname", name)
    if words:
        calendar.add("x-wr-caldesc", str(words))
    if followed:
        calendar.add("refresh-interval", vDuration(ASKED_EVERY), {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(ASKED_EVERY))
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.key)):
        event = _event(entry, now.date())
        for days in alarms if entry.alarm and entry.day >= now.date() else ():
            event.add_component(_alarm(entry, days))
        calendar.add_component(event)
    return calendar.to_ical()


def _event(entry: Entry, today: dt.date) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.key}@{'demonstration.' if settings.DEMO else ''}{REGISTER}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC))
    event.add("dtstart", entry.day)
    if entry.until and entry.until > entry.day:
        event.add("dtend", entry.until + dt.timedelta(days=1))  # the first day after it
    mark = f"[{_('Synthetic')}] " if entry.synthetic else ""
    event.add("summary", mark + entry.title)
    if entry.synthetic:
        event.add("categories", ["synthetic"])
    if entry.cancelled:
        event.add("status", "CANCELLED")
    event.add("description", entry.words)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", entry.link or settings.SITE_URL + entry.path)
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(entry: Entry, days: int) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", dt.timedelta(days=-days, hours=9))  # at nine, in the program's own zone
    return alarm

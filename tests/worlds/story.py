"""Two worlds in which the same is published, and everything else is different.

What is published happens in both, on the same days. What is not happens around it, so that
numbers, order, owners, dates, texts and identifiers of unpublished rows differ, and with them the
identifiers of the published ones. docs/decisions/two-worlds.md lists what is different.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pgtrigger
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from commitments import actions as register
from members import actions as people
from members.actions.records import Writing
from members.models import Message, PublicVersion, Role, User
from members.outbox import queue
from reporting import actions
from reporting.models import Answer, Cycle, Indicator, PublishedObservation, Report, Version
from tests.cast import OTHER, OWN, a_member, person, play

from .both import World, at

FIRST_CYCLE = 2022
CAST = ("focal_point", "contributor", "outsider", "analyst", "reviewer", "editor", "administrator")
PINNED = dt.datetime(2026, 4, 1, 7, 30, tzinfo=dt.UTC)  # when the public version last moved
IN_PUBLIC = "A law on this clause is in force."
LATER = "A second law followed."
YEARS = (2023, 2024, 2025)
# What these members tell of the growth target where it is published; the last of GBR is small.
FIGURES = {OWN: (100, 120, 126), OTHER: (0, 5, 6), "GBR": (7, 9, 3)}
SECRET_FIELDS = ("narrative", "next_steps", "obstacles", "support_requested")

# The steps of a report, in the order of its life.
STEPS = ["draft", "submitted", "in_review", "returned", "accepted", "agreed"]


def tell_common() -> None:
    """What both worlds begin with: the cast, and all that the outsider's own pages show."""
    for part in CAST:
        play(part)
    person(Role.Kind.REVIEWER, name="second_reviewer")
    common = World("common", "", "reviewer", [], [], 0, turned=False)
    with_second = _life(common, "2024", OTHER, "agreed", IN_PUBLIC)
    actions.publish(with_second, by=_one("reviewer"), on=dt.date(2024, 8, 9))
    _anew(common, with_second, LATER, dt.date(2024, 9, 2))
    _life(common, "2026", OTHER, "draft", IN_PUBLIC)
    for year, value in zip(YEARS, (200, 240, 252), strict=True):
        _observe("BEL", year, value)


def tell(world: World) -> None:
    """The rest of this world: what is published, and between it what is not."""
    _people(world)
    private = iter(world.private)
    for number, publish in enumerate(_published(world)):
        if number % 2 == world.turned:
            _begin(world, next(private, None))
        _spend_identifiers(number * 3 + len(world.word))
        publish()
    for one in private:
        _begin(world, one)
    _rewrite_withheld(world)
    _decide(world)
    _letters(world)
    _enter_texts(world)


def go_on(world: World) -> None:
    """Work that must not be seen, done after the public version was pinned."""
    if world.turned:
        draft = Report.objects.coded("2026-ITA").get()
        _save_one(world, draft)
        return
    report = _life(world, "2026", "CHE", "accepted", world.text("CHE"))
    _save_one(world, Report.objects.coded("2026-DEU").get())
    actions.decide_extension(
        report.cycle,
        a_member("CHE"),
        due_on=dt.date(2026, 12, 24),
        reason=world.text("CHE"),
        by=_one("administrator"),
        on=dt.date(2026, 3, 30),
    )
    people.invite(
        "late@cast.example", Role.Kind.ANALYST, None, by=_one("editor"), at=timezone.now()
    )
    _visit(world.speaker("CHE"))


def pin() -> None:
    """From here on the public version bears the same moment in both worlds."""
    PublicVersion.objects.update(changed_at=PINNED)


def _published(world: World) -> Iterator[Callable[[], Any]]:
    """The public acts in their order; two of one day change places in the second world."""
    of_a_day = [lambda: _publish(world, "2024", OWN), lambda: _publish_withheld(world)]
    yield from reversed(of_a_day) if world.turned else of_a_day
    yield lambda: _publish_and_withdraw(world)
    yield lambda: _publish_twice(world)
    yield lambda: _correct(world)
    yield lambda: _announce(world, Cycle.objects.get(code="2024"))
    of_a_day = [lambda: _publish_roundabout(world), lambda: _publish(world, "2026", "GBR")]
    yield from reversed(of_a_day) if world.turned else of_a_day


def _announce(world: World, cycle: Cycle) -> None:
    """Everyone learns on the same day what the members were told on another in each world."""
    told, by = dt.date(2025, 1, 3 if world.turned else 8), _one("administrator")
    actions.tell_members(cycle, by=by, on=told)
    actions.announce_receipts(cycle, by=by, on=dt.date(2025, 2, 3))


def _correct(world: World) -> None:
    """Two entries in the errata, by another hand in each world."""
    of = {"what": "A report was counted twice.", "published_in": "The page of the round 2024."}
    said = {"dataset": "cycles", "figure": "reports published", "old_value": 3, "new_value": 2}
    said |= {"wrong_since": dt.date(2024, 9, 1), "corrected_on": dt.date(2024, 12, 2)}
    for number in range(2):
        by, key = _one(world.reviewer), uuid.uuid5(uuid.NAMESPACE_URL, f"{world.word}-{number}")
        actions.publish_erratum(by=by, on=dt.date(2024, 12, 2), key=key, **of, **said)


def _publish(world: World, cycle: str, code: str) -> Report:
    report = _life(world, cycle, code, "agreed", IN_PUBLIC)
    on = dt.date(2024, 8, 12) if cycle == "2024" else dt.date(2026, 3, 9)
    actions.publish(report, by=_one(world.reviewer), on=on)
    return report


def _publish_withheld(world: World) -> None:
    """Some answers are for the members or the secretariat; their words differ in each world."""
    report = _life(world, "2024", "NCMEC", "draft", IN_PUBLIC, support_requested="Advice.")
    keys = list(report.answers.values_list("pk", flat=True))
    for visibility, chosen in (("members", keys[::3]), ("secretariat", keys[1::3])):
        report.answers.filter(pk__in=chosen).update(visibility=visibility)
    _bring(world, report, "agreed")
    actions.publish(report, by=_one(world.reviewer), on=dt.date(2024, 8, 12))


def _publish_and_withdraw(world: World) -> None:
    report = _publish(world, "2024", "GBR")
    withdrawn = {"on": dt.date(2024, 10, 1), "because": "A figure was wrong."}
    actions.withdraw(report, by=_one(world.reviewer), **withdrawn)


def _publish_twice(world: World) -> None:
    """Two versions; in the first world a third one is being written."""
    report = _publish(world, "2024", "FRA")
    _anew(world, report, LATER, dt.date(2024, 11, 5))
    if not world.turned:
        actions.reopen(report, by=world.speaker("FRA"), at=at(2025, 1, 7))
        _answer(report, world.text("FRA"), "planned")


def _publish_roundabout(world: World) -> None:
    """A second version, published: after a return in one world, after a recall in the other.

    So the day on which the report first came differs. It is public only with the receipts.
    """
    report = _life(world, "2026", OWN, "draft", world.text(OWN))
    focal, reviewer = world.speaker(OWN), _one(world.reviewer)
    first = at(2026, 2, 7 if world.turned else 5)
    actions.submit(report, by=focal, key=uuid.uuid4(), at=first)
    if world.turned:
        actions.recall(report, by=focal, at=first)
    else:
        actions.start_review(report, by=reviewer, at=first)
        actions.send_back(report, by=reviewer, because=world.text(OWN), at=first)
    _answer(report, IN_PUBLIC)
    _tell_years(world, report, IN_PUBLIC)
    _bring(world, report, "agreed", number=2)
    actions.publish(report, by=reviewer, on=dt.date(2026, 3, 9))


def _anew(world: World, report: Report, text: str, on: dt.date) -> None:
    """A new version of a published report, published on that day."""
    actions.reopen(report, by=world.speaker(report.member.code), at=at(on.year, on.month, 1))
    _answer(report, text)
    _bring(world, report, "agreed", number=2, at_=dt.datetime.combine(on, dt.time(), dt.UTC))
    actions.publish(report, by=_one(world.reviewer), on=on)


def _begin(world: World, private: tuple[str, str, str] | None) -> None:
    if private:
        cycle, code, step = private
        _life(world, cycle, code, step, world.text(code))


def _life(world: World, cycle: str, code: str, step: str, text: str, **said: Any) -> Report:
    """The member's report, written and brought as far as `step`."""
    begun = at(int(cycle), 2, 2)
    of = Cycle.objects.get(code=cycle)
    report = actions.start_report(of, a_member(code), by=world.speaker(code), at=begun)
    _answer(report, text, **said)
    _tell_years(world, report, text)
    if world.word and text != IN_PUBLIC:
        _save_one(world, report)
    if step != "draft":
        _bring(world, report, step)
    return report


def _bring(
    world: World, report: Report, step: str, *, number: int = 1, at_: dt.datetime | None = None
) -> None:
    """Submits the report and makes the moves that lead to `step`, as versions of fixed facts."""
    focal, reviewer = world.speaker(report.member.code), _one(world.reviewer)
    when = at_ or at(int(report.cycle.code), 2, 20)
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{report.code}-{number}")
    moves: dict[str, Callable[[], Any]] = {
        "submitted": lambda: actions.submit(report, by=focal, key=key, at=when),
        "in_review": lambda: actions.start_review(report, by=reviewer, at=when),
        "returned": lambda: actions.send_back(report, by=reviewer, because=when_back, at=when),
        "accepted": lambda: actions.accept(report, by=reviewer, at=when),
        "agreed": lambda: actions.agree(report, by=focal, at=when),
    }
    when_back = world.text(report.member.code)
    for name in STEPS[1 : STEPS.index(step) + 1]:
        if name != "returned" or step == "returned":
            moves[name]()
        if name == "in_review" and world.word:
            _comment(world, report)


def _comment(world: World, report: Report) -> None:
    """What the reviewer says on the report, to the member and to colleagues; never published."""
    for internal in (False, True)[: 1 + world.turned]:
        said = {"text": world.text(report.member.code), "internal": internal}
        actions.comment(report, None, **said, by=_one(world.reviewer), at=at(2026, 3, 3))


def _answer(report: Report, text: str, status: str = "implemented", **said: Any) -> None:
    words = {"status": status, "narrative": text, "next_steps": text} | said
    Answer.objects.filter(report=report).update(**words)


def _tell_years(world: World, report: Report, text: str) -> None:
    """The yearly figures of a report of 2026: what is published, or others in each world."""
    target = Indicator.objects.select_related("commitment").get()
    asked = report.answers.filter(commitment=target.commitment).exists()
    if report.cycle.code != "2026" or not asked:
        return
    code, hidden = report.member.code, [len(world.word) * n for n in (1, 7, 9)]
    values = FIGURES[code] if text == IN_PUBLIC else hidden
    for year, value in zip(YEARS, values, strict=True):
        said = {"state": "value", "value": value, "source": "A register"}
        said["note"] = "" if text == IN_PUBLIC else world.text(code)
        stands = report.member.observations.filter(year=year).first()
        facts = {"base_version": stands.version if stands else 0, "at": at(2026, 2, 3)}
        by = world.speaker(code)
        actions.save_observation(report, target, year, said=said, by=by, **facts)


def _save_one(world: World, report: Report) -> None:
    """One answer saved as a person saves it, with its kept version."""
    answer = report.answers.select_related("commitment").first()
    assert answer is not None
    code = report.member.code
    said = {"status": "planned", "narrative": world.text(code)}
    facts = {"base_version": answer.version, "by": world.speaker(code), "at": at(2026, 3, 3)}
    actions.save_answer(report, answer.commitment, said=said, **facts)


def _rewrite_withheld(world: World) -> None:
    """Gives what was published without its words other words in each world.

    The published hash covers words that are withheld, and is salted with a key that only the
    member knows. It must be equal here, so the words are changed behind its back.
    """
    with pgtrigger.ignore(
        "reporting.Version:version_stays", "reporting.Answer:answer_kept_once_submitted"
    ):
        for version in Version.objects.filter(report__member__code="NCMEC"):
            content = json.loads(version.content)
            for said in content["answers"]:
                said["support_requested"] = world.text("NCMEC")
                if said["visibility"] != "public":
                    said |= dict.fromkeys(SECRET_FIELDS, world.text("NCMEC"))
            Version.objects.filter(pk=version.pk).update(content=json.dumps(content))
        answers = Answer.objects.filter(report__member__code="NCMEC")
        answers.update(support_requested=world.text("NCMEC"))
        hidden = answers.exclude(visibility="public")
        hidden.update(**dict.fromkeys(SECRET_FIELDS, world.text("NCMEC")))


def _people(world: World) -> None:
    for number in range(world.invited):
        kind, now = Role.Kind.ANALYST, timezone.now()
        email = f"{world.word}-{number}@cast.example"
        people.invite(email, kind, None, by=_one("editor"), at=now)
        _visit(person(kind, name=f"{world.word}-analyst-{number}"))


def _visit(who: User) -> None:
    """A session of this person's."""
    session = SessionStore()
    session["_auth_user_id"] = str(who.pk)
    session.create()


def _decide(world: World) -> None:
    """Decisions on due dates, of members whose report nobody may know of yet."""
    of, on = Cycle.objects.get(code="2026"), dt.date(2026, 3, 20)
    for code, due_on in world.extended:
        actions.decide_extension(
            of,
            a_member(code),
            due_on=due_on,
            reason=world.text(code),
            by=_one("administrator"),
            on=on,
        )


def _letters(world: World) -> None:
    """Messages that wait, since another hour in each world."""
    hours = len(world.word)
    for number in range(world.invited * 2):
        to = f"{world.word}-{number}@cast.example"
        queue(kind="account", to=to, subject=f"About {world.word}", body=world.text("you"))
    ago = timezone.now() - dt.timedelta(hours=hours)
    Message.objects.filter(state="pending").update(not_before=ago)


def _enter_texts(world: World) -> None:
    """Drafts of statements, another number of them in each world."""
    for number in range(world.invited):
        editor, now = _one("editor"), timezone.now()
        text = f"{world.word}\n\n1. {world.text('you')}"
        facts = {"code": f"20{30 + number}", "title": world.word, "text": text}
        draft = register.begin_draft(facts, by=editor, at=now)
        register.propose_parts(draft, Writing(editor, now, 0, register.PARTS))


def _spend_identifiers(number: int) -> None:
    """Takes numbers from every sequence, as changes do that are undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename FROM pg_sequences")
        for (sequence,) in cursor.fetchall():
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, number])


def _observe(member: str, year: int, value: int | None) -> None:
    PublishedObservation.objects.create(
        indicator="icse_identified_victims",
        member=member,
        year=year,
        value=value,
        shown_from=dt.date(2026, 3, 2),
        row="{}",
    )


def _one(part: str) -> User:
    """One of the cast, read anew."""
    return User.objects.get(email=f"{part.replace('_', '-')}@cast.example")

"""A small world in which every route has something to point at. One for all tests of a file."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from commitments import actions as register
from commitments.models import Theme
from members import actions as people
from members.actions.records import Writing
from members.models import Role, User
from reporting import actions
from reporting.actions.erasure import ask_erasure
from reporting.models import Answer, Cycle, Report
from tests.access.profiles import EVERYONE
from tests.cast import OWN, SignedIn, a_member, person, play

World = dict[str, Any]
# The round of the member's report in each state.
ROUNDS = {
    "draft": "2026",
    "submitted": "2024",
    "in_review": "2022",
    "accepted": "2020",
    "published": "2018",
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """What stands for `{...}` in routes.csv, the cast under its names, and their `clients`.

    A report of one member in each state, an open invitation, and a person more whom the
    secretariat can act on. All of it is undone after the last test of the file.
    """
    first = override_settings(FIRST_CYCLE=int(min(ROUNDS.values())))
    with django_db_blocker.unblock(), first, transaction.atomic():
        cast = {name: play(name) for name in EVERYONE}
        reports = {state: _report(state, cast).code for state in ROUNDS}
        said = {"comment": _comment(reports["in_review"], cast["reviewer"])}
        said["asked"] = _asked(reports["draft"], cast["focal_point"])
        colleague = str(cast["contributor"].pk)
        places: World = {"key": str(uuid.uuid4()), "colleague": colleague}
        places["meeting"] = _meeting(cast["editor"])
        places["erasure"] = _erasure()
        places |= _draft(cast["editor"])
        places["clients"] = {name: SignedIn(who) for name, who in cast.items()}
        yield cast | reports | said | _people(cast["editor"]) | places
        transaction.set_rollback(True)


def _report(state: str, cast: dict[str, User]) -> Report:
    """The member's report, brought to this state by the moves that lead there."""
    focal, reviewer, now = cast["focal_point"], cast["reviewer"], timezone.now()
    cycle = Cycle.objects.get(code=ROUNDS[state])
    report = actions.start_report(cycle, a_member(OWN), by=focal, at=now)
    Answer.objects.filter(report=report).update(status="implemented", narrative="Done.")
    moves = [
        lambda: actions.submit(report, by=focal, key=uuid.uuid4(), at=now),
        lambda: actions.start_review(report, by=reviewer, at=now),
        lambda: actions.accept(report, by=reviewer, at=now),
        lambda: actions.agree(report, by=focal, at=now),
        lambda: actions.publish(report, by=reviewer, on=now.date()),
    ]
    steps = {"draft": 0, "submitted": 1, "in_review": 2, "accepted": 3, "published": 5}
    for move in moves[: steps[state]]:
        move()
    return report


def _comment(code: str, reviewer: User) -> str:
    """A reviewer's comment that the member sees."""
    report, said = Report.objects.coded(code).get(), {"text": "Which year?", "internal": False}
    return str(actions.comment(report, None, **said, by=reviewer, at=timezone.now()).pk)


def _asked(code: str, focal_point: User) -> str:
    """A member's request to be excused."""
    report, now = Report.objects.coded(code).get(), timezone.now()
    facts = {"wanted_until": None, "reason": "A new law.", "by": focal_point, "at": now}
    return str(actions.ask_extension(report.cycle, report.member, **facts).pk)


def _erasure() -> str:
    """What another administrator wants to be erased."""
    asker, now = person(Role.Kind.ADMINISTRATOR, name="second"), timezone.now()
    return str(ask_erasure("Which year?", "Test.", by=asker, at=now).pk)


def _meeting(editor: User) -> str:
    """A meeting of today."""
    today = timezone.now()
    facts = {"title": "A meeting", "kind": "meeting", "source": "A letter"}
    days = {"begins_on": today.date(), "ends_on": today.date()}
    return str(register.record_meeting(Writing(editor, today, 0, ()), **facts, **days).pk)


def _draft(editor: User) -> dict[str, str]:
    """A draft of a statement with one part."""
    now, facts = timezone.now(), {"code": "2030", "title": "A text", "text": "A text"}
    draft = register.begin_draft(facts, by=editor, at=now)
    register.propose_parts(draft, Writing(editor, now, 0, register.PARTS))
    return {"new_text": str(draft.pk), "new_part": str(draft.parts.get().pk)}


def _people(editor: User) -> dict[str, str]:
    someone = person(Role.Kind.ANALYST, name="someone")
    kind, now = Role.Kind.ANALYST, timezone.now()
    offer = people.invite("invited@cast.example", kind, None, by=editor, at=now)
    token, _secret = people.make_token("a program", "rows", 30, by=someone, at=now)
    return {
        "token": str(token.pk),
        "someone": str(someone.pk),
        "role": str(someone.roles.get().pk),
        "invitation": str(offer.pk),
        "freeze": str(people.freeze(a_member("DNK"), "test", by=editor, at=now).pk),
        "member": str(a_member(OWN).pk),
        "theme": str(Theme.objects.values_list("pk", flat=True)[0]),
    }

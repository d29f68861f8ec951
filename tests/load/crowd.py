"""The people of a load run: each with a session, at an answer of their own."""

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from members.models import Member, Role, User
from reporting import actions
from reporting.models import Answer, Cycle, Report
from reporting.questions import questions

LONG_AGO = dt.date(2020, 1, 1)
MEMBERS = 60


@dataclass(frozen=True)
class Writer:
    """Somebody who writes: where to, whose session, and which answer it is."""

    path: str
    cookies: str
    answer: int


@transaction.atomic
def gather(people: int) -> list[Writer]:
    """So many focal points, dealt out to the members that report, each at a question of its own."""
    now = dt.datetime.now(dt.UTC)
    cycle = Cycle.objects.begun(now.date()).order_by("-code")[0]
    writers: list[Writer] = []
    for number, (report, reference, answer) in enumerate(_answers(cycle, now)):
        if number == people:
            return writers
        path = f"/reporting/{report.code}/answers/{reference}/"
        writers.append(Writer(path, _cookies(_person(number, report.member)), answer))
    raise ValueError(f"Only {len(writers)} answers can be written at once.")


def _answers(cycle: Cycle, now: dt.datetime) -> Iterator[tuple[Report, str, int]]:
    """Questions of many members, one of each before a second one of any."""
    members = Member.objects.filter(kind="government", reports_through=None)[:MEMBERS]
    reports = [_begun(cycle, member, now) for member in members]
    held = [list(Answer.objects.filter(report=report)) for report in reports]
    order = [[q.reference for q in questions(report)] for report in reports]
    for n in range(max(map(len, order))):
        for report, answers, references in zip(reports, held, order, strict=True):
            if n < len(references):
                by_clause = {a.commitment.reference: a.pk for a in answers}
                yield report, references[n], by_clause[references[n]]


def _begun(cycle: Cycle, member: Member, now: dt.datetime) -> Report:
    first = _person(f"first-{member.code}", member)
    return actions.start_report(cycle, member, by=first, at=now)


def _person(name: object, member: Member) -> User:
    user = User.objects.create_user(f"writer-{name}@load.example", None, name="Focal point")
    facts = {"kind": Role.Kind.FOCAL_POINT, "member": member, "since": LONG_AGO}
    Role.objects.create(user=user, **facts)
    return User.objects.get(pk=user.pk)


def _cookies(user: User) -> str:
    """A signed-in session, and the token that its forms carry."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"


TOKEN = os.urandom(16).hex()

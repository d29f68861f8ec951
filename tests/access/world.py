"""A small world in which every route has something to point at."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from members import actions
from members.models import Invitation, Member, Role, User
from reporting.models import Cycle, Report
from tests.cast import person

YEAR = dt.date(2026, 1, 1)


@pytest.fixture
def everyone(
    visitor: AnonymousUser,
    disabled: User,
    former: User,
    analyst: User,
    outsider: User,
    contributor: User,
    focal_point: User,
    reviewer: User,
    editor: User,
    administrator: User,
) -> dict[str, Any]:
    """The cast by name, as the profiles name it."""
    return dict(locals())


@pytest.fixture
def world(everyone: dict[str, Any], member: Member, editor: User) -> dict[str, str]:
    """What stands for `{...}` in the paths of routes.csv.

    One draft report of `member`, one open invitation, and one person more whom the secretariat
    can act on.
    """
    cycle = Cycle.objects.get(code="2026")
    report = Report.objects.create(cycle=cycle, member=member)
    someone = person(Role.Kind.ANALYST, name="someone")
    invitation = actions.invite(
        "invited@cast.example", Role.Kind.ANALYST, None, by=editor, at=timezone.now()
    )
    secret = "the-secret-of-the-tests"
    Invitation.objects.filter(pk=invitation.pk).update(secret_hash=actions._hash(secret))
    return {
        "report": report.code,
        "someone": str(someone.pk),
        "role": str(someone.roles.get().pk),
        "invitation": str(invitation.pk),
        "secret": secret,
        "member": str(member.pk),
    }

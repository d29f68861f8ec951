"""Two people do the same thing at the same moment: one of them comes second."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.utils import timezone

from members import actions, history
from members.actions import records
from members.models import Invitation, Role, Suspension, User
from members.views import record_tabs
from tests.cast import a_member, person

FACTS = {"name": "invited", "time_zone": "UTC", "password": "several unusual words"}


def _at_once(*work: Callable[[], Any]) -> list[Any]:
    """What each piece of work returned or raised, all begun together."""
    gate, results = threading.Barrier(len(work)), [None] * len(work)

    def run(n: int) -> None:
        gate.wait(timeout=10)
        try:
            results[n] = work[n]()
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,), daemon=True) for n in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_two_who_hold_the_same_link_only_one_gets_in(fresh_database: object) -> None:
    member, editor = a_member("ALB"), person(Role.Kind.EDITOR)
    now = timezone.now()
    offer = actions.invite("i@cast.example", "focal_point", member, by=editor, at=now)
    done = _at_once(*[lambda: actions.join(offer, at=now, **FACTS)] * 4)
    assert sum(isinstance(one, User) for one in done) == 1, done
    late = [one for one in done if isinstance(one, actions.Closed)]
    assert [one.state for one in late] == ["accepted"] * 3, done
    assert User.objects.filter(email=offer.email).count() == 1
    assert Invitation.objects.get().accepted_by.email == offer.email
    assert Role.objects.filter(user__email=offer.email).count() == 1


def test_two_focal_points_end_each_other_and_one_is_left(fresh_database: object) -> None:
    member = a_member("ALB")
    first, second = (person(Role.Kind.FOCAL_POINT, of=member, name=n) for n in ("first", "second"))
    assert first.roles_now and second.roles_now  # read when the request began
    mine, yours = first.roles.get(), second.roles.get()
    now = timezone.now()

    def end_mine() -> Role:
        return actions.end_role(mine, by=second, at=now)

    with transaction.atomic():
        actions.end_role(yours, by=first, at=now)
        late: list[Any] = []
        thread = threading.Thread(target=lambda: late.extend(_at_once(end_mine)), daemon=True)
        thread.start()
        thread.join(timeout=1)  # long enough to end the other one, were it not for the lock
    thread.join(timeout=30)
    assert [type(one) for one in late] == [PermissionDenied]
    assert Role.objects.filter(member=member, until__isnull=True).count() == 1


def test_two_editors_at_the_same_moment_one_comes_second(fresh_database: object) -> None:
    member, editor = a_member("ALB"), person("editor")
    copies = record_tabs.MEMBERSHIP
    seen = history.version_of(member, copies)

    def suspend() -> str:
        writing = records.Writing(editor, timezone.now(), seen, copies)
        try:
            records.suspend(member, writing, on=dt.date(2024, 3, 1), source="x")
        except records.Stale:
            return "stale"
        return "saved"

    assert sorted(_at_once(*[suspend] * 3)) == ["saved", "stale", "stale"]
    assert Suspension.objects.count() == 1

"""Whatever happens to a report, a round or an account is told by mail, through the one outbox."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from members import actions as people
from members import outbox
from members.models import Message, Role, User
from reporting import actions
from reporting.models import Report

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)


def told(to: User) -> list[str]:
    """The subjects of what waits for this person, oldest first."""
    return list(
        Message.objects.filter(to=to.email).order_by("pk").values_list("subject", flat=True)
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [("submitted", "received"), ("accepted", "accepted"), ("published", "published")],
)
def test_a_step_of_a_report_is_told_to_its_focal_point(
    state: str, words: str, bring: Callable[[str], Report]
) -> None:
    report = bring(state)
    [focal] = User.objects.filter(roles__member=report.member, roles__kind="focal_point")
    assert told(focal)[-1] == f"Report 2026, Albania: {words}"


def test_a_return_and_a_withdrawal_are_told(bring: Callable[[str], Report], reviewer: User) -> None:
    report = bring("published")
    actions.withdraw(report, by=reviewer, on=NOW.date(), because="Wrong.")
    assert Message.objects.latest("pk").subject.endswith("withdrawn from publication")


def test_what_happens_to_an_account_is_told(administrator: User, analyst: User) -> None:
    offer = people.invite("new@cast.example", Role.Kind.ANALYST, None, by=administrator, at=NOW)
    role = people.give_role(analyst, Role.Kind.REVIEWER, None, by=administrator, at=NOW)
    people.end_role(role, by=administrator, at=NOW)

    assert told(analyst) == ["You have a new role", "Your role has ended"]
    assert Message.objects.get(to=offer.email).subject == "Invitation"


def test_every_one_of_them_leaves_in_both_forms_and_with_its_own_identifier(
    bring: Callable[[str], Report], administrator: User, analyst: User
) -> None:
    bring("published")
    people.give_role(analyst, Role.Kind.REVIEWER, None, by=administrator, at=NOW)
    waiting = Message.objects.count()
    assert outbox.drain() == {"sent": waiting}

    identifiers = {sent.message()["Message-ID"] for sent in mail.outbox}
    assert len(identifiers) == waiting == len(mail.outbox)
    for sent in mail.outbox:
        assert [kind for _, kind in sent.alternatives] == ["text/html"]
        assert sent.message()["Auto-Submitted"] == "auto-generated"

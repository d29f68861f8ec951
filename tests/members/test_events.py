"""What was done stays on the record: nobody changes an event, and a changed one would show."""

import pytest
from django.db import DatabaseError, connection, transaction

from members.events import broken_links, record
from members.models import Event

pytestmark = pytest.mark.django_db


def three_events() -> list[Event]:
    return [
        record(verb, by=None, about="2026-AAA", chain="report:2026-AAA", step=n)
        for n, verb in enumerate(["started", "submitted", "accepted"])
    ]


def test_events_of_one_chain_are_numbered_and_hold_each_other():
    first, second, third = three_events()
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert broken_links("report:2026-AAA") == []


def test_chains_do_not_touch_each_other():
    three_events()
    other = record("invited", by=None, about="someone", chain="accounts")
    assert (other.number, other.previous) == (1, "")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.filter(number=2).update(verb="published"),
        lambda: Event.objects.filter(number=2).delete(),
        lambda: connection.cursor().execute("UPDATE members_event SET verb = 'x'"),
        lambda: connection.cursor().execute("TRUNCATE members_event"),
    ],
    ids=["update", "delete", "direct SQL", "truncate"],
)
def test_an_event_cannot_be_changed(change):
    three_events()
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    assert Event.objects.filter(chain="report:2026-AAA").count() == 3


@pytest.mark.parametrize("sql", ["UPDATE {} SET verb = 'x'", "DELETE FROM {}"])
def test_a_change_behind_the_triggers_shows_in_the_chain(sql):
    three_events()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE members_event DISABLE TRIGGER USER")
        cursor.execute(sql.format("members_event") + " WHERE number = 2")
        cursor.execute("ALTER TABLE members_event ENABLE TRIGGER USER")
    assert broken_links("report:2026-AAA") != []

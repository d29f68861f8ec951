"""Names and addresses that nobody needs any more are removed at night; what was done stays."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from members import actions
from members.events import broken_links
from members.models import Event, Invitation, Member, Message, Role, User
from members.tasks import remove_contact_data
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 1, 3, 20, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=1500)


@pytest.fixture
def left(former: User, member: Member, editor: User) -> User:
    """A focal point until 2021, of whom mails and an invitation are kept."""
    User.objects.filter(pk=former.pk).update(joined_at=LONG_AGO, name="Somebody Former")
    mail = {"kind": "account", "person": former, "subject": "x", "body": "Dear Somebody Former"}
    Message.objects.create(to=former.email, state="sent", sent_at=LONG_AGO, **mail)
    offer = actions.invite(former.email, "contributor", member, by=editor, at=LONG_AGO)
    Invitation.objects.filter(pk=offer.pk).update(accepted_at=LONG_AGO, accepted_by=former)
    Message.objects.update(state="sent", sent_at=LONG_AGO)
    return former


def everywhere(words: str) -> list[str]:
    """The tables in which these words stand, in any column of any row."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{table}" t WHERE t::text ILIKE %s LIMIT 1', [f"%{words}%"]
            )
            found += [table] if cursor.fetchone() else []
    return found


def test_name_and_address_stand_nowhere_afterwards(left: User) -> None:
    assert {"members_user", "members_message", "members_invitation"} <= set(everywhere(left.email))
    assert actions.remove_contact_data(at=NOW) == 1
    assert everywhere(left.email) == []
    assert everywhere("Somebody Former") == []
    assert left.roles.exists()  # that somebody was the focal point is no secret


def test_it_is_an_event_that_names_nobody_and_the_chain_holds(left: User) -> None:
    actions.remove_contact_data(at=NOW)
    event = Event.objects.latest("pk")
    assert (event.verb, event.about) == ("contact data removed", f"person:{left.pk}")
    assert event.actor is None
    assert broken_links("accounts") == []


def test_twice_removes_nothing_more(left: User) -> None:
    actions.remove_contact_data(at=NOW)
    assert actions.remove_contact_data(at=NOW) == 0


def test_who_has_a_role_or_had_one_lately_stays(left: User, editor: User, member: Member) -> None:
    until = NOW.date() - dt.timedelta(days=729)
    Role.objects.filter(user=left).update(until=until)
    User.objects.filter(pk=editor.pk).update(joined_at=LONG_AGO)
    actions.remove_contact_data(at=NOW)
    assert set(User.objects.values_list("email", flat=True)) == {left.email, editor.email}


def test_on_the_day_itself_it_goes(left: User) -> None:
    Role.objects.filter(user=left).update(until=NOW.date() - dt.timedelta(days=730))
    assert actions.remove_contact_data(at=NOW) == 1


def test_a_demonstration_person_is_nobodys_data(left: User) -> None:
    User.objects.filter(pk=left.pk).update(is_demonstration=True)
    assert actions.remove_contact_data(at=NOW) == 0


def test_an_invitation_that_nobody_answered_loses_its_address(editor: User, member: Member) -> None:
    actions.invite("new@cast.example", "contributor", member, by=editor, at=LONG_AGO)
    Message.objects.update(state="sent", sent_at=LONG_AGO)
    assert actions.remove_contact_data(at=NOW) == 1
    assert everywhere("new@cast.example") == []


def test_the_person_cannot_sign_in_any_more(client: Client, left: User) -> None:
    sign_in(client, left)
    actions.remove_contact_data(at=NOW)
    assert client.get("/accounts/").status_code == 302


def test_the_setting_is_shown_and_the_task_uses_it(
    client: Client, left: User, focal_point: User, settings
) -> None:
    settings.CONTACT_DATA_DAYS = 20_000
    page = sign_in(client, focal_point).get("/accounts/").content.decode()
    assert "kept for 20000 days" in page.replace(",", "").replace("\u00a0", "")
    remove_contact_data()
    assert User.objects.filter(email=left.email).exists()
    settings.CONTACT_DATA_DAYS = 365
    assert timezone.now() > NOW - dt.timedelta(days=300)
    remove_contact_data()
    assert not User.objects.filter(email=left.email).exists()

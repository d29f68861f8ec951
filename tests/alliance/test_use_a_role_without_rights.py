"""Web and worker sign in to the database as a role that cannot change what has happened."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from alliance.management.commands.grant_app_role import event_tables
from members import actions
from members.events import broken_links
from members.models import Event, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
ROLE = "app_of_the_tests"


@pytest.fixture
def as_app(db: None, editor: User, analyst: User) -> Iterator[None]:
    """The rest of the test runs as the role; it is gone with the transaction."""
    actions.give_role(analyst, "analyst", None, by=editor, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        call_command("grant_app_role", ROLE, stdout=io.StringIO())
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refusal(statement: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return "nothing was refused"


def test_events_are_among_the_tables() -> None:
    assert "members_event" in event_tables()
    assert len(event_tables()) > 1  # and the histories that the database writes


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_an_event_cannot_be_changed_even_past_the_triggers(as_app: None, statement: str) -> None:
    """`permission denied` comes before any trigger is asked."""
    for table in event_tables():
        column = "verb" if table == "members_event" else "pgh_label"
        asked = statement.replace("{}", table).replace("{column}", column)
        assert f"permission denied for table {table}" in refusal(asked), table


def test_no_table_can_be_emptied_and_no_schema_changed(as_app: None) -> None:
    assert "permission denied" in refusal("TRUNCATE members_heartbeat")
    assert "permission denied" in refusal("CREATE TABLE planted (id integer)")
    assert "must be owner" in refusal("ALTER TABLE members_event DISABLE TRIGGER ALL")


def test_the_work_goes_on(as_app: None, client: Client, editor: User, analyst: User) -> None:
    before = Event.objects.count()
    sign_in(client, editor)
    assert client.get("/secretariat/people/").status_code == 200
    path = f"/secretariat/people/{analyst.pk}/roles/"
    assert client.post(path, {"kind": "analyst", "member": ""}).status_code == 302
    assert Event.objects.count() == before + 1
    assert broken_links("accounts") == []


def test_a_role_that_is_not_there_or_may_do_everything_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="There is no role nobody_here"):
        call_command("grant_app_role", "nobody_here")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} SUPERUSER")
    with pytest.raises(CommandError, match="superuser"):
        call_command("grant_app_role", ROLE)


def test_with_a_password_the_role_is_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ROLE_PASSWORD", "it's a long one")
    for _ in range(2):  # again, with the next version
        call_command("grant_app_role", ROLE, stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [ROLE])
        assert cursor.fetchone() == (True,)

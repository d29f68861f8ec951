"""Someone backs up, loses something, restores into another database, and nobody is written to."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

import reporting
from alliance import backups
from members import events, lateness, outbox
from members.models import Event, Heartbeat, Member, Message, PublicVersion
from reporting import reminders
from tests import database
from tests.cast import play, sign_in
from tests.database import Database
from tests.mail_server import MailServer, mail_server

__all__ = ["mail_server"]

MIGRATIONS = Path(reporting.__file__).parent / "migrations"
CANARY = "quillfeatherwhisper"  # stands in the database and so in a backup, and nowhere else
# What a restore changes on purpose.
CHANGED = {"members_message", "members_publicversion", "members_heartbeat", "members_event"}


@pytest.fixture
def lively(fresh_database: Database, settings: Any) -> Database:
    """A database with people, events, somebody signed in, and messages in every state."""
    settings.FIRST_CYCLE = 2026
    administrator = play("administrator")
    play("focal_point")
    sign_in(Client(), administrator)
    for number in range(3):
        events.record("tried", by=administrator, about=str(number), chain="accounts")
    for state in ("pending", "leased", "handing", "dead"):
        to = f"{state}@cast.example"
        message = outbox.queue(kind="account", to=to, subject="-", body=CANARY)
        Message.objects.filter(pk=message.pk).update(state=state)
    return fresh_database


@pytest.fixture
def empty(lively: Database) -> Iterator[Database]:
    """A second database with nothing in it."""
    name = f"{lively.name}_clone"
    database._sql(f"CREATE DATABASE {name} TEMPLATE template0")
    yield Database(name, database._url(name))
    connection.close()
    database._sql(f"DROP DATABASE {name} WITH (FORCE)")


def use(chosen: Database) -> None:
    """Lets this process speak to another database, as a new start of the site would."""
    connection.close()
    connection.settings_dict["NAME"] = chosen.name


def backup(folder: Path) -> Path:
    call_command("backup", str(folder))
    [path] = folder.glob("*.dump")
    return path


def contents() -> dict[str, list[str]]:
    """Every row of every table, as text, apart from what no backup keeps."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table not in backups.LEFT_OUT:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found[table] = sorted(row for (row,) in cursor.fetchall())
    return found


def test_the_drill(
    lively: Database,
    empty: Database,
    tmp_path: Path,
    mail_server: MailServer,
    capfd: Any,
    caplog: Any,
) -> None:
    kept = contents()
    assert CANARY in str(kept["members_message"])
    path = backup(tmp_path / "kept")
    Member.objects.filter(code="ALB").update(region="asia")
    Message.objects.filter(state="pending").update(state="dead")
    use(empty)
    call_command("restore", str(path))

    said = capfd.readouterr()
    assert "The record of events holds (1 chains)." in said.out
    assert CANARY not in said.out + said.err + caplog.text
    assert path.parent.stat().st_mode & 0o077 == 0, "the folder is made for this user alone"
    restored = contents()
    assert restored.keys() == kept.keys()
    assert {t: r for t, r in restored.items() if t not in CHANGED} == {
        t: r for t, r in kept.items() if t not in CHANGED
    } | {"reporting_reminder": restored["reporting_reminder"]}
    assert set(kept["members_event"]) < set(restored["members_event"])
    assert not any(backups.chains().values())
    assert outbox.drain() == {} and mail_server.accepted == []


def test_what_waited_is_held_back_with_a_word_and_what_was_dead_stays_so(
    lively: Database, tmp_path: Path
) -> None:
    path = backup(tmp_path)
    call_command("restore", str(path), "--replace")

    for state in ("pending", "leased", "handing"):
        held = Message.objects.get(to=f"{state}@cast.example")
        assert held.state == "dropped" and held.last_error.startswith("Held back at the restore of")
        assert held.body == "", "an account message holds a link that lets its reader in"
    assert Message.objects.get(to="dead@cast.example").state == "dead"


def test_a_reminder_sent_after_the_backup_is_not_sent_again(
    lively: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backup(tmp_path)
    day = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
    assert reminders.plan(now=day)["messages"] == 1
    Message.objects.filter(kind="reminder").update(state="sent", sent_at=day)
    connection.close()
    backups.restore(path, replace=True, at=day)

    assert [m.state for m in Message.objects.filter(kind="reminder")] == ["dropped"]
    assert reminders.plan(now=day)["messages"] == 0
    assert reminders.plan(now=day + dt.timedelta(days=1))["messages"] == 0


def test_no_etag_of_before_can_be_met_again(lively: Database, tmp_path: Path) -> None:
    path = backup(tmp_path)
    PublicVersion.objects.update(number=5000)
    before = Client().get("/api/v1/members/")["ETag"]
    call_command("restore", str(path), "--replace")

    assert PublicVersion.objects.get().number > 5000 + backups.JUMP - 1
    assert Client().get("/api/v1/members/")["ETag"] != before


def test_nobody_stays_signed_in(lively: Database, tmp_path: Path) -> None:
    from django.contrib.sessions.models import Session

    assert Session.objects.exists()
    call_command("restore", str(backup(tmp_path)), "--replace")
    assert not Session.objects.exists()


def test_the_restore_itself_is_on_the_record(lively: Database, tmp_path: Path) -> None:
    path = backup(tmp_path)
    call_command("restore", str(path), "--replace")
    event = Event.objects.get(chain="operations")
    assert (event.verb, event.about) == ("restored", path.name)
    assert event.detail == {"held_back": Message.objects.filter(state="dropped").count()}


def test_a_backup_older_than_the_code_is_brought_up_to_date(
    lively: Database, tmp_path: Path
) -> None:
    three_back = sorted(path.stem for path in MIGRATIONS.glob("0*.py"))[-4]
    call_command("migrate", "reporting", three_back, verbosity=0)
    path = backup(tmp_path)
    call_command("restore", str(path), "--replace")
    call_command("migrate", check_unapplied=True, verbosity=0)


def test_a_changed_event_is_found(lively: Database, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE members_event SET verb = 'other' WHERE number = 2")
        cursor.execute("ALTER TABLE members_event ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match=r"does not hold: accounts at \[2\]"):
        call_command("restore", str(backup(tmp_path)), "--replace")


def test_a_site_with_its_own_server_is_restored_while_it_is_stopped(
    lively: Database, tmp_path: Path
) -> None:
    path = backup(tmp_path)
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"STATE_DIR": str(tmp_path / "state"), "DJANGO_SETTINGS_MODULE": "alliance.settings"}
    for command in (["restore", str(path)], ["backup", str(tmp_path / "again")]):
        done = subprocess.run([sys.executable, "manage.py", *command], env=env, cwd=database.ROOT)
        assert done.returncode == 0
    assert list((tmp_path / "again").glob("*.dump"))


# ---- what is refused, and leaves all as it was


def test_a_database_that_is_not_empty_is_left_alone(lively: Database, tmp_path: Path) -> None:
    path, kept = backup(tmp_path), contents()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(path))
    assert contents() == kept


def test_a_site_that_runs_is_not_restored_over(lively: Database, tmp_path: Path) -> None:
    import psycopg2

    path = backup(tmp_path)
    somebody = psycopg2.connect(lively.url)
    try:
        with pytest.raises(CommandError, match="must be stopped first"):
            call_command("restore", str(path), "--replace")
    finally:
        somebody.close()


@pytest.mark.parametrize("damage", ["altered", "shortened", "no sum"])
def test_a_file_that_is_not_what_was_written_is_refused(
    damage: str, lively: Database, tmp_path: Path
) -> None:
    path = backup(tmp_path)
    whole = path.read_bytes()
    if damage == "altered":
        path.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    elif damage == "shortened":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        path.with_name(path.name + ".sha256").unlink()
    with pytest.raises(CommandError, match=r"Nothing was changed.*(SHA-256|cannot be read)"):
        call_command("restore", str(path), "--replace")


def test_a_backup_cut_short_under_a_right_sum_changes_nothing(
    lively: Database, tmp_path: Path
) -> None:
    path, kept = backup(tmp_path), contents()
    path.write_bytes(path.read_bytes()[:-20_000])
    backups._sum_of(path).write_text(backups._digest(path))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(path), "--replace")
    assert contents() == kept


# ---- the file


def test_the_sum_is_one_that_sha256sum_understands(lively: Database, tmp_path: Path) -> None:
    path = backup(tmp_path)
    subprocess.run(["sha256sum", "--check", f"{path.name}.sha256"], cwd=tmp_path, check=True)
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())
    assert not list(tmp_path.glob(".*"))


def test_a_backup_that_fails_leaves_nothing_and_is_no_sign_of_life(
    lively: Database, tmp_path: Path
) -> None:
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "nowhere"
    try:
        with pytest.raises(CommandError, match="pg_dump failed"):
            call_command("backup", str(tmp_path / "kept"))
    finally:
        connection.settings_dict["NAME"] = before
    assert not list((tmp_path / "kept").iterdir())
    assert not Heartbeat.objects.filter(name=lateness.BACKUP).exists()


def test_a_backup_is_a_sign_of_life(lively: Database, tmp_path: Path) -> None:
    backup(tmp_path)
    assert Heartbeat.objects.filter(name=lateness.BACKUP).exists()


def test_a_restore_that_fails_at_its_last_step_changes_nothing(
    lively: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And tells why without the words of the row: those may be anybody's draft."""
    path, kept = backup(tmp_path), contents()
    refused = f"INSERT INTO public.members_heartbeat (name) VALUES ('{CANARY}');"
    monkeypatch.setattr(backups, "_AFTER", refused)
    with pytest.raises(CommandError, match="violates not-null constraint") as told:
        call_command("restore", str(path), "--replace")
    assert CANARY not in str(told.value)
    assert contents() == kept

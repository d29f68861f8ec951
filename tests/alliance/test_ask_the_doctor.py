"""Someone who set the site up asks what is wrong with it."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from alliance import doctor
from members import events, lateness, tasks
from members.models import Heartbeat, User
from tests.mail_server import MailServer, mail_server

__all__ = ["mail_server"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(
    settings: Any, tmp_path: Path, mail_server: MailServer, administrator: User
) -> MailServer:
    """A production set-up of which every part is well."""
    (tmp_path / "queue").mkdir()
    facts = {
        "PRODUCTION": True,
        "DEBUG": False,
        "DEMO": False,
        "SECRET_KEY": "x" * 50,
        "SITE_URL": "https://tracker.example",
        "ALLOWED_HOSTS": ["tracker.example", "testserver"],
        "DEFAULT_FROM_EMAIL": "secretariat@tracker.example",
        "BROKER_DIR": tmp_path,
        "REDIS_URL": "",
        "STATE_DIR": tmp_path / "not" / "yet",
    }
    for name, value in facts.items():
        setattr(settings, name, value)
    for name in lateness.limits():
        lateness.mark(name)
    return mail_server


@pytest.fixture(autouse=True)
def _only_the_folder_stands_in_for_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start itself refuses production on a folder; here it keeps the tests quick."""
    monkeypatch.setattr(doctor.environment, "refuse_unsafe_production", lambda values: None)
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 0)
    monkeypatch.setattr(doctor, "LEAST_FREE_SHARE", 0)


def wrong() -> dict[str, str]:
    return {f.part: f.words for f in doctor.examine() if f.mark == doctor.WRONG}


def test_a_healthy_site_ends_with_0_and_a_line_for_each_part(
    healthy: MailServer, capsys: Any
) -> None:
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Nothing is wrong."
    assert len(lines) == len(doctor.CHECKS) + 1
    assert healthy.accepted == []


def test_something_wrong_ends_with_1(healthy: MailServer, settings: Any, capsys: Any) -> None:
    settings.SECRET_KEY = "short"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "WRONG secrets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "facts", "told"),
    [
        ("set-up", {"SITE_URL": "https://other.example"}, "links in mails lead nowhere"),
        ("set-up", {"DEFAULT_FROM_EMAIL": "a <a@localhost>"}, "MAIL_FROM"),
        ("queue", {"BROKER_DIR": Path("/nowhere")}, "set REDIS_URL"),
        ("queue", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "Look at REDIS_URL"),
        ("mail", {"EMAIL_PORT": 1}, "Look at SMTP_HOST"),
        ("mail", {"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p"}, "SMTP_USER"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(
    part: str, facts: dict[str, Any], told: str, healthy: MailServer, settings: Any
) -> None:
    for name, value in facts.items():
        setattr(settings, name, value)
    found = wrong()
    assert set(found) == {part} and told in found[part]


def test_the_start_and_the_doctor_ask_for_the_same_safety(
    healthy: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(doctor.environment, "refuse_unsafe_production", asked.append)
    doctor.set_up()
    assert asked and asked[0]["SITE_URL"] == "https://tracker.example"


def test_a_site_nobody_administers(healthy: MailServer, administrator: User) -> None:
    administrator.roles.update(until=timezone.now().date())
    assert "invite_administrator" in wrong()["administrator"]


def test_a_worker_that_stopped(healthy: MailServer) -> None:
    lateness.mark(lateness.WORKER, at=timezone.now() - dt.timedelta(minutes=10))
    assert wrong().keys() == {"worker", "lateness"}


def test_in_the_first_minute_what_was_not_done_yet_is_not_wrong(healthy: MailServer) -> None:
    Heartbeat.objects.filter(name__in=["plan", "summaries"]).delete()
    assert wrong().keys() == {"lateness"}
    tasks.begin.apply(throw=True)
    assert wrong() == {}
    [found] = [f for f in doctor.examine() if f.part == "lateness"]
    assert found.mark == doctor.NOTE
    assert found.words.startswith("not yet since the worker began: plan, summaries;")


def test_a_backup_never_made_is_wrong_in_production_alone(
    healthy: MailServer, settings: Any
) -> None:
    lateness.mark(lateness.BACKUP, at=timezone.now() - dt.timedelta(days=3))
    assert "backup" in wrong()["lateness"]
    settings.PRODUCTION = False
    assert wrong() == {}


def test_a_clock_that_is_wrong(healthy: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(doctor.timezone, "now", lambda: now + dt.timedelta(seconds=5))
    assert wrong().keys() == {"clock"}


def test_a_disk_that_is_nearly_full(healthy: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 10**18)
    assert "make room" in wrong()["disk"]


def test_an_event_that_was_changed(healthy: MailServer, administrator: User) -> None:
    events.record("tried", by=administrator, about="-", chain="accounts")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE members_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE members_event SET verb = 'other'")
    assert wrong() == {"record": "events were changed or are missing: accounts"}


def test_without_a_database_the_rest_is_still_examined(healthy: MailServer, settings: Any) -> None:
    def away() -> Any:
        raise doctor.DatabaseError("no server")

    before = doctor.CHECKS["database"]
    doctor.CHECKS["database"] = away
    try:
        found = {f.part: f for f in doctor.examine()}
    finally:
        doctor.CHECKS["database"] = before
    assert "make run" in found["database"].words
    assert all(found[part].words.startswith("not asked") for part in doctor.OF_THE_DATABASE)
    assert found["mail"].mark == found["disk"].mark == doctor.OK

"""The timetable queues its tasks: each is one that the worker knows, and none piles up."""

import pytest
from celery.schedules import crontab
from django.db import OperationalError, connection

from alliance.beat import Timetable
from alliance.celery import app
from members import tasks
from members.models import Heartbeat

ENTRIES = app.conf.beat_schedule


def test_every_entry_is_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in ENTRIES.values()} <= app.tasks.keys()


@pytest.mark.parametrize("name", ENTRIES)
def test_a_message_expires_before_a_second_one_would_wait_for_long(name: str) -> None:
    entry = ENTRIES[name]
    expires = entry["options"]["expires"]
    if isinstance(entry["schedule"], crontab):
        assert expires < 24 * 3600
    else:
        assert expires <= max(entry["schedule"], 2)


def test_messages_are_json_acknowledged_late_and_keep_no_result() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert app.conf.worker_prefetch_multiplier == 1


@pytest.mark.django_db
def test_the_heart_beats() -> None:
    tasks.beat_heart.apply(throw=True)
    assert Heartbeat.objects.count() == 1


def away(*_: object) -> None:
    raise OperationalError("the server closed the connection")


@pytest.mark.django_db
def test_beat_goes_on_while_the_database_is_away_and_shows_its_life_after() -> None:
    beat = Timetable(app, lazy=True)
    with connection.execute_wrapper(away):
        beat.show_life()
    assert not Heartbeat.objects.exists()

    beat.show_life()
    assert Heartbeat.objects.get().name == "beat"

"""Someone who runs the site asks what is late, of a page and of /readyz."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

from members import lateness, outbox, tasks
from members.models import Heartbeat, Message, User
from reporting import tasks as reporting_tasks
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
PAGE = "/secretariat/operations/"


def late(now: dt.datetime = NOW) -> set[str]:
    return {part.name for part in lateness.told(now) if part.late}


def all_well(now: dt.datetime = NOW) -> None:
    for name in lateness.limits():
        lateness.mark(name, at=now)


def waiting(**facts: object) -> Message:
    message = outbox.queue(kind="workflow", to="reader@cast.example", subject="-", body="-")
    Message.objects.filter(pk=message.pk).update(**facts)
    return message


def test_what_was_never_heard_of_is_late() -> None:
    assert late() == set(lateness.limits())


@pytest.mark.parametrize("name", lateness.limits())
def test_each_part_is_late_once_its_time_is_over(name: str) -> None:
    all_well()
    lateness.mark(name, at=NOW - lateness.limits()[name])
    assert late() == set()

    lateness.mark(name, at=NOW - lateness.limits()[name] - dt.timedelta(seconds=1))
    assert late() == {name}


def test_what_a_worker_does_is_not_late_while_it_has_just_begun() -> None:
    lateness.mark(lateness.STARTED, at=NOW - dt.timedelta(minutes=1))
    awaited = {part.name for part in lateness.told(NOW) if part.awaited}
    assert awaited == {"drain", "plan", "summaries"}
    assert late() == {"beat", "worker", "backup"}

    lateness.mark("plan", at=NOW - dt.timedelta(days=3))  # before the worker was stopped
    assert "plan" not in late()
    assert late(NOW + dt.timedelta(minutes=3)) == set(lateness.limits())


def test_a_message_that_is_due_and_stays_is_late() -> None:
    all_well()
    message = waiting(not_before=NOW - dt.timedelta(minutes=3))
    assert late() == {"message"}

    Message.objects.filter(pk=message.pk).update(state="dropped")
    assert late() == set()


def test_a_message_for_later_is_not_late() -> None:
    all_well()
    waiting(not_before=NOW + dt.timedelta(hours=1), created_at=NOW - dt.timedelta(days=1))
    assert late() == set()


def test_a_message_put_off_after_a_failure_counts_from_when_it_was_written() -> None:
    all_well()
    facts = {"not_before": NOW + dt.timedelta(hours=8), "attempts": 12}
    waiting(created_at=NOW - dt.timedelta(hours=9), **facts)
    assert late() == {"message"}


def test_every_task_gives_its_own_sign_of_life() -> None:
    for task in (
        tasks.beat_heart,
        tasks.drain_outbox,
        reporting_tasks.plan_reminders,
        reporting_tasks.build_summaries,
    ):
        task.apply(throw=True)
    heard = set(Heartbeat.objects.values_list("name", flat=True))
    assert heard == set(lateness.limits()) - {lateness.BACKUP, lateness.BEAT}


@pytest.mark.parametrize(
    ("command", "name"),
    [("drain_outbox", "drain"), ("plan_reminders", "plan"), ("build_summaries", "summaries")],
)
def test_the_same_by_hand_without_celery_counts_as_well(command: str, name: str) -> None:
    call_command(command)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == [name]


def test_a_summary_built_alone_says_nothing_about_the_others() -> None:
    reporting_tasks.build_summaries.apply(args=[["cycle-2026"]], throw=True)
    assert not Heartbeat.objects.exists()


def test_lateness_is_told_and_changes_no_status(client: Client) -> None:
    now = dt.datetime.now(dt.UTC)
    all_well(now)
    before = client.get("/readyz")
    lateness.mark(lateness.BACKUP, at=now - dt.timedelta(days=9))
    Heartbeat.objects.filter(name="plan").delete()
    after = client.get("/readyz")

    assert before.json()["late"] == {}
    assert set(after.json()["late"]) == {"backup", "plan"}
    assert after.json()["late"]["plan"] is None
    assert before.status_code == after.status_code
    assert before.json()["parts"] == after.json()["parts"]


def test_a_late_message_is_told_without_the_moment_of_the_act_behind_it(client: Client) -> None:
    now = dt.datetime.now(dt.UTC)
    all_well(now)
    waiting(not_before=now - dt.timedelta(hours=2))
    assert client.get("/readyz").json()["late"] == {"message": None}


def test_a_drain_by_hand_is_no_sign_of_a_worker(client: Client) -> None:
    call_command("drain_outbox")
    assert client.get("/readyz").json()["parts"]["worker"] == "no worker was heard yet"


def test_a_drain_by_hand_says_in_a_word_that_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(outbox, "drain", away)
    with pytest.raises(CommandError, match="database does not answer"):
        call_command("drain_outbox")


def test_the_page_names_what_is_late_and_what_it_means(client: Client, reviewer: User) -> None:
    now = dt.datetime.now(dt.UTC)
    all_well(now)
    sign_in(client, reviewer)
    assert "Nothing is late." in client.get(PAGE).content.decode()

    lateness.mark(lateness.PLAN, at=now - dt.timedelta(hours=5))
    page = client.get(PAGE).content.decode()
    assert "One thing is late." in page
    assert "Nobody is reminded." in page and "5 hours ago" in page
    assert "could not be brought back" not in page


def test_every_part_has_words_for_the_page(client: Client, administrator: User) -> None:
    waiting(not_before=NOW - dt.timedelta(days=400))
    page = sign_in(client, administrator).get(PAGE).content.decode()
    assert f"{len(lateness.limits()) + 1} things are late." in page
    assert settings.BACKUP_EVERY_HOURS == 24


def test_nobody_outside_the_secretariat_sees_it(
    client: Client, focal_point: User, analyst: User
) -> None:
    assert client.get(PAGE).status_code == 302
    for person in (focal_point, analyst):
        assert sign_in(client, person).get(PAGE).status_code == 403

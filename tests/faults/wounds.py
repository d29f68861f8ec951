"""What can happen to the town. Each wound is inflicted, lasts for a while, and is healed."""

import os
import signal
from collections.abc import Callable
from random import Random

import redis
from django.db import OperationalError, connection, transaction

from alliance.celery import app
from members import outbox
from tests.site import wait_for

from .town import BEATS, WORKERS, Town, rest
from .work import Ledger, insisting

Wound = Callable[[Town, Random, Ledger], None]


def worker_killed(town: Town, chance: Random, ledger: Ledger) -> None:
    part = chance.choice(WORKERS)
    town.end(part)
    rest(chance.uniform(0, 2))
    town.start(part)


def every_worker_killed(town: Town, chance: Random, ledger: Ledger) -> None:
    for part in WORKERS:
        town.end(part)
    rest(chance.uniform(0, 3))
    town.start_all()


def worker_told_to_end(town: Town, chance: Random, ledger: Ledger) -> None:
    part = chance.choice(WORKERS)
    town.end(part, signal.SIGTERM)
    town.start(part)


def one_beat(town: Town, chance: Random, ledger: Ledger) -> None:
    part = chance.choice(BEATS)
    town.end(part)
    rest(chance.uniform(0, 3))
    town.start(part)


def no_beat(town: Town, chance: Random, ledger: Ledger) -> None:
    """For as long as the run has time; tests/reporting/test_remind.py has days of it."""
    for part in BEATS:
        town.end(part)
    rest(2 * town.outage)
    town.start_all()


def broker_killed(town: Town, chance: Random, ledger: Ledger) -> None:
    town.end("redis")
    rest(chance.uniform(0, 2))
    town.start("redis")


def broker_gone_for_long(town: Town, chance: Random, ledger: Ledger) -> None:
    town.end("redis")
    rest(town.outage)
    town.start("redis")


def broker_emptied(town: Town, chance: Random, ledger: Ledger) -> None:
    with redis.Redis(port=town.ports["redis"]) as broker:
        broker.flushall()


def database_restarted(town: Town, chance: Random, ledger: Ledger) -> None:
    town.stop_database(signal.SIGINT)
    town.start_database()


def database_crashed(town: Town, chance: Random, ledger: Ledger) -> None:
    town.stop_database(signal.SIGQUIT)
    rest(chance.uniform(0, 1))
    town.start_database()


def mail_refuses(town: Town, chance: Random, ledger: Ledger) -> None:
    town.mail.stop()
    rest(chance.uniform(1, 4))
    town.mail.start()


def reports_come_in_while_mail_is_away(town: Town, chance: Random, ledger: Ledger) -> None:
    """People are about to be reminded, the reminders wait, and then their reports come."""
    town.mail.stop()
    connection.close()  # it may be from before a restart of the database
    ledger.registrar.appoint_some_busy()
    wait_for(ledger.registrar.planned_for_the_busy, 8)
    for _ in range(3):
        ledger.registrar.submit()
    rest(3)  # longer than the race between the last look and the first word
    town.mail.start()


def mail_slow(town: Town, chance: Random, ledger: Ledger) -> None:
    town.mail.waits = chance.uniform(0.3, 1.5)
    rest(chance.uniform(2, 4))
    town.mail.waits = 0.0


def mail_cut_after_acceptance(town: Town, chance: Random, ledger: Ledger) -> None:
    town.mail.cuts = chance.randint(1, 3)
    ledger.promise_mail()
    wait_for(lambda: not town.mail.cuts, 8)
    town.mail.cuts = 0


def mail_says_later(town: Town, chance: Random, ledger: Ledger) -> None:
    town.mail.busy = True
    rest(chance.uniform(1, 3))
    town.mail.busy = False


def one_recipient_refused(town: Town, chance: Random, ledger: Ledger) -> None:
    address = f"unknown-{chance.randrange(10**9)}@town.example"
    town.mail.unknown.add(address)
    insisting(lambda: outbox.queue(kind="workflow", to=address, subject="-", body="-"))
    ledger.refused.add(address)


def task_delivered_often(town: Town, chance: Random, ledger: Ledger) -> None:
    for _ in range(10):
        app.send_task("members.tasks.drain_outbox", task_id="the same")
        app.send_task("reporting.tasks.plan_reminders", task_id="the same too")


def poisoned_row(town: Town, chance: Random, ledger: Ledger) -> None:
    """A message that raises whenever it is made into a mail."""
    address = f"poisoned-{chance.randrange(10**9)}@town.example"
    poison = {"language": "e\nn", "subject": "-", "body": "-"}
    insisting(lambda: outbox.queue(kind="workflow", to=address, **poison))
    ledger.poisoned.add(address)


def building_killed_halfway(town: Town, chance: Random, ledger: Ledger) -> None:
    building = town.manage("build_summaries")
    rest(chance.uniform(1.0, 3.0))
    building.kill()
    building.wait(10)


def disk_full(town: Town, chance: Random, ledger: Ledger) -> None:
    """No room for anything: not for a row, not for what the database needs to start again."""
    town.disk.fill()
    try:
        rest(chance.uniform(1, 3))
        refused = _refused_for_want_of_room()
        rest(chance.uniform(0, 1))
    finally:
        town.disk.clear()
    town.start_database_if_it_ended()
    town.start_all()
    if not refused:
        raise AssertionError("the disk was not full")


def _refused_for_want_of_room() -> bool:
    connection.close()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE more ON COMMIT DROP AS"
                " SELECT repeat('-', 100) FROM generate_series(1, 100000)"
            )
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


def web_workers_killed(town: Town, chance: Random, ledger: Ledger) -> None:
    """The processes that answer; their parent starts others."""
    with open(f"/proc/{town.running['web'].pid}/task/{town.running['web'].pid}/children") as those:
        for pid in those.read().split():
            os.kill(int(pid), signal.SIGKILL)


def web_told_to_end(town: Town, chance: Random, ledger: Ledger) -> None:
    town.end("web", signal.SIGTERM)
    town.start("web")


def ten_times_the_load(town: Town, chance: Random, ledger: Ledger) -> None:
    for _ in range(100):
        ledger.promise_mail()


FULL_DISK = "a full disk"
WOUNDS: dict[str, Wound] = {
    "a worker killed in mid-task": worker_killed,
    "every worker killed": every_worker_killed,
    "a worker told to end": worker_told_to_end,
    "one of two beats killed": one_beat,
    "no beat": no_beat,
    "Redis killed": broker_killed,
    "Redis gone for long": broker_gone_for_long,
    "Redis emptied": broker_emptied,
    "PostgreSQL restarted under load": database_restarted,
    "PostgreSQL crashed under load": database_crashed,
    "mail server away": mail_refuses,
    "reports come in while mail is away": reports_come_in_while_mail_is_away,
    "mail server slow": mail_slow,
    "mail cut after acceptance": mail_cut_after_acceptance,
    "mail server says later": mail_says_later,
    "one recipient refused": one_recipient_refused,
    "a task delivered ten times": task_delivered_often,
    "a poisoned row": poisoned_row,
    "a build of summaries killed halfway": building_killed_halfway,
    "the web's workers killed": web_workers_killed,
    "the web told to end": web_told_to_end,
    "ten times the load": ten_times_the_load,
    FULL_DISK: disk_full,
}


def possible(town: Town) -> list[str]:
    """The names of what can be done to this town."""
    return sorted(name for name in WOUNDS if name != FULL_DISK or town.disk.can_fill)

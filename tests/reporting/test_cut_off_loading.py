"""Loading that is killed half-way leaves nothing behind; the next run does all of it."""

import os
import subprocess
import sys
import time

import psycopg2
import pytest

from tests.registry_files import ROOT

PATIENCE = 60


def run(command: str, database: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own, in the demonstration of that database."""
    env = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "DEMO": "1",
        "FIRST_CYCLE": "2022",
    }
    arguments = [sys.executable, "manage.py", command]
    return subprocess.Popen(arguments, cwd=ROOT, env=env, stdout=subprocess.PIPE)


def wait_until(asked: str, database: str) -> None:
    """Waits until the question about the server's sessions is answered with yes."""
    end = time.monotonic() + PATIENCE
    with psycopg2.connect(database) as watcher, watcher.cursor() as cursor:
        watcher.autocommit = True
        while time.monotonic() < end:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    pytest.fail(f"never came true: {asked}")


WRITING = """
SELECT count(*) > 0 FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE relname = 'reporting_version' AND mode = 'RowExclusiveLock'
"""
GONE = "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'"


def test_a_demonstration_that_is_killed_half_way_leaves_nothing(fresh_database):
    process = run("load_demonstration", fresh_database.url)
    try:
        wait_until(WRITING, fresh_database.url)
    finally:
        process.kill()
        process.wait(PATIENCE)
    wait_until(GONE, fresh_database.url)
    with psycopg2.connect(fresh_database.url) as after, after.cursor() as cursor:
        for table in ("reporting_report", "reporting_version", "members_user", "members_event"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
    after.close()

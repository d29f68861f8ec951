"""Someone names a database of their own."""

import os
import subprocess
import sys

import pytest

from alliance import environment
from tests.database import Database


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db.example:5433/tracker?sslmode=require",
            {"USER": "ann", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgres:///tracker?host=/run/my%20sockets", {"HOST": "/run/my sockets", "USER": ""}),
        ("postgresql://ann@%2Frun%2Fpg/tracker", {"HOST": "/run/pg", "PORT": ""}),
    ],
)
def test_an_address_is_taken_apart(url: str, expected: dict[str, str]) -> None:
    found = environment.database(url)
    assert found["NAME"] == "tracker"
    assert {name: found[name] for name in expected} == expected


def test_options_of_the_driver_are_kept() -> None:
    found = environment.database(
        "postgresql://db.example/tracker?sslmode=require&connect_timeout=3"
    )
    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "3"}


@pytest.mark.parametrize(("entry", "expected"), [("alliance.wsgi", "15s"), ("django", "0")])
def test_only_pages_are_cut_off_when_the_database_takes_too_long(
    fresh_database: Database, entry: str, expected: str
) -> None:
    code = (
        f"import {entry}, django; django.setup()\n"
        "from django.db import connection; cursor = connection.cursor()\n"
        "cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {"DATABASE_URL": fresh_database.url, "DJANGO_SETTINGS_MODULE": "alliance.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout.strip() == expected

"""Someone starts the site in production with a setting forgotten."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "ENVIRONMENT": "production",
    "DEMO": "0",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz_-ABCDEFGHIJKLMNOP",
    "ALLOWED_HOSTS": "tracker.example",
    "SITE_URL": "https://tracker.example",
    "DATABASE_URL": "postgresql://tracker@db.example/tracker?sslmode=require",
    "REDIS_URL": "redis://redis.example/0",
    "SMTP_HOST": "smtp.example",
}


def start(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process that has these variables and no others."""
    given = {name: value for name, value in (SAFE | changed).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "import alliance.settings"],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_safe_one_starts() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"DEMO": "1"}, "DEMO must be off"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "tracker.example,.example"}, "ALLOWED_HOSTS must name"),
        ({"DATABASE_URL": None}, "DATABASE_URL must be set"),
        ({"REDIS_URL": None}, "REDIS_URL must be set"),
        ({"SMTP_HOST": None}, "SMTP_HOST must be set"),
        ({"SITE_URL": None}, "SITE_URL must begin with https://"),
        ({"SITE_URL": "http://tracker.example"}, "SITE_URL must begin with https://"),
        ({"DEBUG": "perhaps"}, "neither yes nor no"),
        ({"DATABASE_URL": "mysql://tracker@db.example/tracker"}, "DATABASE_URL must read"),
        ({"FIRST_CYCLE": "soon"}, "not a whole number"),
    ],
)
def test_an_unsafe_one_does_not(changed: dict[str, str | None], word: str) -> None:
    refused = start(**changed)
    assert refused.returncode != 0
    last = refused.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert word in last


def test_all_reasons_are_told_at_once() -> None:
    refused = start(SECRET_KEY=None, DEBUG="1", ALLOWED_HOSTS="*")
    last = refused.stderr.strip().splitlines()[-1]
    assert all(word in last for word in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"))


def test_django_finds_nothing_else_unsafe() -> None:
    """But for its two wishes about the other hosts of the domain, which are not ours to decide."""
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env={"PATH": os.environ["PATH"], **SAFE},
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    found = set(re.findall(r"\(([a-z_0-9]+\.[A-Z]\d+)\)", checked.stdout + checked.stderr))
    assert found <= {"security.W005", "security.W021"}, checked.stderr
    assert checked.returncode == 0

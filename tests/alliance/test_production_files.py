"""Someone deploys the site: what the files for containers name is really there."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command, load_command_class

from alliance.health import CHECKS

ROOT = Path(__file__).resolve().parents[2]
OURS = ["migrate", "web", "worker", "beat"]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_all_parts_are_there_and_watched(services: dict[str, Any]) -> None:
    assert services.keys() == {"postgres", "redis", *OURS}
    watched = {name for name, service in services.items() if "healthcheck" in service}
    assert watched == services.keys() - {"migrate"}  # it ends, and others wait for its success


@pytest.mark.parametrize("name", OURS)
def test_ours_run_without_rights(services: dict[str, Any], name: str) -> None:
    assert services[name]["read_only"] is True
    assert services[name]["cap_drop"] == ["ALL"]
    assert services[name]["env_file"] == ".env"
    assert "USER tracker" in (ROOT / "Dockerfile").read_text()


def test_each_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["redis"]["condition"] == "service_healthy"


def test_commands_and_checks_exist(services: dict[str, Any]) -> None:
    assert services["migrate"]["command"][-1] == "prepare"
    assert load_command_class("alliance", "prepare")
    for name in ("worker", "beat"):
        command, *parts = services[name]["healthcheck"]["test"][3:]
        assert load_command_class("alliance", command)
        assert parts
        assert set(parts) <= CHECKS.keys()


def test_the_health_check_names_what_is_missing(db: None) -> None:
    call_command("ready", "database", "migrations")
    with pytest.raises(CommandError, match="worker: no worker was heard yet"):
        call_command("ready", "database", "worker")


def test_every_variable_the_code_reads_is_explained() -> None:
    code = "".join((ROOT / "alliance" / name).read_text() for name in ("settings.py", "wsgi.py"))
    read = set(re.findall(r'(?:flag|number|listed|get|setdefault)\(\s*"([A-Z_]+)"', code))
    read -= {"DJANGO_SETTINGS_MODULE"}
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert "SECRET_KEY" in read
    assert read - explained == set()


def test_the_image_has_the_python_of_the_locks() -> None:
    image = re.findall(r"^FROM python:(\d+\.\d+)", (ROOT / "Dockerfile").read_text(), re.M)
    assert set(image) == {"3.11"}
    assert sys.version_info >= (3, 11)

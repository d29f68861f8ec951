"""Someone who runs the site asks whether it lives and whether it is ready."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client


def test_alive_without_any_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_not_ready_before_a_worker_was_heard(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "ready"
    assert answer.json()["parts"]["migrations"] == "ready"
    assert answer.json()["parts"]["worker"] == "no worker was heard yet"


@pytest.mark.django_db
def test_the_command_asks_all_parts_when_none_is_named() -> None:
    with pytest.raises(CommandError, match="worker: no worker was heard yet"):
        call_command("ready")
    with pytest.raises(CommandError, match="No such part: moon"):
        call_command("ready", "moon", "database")
    call_command("ready", "database", "migrations")

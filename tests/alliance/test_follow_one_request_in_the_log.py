"""Someone who reads the log follows one request, and what it set going, by its number."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.test import Client
from kombu import Connection

from alliance.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[str], list[dict[str, Any]]]:
    """What was logged under this name, as the fields of each line."""
    caplog.set_level(logging.INFO)
    return lambda name: [r.msg for r in caplog.records if r.name == name]  # type: ignore[misc]


def test_each_request_has_a_number_of_its_own(client: Client, lines: Any) -> None:
    client.get("/about/")
    client.get("/about/")
    first, second = lines("alliance.requests")
    assert first["route"] == second["route"] == "about/"
    assert len(first["request_id"]) == 32 and first["request_id"] != second["request_id"]
    assert not structlog.contextvars.get_contextvars()


def test_a_number_sent_by_a_client_is_not_believed(client: Client, lines: Any) -> None:
    client.get("/about/", headers={"X-Request-ID": "f" * 32, "Request-Id": "f" * 32})
    assert "f" * 32 not in json.dumps(lines("alliance.requests"))


def test_a_task_carries_the_number_of_the_request_that_queued_it() -> None:
    with Connection("memory://") as broker:
        with structlog.contextvars.bound_contextvars(request_id="the request"):
            app.send_task("members.tasks.beat_heart", connection=broker, ignore_result=True)
        queue = broker.SimpleQueue("celery")
        message = queue.get(timeout=2)
    assert message.headers["request_id"] == "the request"

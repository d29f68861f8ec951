"""The Celery application and its timetable. Tasks are queued with ids only and may run twice."""

import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import before_task_publish, task_postrun, task_prerun, worker_ready
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")

TRANSPORT_ALIASES["folder"] = "alliance.standalone.broker:Transport"

app = Celery("alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(task: str, seconds: int) -> dict[str, object]:
    """An entry whose message is worthless once the next one is due."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 2)}}


app.conf.beat_schedule = {
    "show that the worker lives": _every("members.tasks.beat_heart", 10),
    "send what the outbox holds": _every(
        "members.tasks.drain_outbox", settings.OUTBOX_EVERY_SECONDS
    ),
    "plan reminders": _every("reporting.tasks.plan_reminders", settings.PLAN_EVERY_SECONDS),
    # Writes only what changed, so that a build lost with its broker is made up for.
    "build summaries": _every("reporting.tasks.build_summaries", settings.SUMMARIES_EVERY_SECONDS),
    "count everything anew": {
        "task": "reporting.tasks.build_summaries",
        "schedule": crontab(hour=2, minute=10),
        "kwargs": {"whole": True},
        "options": {"expires": 3600},
    },
    "print reports of new summaries": _every(
        "reporting.tasks.print_reports", settings.PRINT_EVERY_SECONDS
    ),
    # Asks which day has no zip; builds at most two, after midnight or the first start.
    "keep a zip of each day": _every("reporting.tasks.build_bulk", 600),
    "clear ended sessions": _every("members.tasks.clear_sessions", 3600),
    "remove contact data": {
        "task": "members.tasks.remove_contact_data",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
}


@worker_ready.connect
def _say_at_once_that_it_lives(**_: Any) -> None:
    app.send_task("members.tasks.begin", expires=60)


@before_task_publish.connect
def _carry_the_request(headers: dict[str, Any], **_: Any) -> None:
    """A task remembers which request queued it, for the log alone."""
    headers["request_id"] = structlog.contextvars.get_contextvars().get("request_id")


@task_prerun.connect
def _name_the_task(task_id: str, task: Task, **_: Any) -> None:
    """Every line that is logged on the way names the task, and the request that queued it."""
    asked = {"request_id": getattr(task.request, "request_id", None)}
    known = {name: value for name, value in asked.items() if value}
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, **known)


@task_postrun.connect
def _forget_the_task(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("task", "task_id", "request_id")

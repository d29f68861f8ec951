"""Beat: Celery's timetable in memory, which shows in the database that somebody reads it."""

import time
from typing import Any

import structlog
from celery.beat import Scheduler
from django.db import Error, close_old_connections

from members import lateness

log = structlog.get_logger(__name__)
SHOWN_EVERY_SECONDS = 10


class Timetable(Scheduler):
    """Sends what is due, and marks the heart of beat every few seconds.

    The heart of the worker says that tasks reach it; this one says who is to blame when they do
    not. A database that is away is no reason to stop: the tasks find it away as well, and say so.
    """

    shown = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until the next thing is due, as the caller expects it."""
        wait = super().tick(*args, **kwargs)
        if time.monotonic() - self.shown >= SHOWN_EVERY_SECONDS:
            self.shown = time.monotonic()
            close_old_connections()  # one that the server ended would never come back
            self.show_life()
        return min(wait, SHOWN_EVERY_SECONDS)

    def show_life(self) -> None:
        try:
            lateness.mark(lateness.BEAT)
        except Error as error:
            log.warning("beat cannot mark its heart", error=type(error).__name__)

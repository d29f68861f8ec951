"""How the log is written, one line of JSON for an event, and what it leaves out.

Left out are the words of a row, with which PostgreSQL explains why it refused it.
"""

import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from structlog.processors import ExceptionRenderer
from structlog.typing import ExcInfo

DETAIL = "\nDETAIL:"  # "Failing row contains (...)", with all that somebody typed


def _without_rows(exc_info: ExcInfo) -> str:
    """The traceback, without the details of the database's errors."""
    text = "".join(traceback.format_exception(*exc_info)).rstrip()
    for error in _chain(exc_info[1]):
        words = str(error).rstrip()
        text = text.replace(words, words.partition(DETAIL)[0]) if DETAIL in words else text
    return text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error with its causes, and those during whose handling they came."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


without_rows = ExceptionRenderer(_without_rows)

STEPS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_rows,
]


def begin() -> None:
    """Makes every logger of this process write its lines by these steps."""
    structlog.configure(
        processors=[*STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to the standard error output, from this level on."""
    # Celery tells of every message that came and went; what failed is told in any case.
    levels = {
        "django": "INFO",
        "django.server": "WARNING",
        "django.request": "ERROR",
        "django.security": "ERROR",
        "celery.beat": "WARNING",
        "celery.worker.strategy": "WARNING",
        "celery.app.trace": "WARNING",
    }
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": STEPS,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            name: {"level": least, "handlers": [], "propagate": True}
            for name, least in levels.items()
        },
    }

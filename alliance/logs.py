"""What the log leaves out: the words of a row, with which PostgreSQL explains why it refused it."""

import traceback
from collections.abc import Iterator

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

"""Messages as files in a folder, for a start without Redis (docs/decisions/broker-in-a-folder.md).

Kombu's own transport writes a message under the name that readers look for. A reader that is
quicker finds half of it, and a worker ends at a message that it cannot read.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import structlog
from kombu.transport import filesystem
from kombu.utils.json import dumps

log = structlog.get_logger(__name__)


class Channel(filesystem.Channel):
    """A message is in the folder whole or not at all; one that cannot be read is thrown away."""

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        written = Path(self.data_folder_out) / f"{name}.part"
        written.write_text(dumps(payload))
        written.rename(written.with_suffix(""))

    def _get(self, queue: str) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            log.warning("unreadable message", queue=queue)
            raise Empty from None

    def get_table(self, exchange: str) -> Any:
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While the table of an exchange is read or written; it is cut before it is written."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel

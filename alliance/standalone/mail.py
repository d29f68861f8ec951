"""A mail server that delivers nothing: it keeps each mail as a file, for `make run` on one machine.

python -m alliance.standalone.mail <number of a listening socket> <folder>
"""

import asyncio
import signal
import socket
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 2000


class Keeper:
    """Writes each mail to a file named by its moment, and forgets the oldest ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps one mail; the name of this method is the library's."""
        path = self.folder / f"{time.time_ns()}.eml"
        content = envelope.content or b""
        path.with_suffix(".part").write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
        path.with_suffix(".part").rename(path)
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return "250 kept"


async def serve(listening: socket.socket, folder: Path) -> None:
    """Takes mails until SIGTERM or SIGINT."""
    loop, stop, keeper = asyncio.get_running_loop(), asyncio.Event(), Keeper(folder)
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, hostname="localhost"), sock=listening
    )
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))

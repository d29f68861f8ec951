"""The engine that settings name."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the server whether it is still there only where it has said something meanwhile.

    Django asks once in every request. A server that ends tells so on each of its connections,
    and an idle one has nothing else to tell: while there is nothing to read, no question is
    needed. A host that died without a word is found by the statement itself, and told as 503.
    """

    def is_usable(self) -> bool:
        """Can the next request use this connection?"""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno())
        said_something = any(event & ~select.POLLOUT for _, event in waiting.poll(0))
        return super().is_usable() if said_something else True

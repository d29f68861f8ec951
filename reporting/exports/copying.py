"""One column of a query as a stream of bytes, by COPY.

The database writes whole files in one statement, so that no row is ever an object of Python. A
thread takes what it writes and puts it into a socket, the answer takes it out at the other end:
what neither has taken yet is all that is in memory. docs/decisions/exports.md says more.
"""

import contextlib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg2
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

BLOCK = 256 * 1024
PATIENCE_SECONDS = 60  # for a reader that takes nothing
LONGEST = "1h"  # instead of the limit for pages, which would cut a long file

# CSV leaves a value as it is, unless a delimiter, a quote or the end of a line is in it. The two
# characters are in no text here; COPY's own text format would double every backslash.
DELIMITER, QUOTE = "\x02", "\x01"
_COPY = f"COPY (%s) TO STDOUT (FORMAT csv, DELIMITER '{DELIMITER}', QUOTE '{QUOTE}')"


def copied(rows: QuerySet) -> Iterator[bytes]:
    """Blocks of the one text that the query gives of each row, each ended by a newline.

    A text with line ends of its own stands between QUOTE signs. Uses the caller's connection,
    which must rest meanwhile. A reader that goes away ends the statement and the connection; what
    the database says in the middle is raised there, and the file has no proper end.
    """
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        statement = _COPY % cursor.mogrify(sql, values).decode()
    near, far = socket.socketpair()
    far.settimeout(PATIENCE_SECONDS)
    with ThreadPoolExecutor(1) as pool:
        copying = pool.submit(_copy, connection.connection, statement, far)
        try:
            while block := near.recv(BLOCK):
                yield block
            copying.result()
        except BaseException:
            near.close()
            with contextlib.suppress(psycopg2.Error):
                connection.connection.cancel()
            wait([copying])
            connection.close()
            raise
        near.close()


def _copy(database: Any, statement: str, far: socket.socket) -> None:
    """Runs in a thread of its own: from the database into the socket."""
    with far, far.makefile("wb", BLOCK) as out, database.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [LONGEST])
        cursor.copy_expert(statement, out, BLOCK)
        cursor.execute("RESET statement_timeout")

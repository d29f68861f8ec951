"""The whole database as one file, and back again.

A backup is made aside and gets its name when it is whole. A restore happens in one transaction,
in which the messages that the backup held waiting are held back: whoever was written to since
is not written to again. docs/decisions/backups.md says why, docs/operations.md how.
"""

import datetime as dt
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from psycopg2.extensions import make_dsn

from alliance.standalone import postgres
from members import events, lateness
from members.models import Event, Message, PublicVersion
from reporting import reminders

# What is worth nothing later, and must not come back to life: who was signed in, what was counted.
LEFT_OUT = ["django_session", "usersessions_usersession", "cache"]
# Every ETag is made from the public version; after a jump no tag of before can be met again.
JUMP = 1_000_000
CHAIN = "operations"

_BEFORE = """
SET lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
_AFTER = """
UPDATE public.members_message
SET state = 'dropped', lease_token = NULL, lease_until = NULL,
    last_error = '{held}',
    body = CASE kind WHEN 'account' THEN '' ELSE body END  -- it may hold a link that lets in
WHERE state IN ('pending', 'leased', 'handing');
UPDATE public.members_publicversion
SET number = greatest(number, {floor}) + {jump}, changed_at = statement_timestamp();
"""
HELD_BACK = "Held back at the restore of {at:%Y-%m-%d %H:%M:%S} UTC: may have been sent before."


class Refused(Exception):
    """Why there is no backup, or no restore, in words for the person at the keyboard."""


@dataclass(frozen=True)
class Restored:
    """What a restore found and did. `broken` names the chains of events that do not hold."""

    held_back: int
    chains: int
    broken: dict[str, list[int]]


@contextmanager
def reachable() -> Iterator[None]:
    """Starts the site's own database server for the block where it is stopped with the site.

    A server that is named by DATABASE_URL must run. Raises Refused.
    """
    server = None
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if os.environ.get("DATABASE_URL"):
            raise Refused(f"The database cannot be reached: {error}") from error
        server = _started()
    try:
        yield
    finally:
        connection.close()
        if server:
            server.stop()


def _started() -> postgres.Server:
    try:
        return postgres.start(settings.STATE_DIR)
    except postgres.CannotStart as error:
        raise Refused(str(error)) from error


def back_up(folder: Path, *, at: dt.datetime) -> Path:
    """Writes the database into a new file in `folder`, with its SHA-256 beside it.

    Both files can be read by this user alone. They appear under their names when they are
    whole; a backup that fails leaves nothing. Raises Refused.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"register-{at:%Y%m%dT%H%M%SZ}.dump"
    if path.exists():
        raise Refused(f"{path} exists already.")
    left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    with _aside(path) as part:
        _run("pg_dump", "--format=custom", *_PLAIN, *left_out, f"--file={part}", *_target())
        _run("pg_restore", "--list", str(part))
        with _aside(_sum_of(path)) as told:
            told.write_text(f"{_digest(part)}  {path.name}\n")
    lateness.mark(lateness.BACKUP, at=at)
    return path


def restore(path: Path, *, replace: bool, at: dt.datetime) -> Restored:
    """Puts the database of a backup into this one, which must be empty or given up by `replace`.

    All or nothing, in one transaction; refused while anybody else is connected. What waited to
    be sent is held back, and so are the reminders that came due since the backup. Raises Refused.
    """
    _check_sum(path)
    floor = _check_target(replace)
    connection.close()
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        scripts = [Path(folder) / name for name in ("before.sql", "database.sql", "after.sql")]
        before, database, after = scripts
        before.write_text(_BEFORE)
        _run("pg_restore", *_PLAIN, f"--file={database}", str(path))  # whole, or not used
        after.write_text(_AFTER.format(held=HELD_BACK.format(at=at), floor=floor, jump=JUMP))
        _run(
            *("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
            "--set=VERBOSITY=terse",  # without the words of the row that was refused
            *(f"--file={script}" for script in scripts),
            *_target(),
        )
    return _afterwards(path, at)


def chains() -> dict[str, list[int]]:
    """Every chain of events with the numbers at which it does not hold; none when it does."""
    names = Event.objects.order_by("chain").values_list("chain", flat=True).distinct()
    return {chain: events.broken_links(chain) for chain in names}


def _afterwards(path: Path, at: dt.datetime) -> Restored:
    """Verifies the record, and holds back the reminders that an older state would send again.

    Migrates first: the backup may be older than this code.
    """
    call_command("migrate", verbosity=0, interactive=False)
    found = chains()
    broken = {chain: numbers for chain, numbers in found.items() if numbers}
    word = HELD_BACK.format(at=at)
    with transaction.atomic():
        reminders.plan(now=at)
        late = Message.objects.filter(kind=Message.Kind.REMINDER, state=Message.State.PENDING)
        late.update(state=Message.State.DROPPED, last_error=word)
        held = Message.objects.filter(last_error=word).count()
        events.record("restored", by=None, about=path.name, chain=CHAIN, at=at, held_back=held)
    return Restored(held, len(found), broken)


def _check_target(replace: bool) -> int:
    """The public version that the restored one must exceed. Raises Refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        [others] = cursor.fetchone()
    if others:
        raise Refused(
            f"The site must be stopped first: {others} connections to this database are open."
        )
    tables = connection.introspection.table_names()
    if tables and not replace:
        raise Refused(
            f"This database is not empty ({len(tables)} tables). "
            "With --replace, all that it holds is given up."
        )
    if PublicVersion._meta.db_table not in tables:
        return 0
    return PublicVersion.objects.values_list("number", flat=True).first() or 0


def _check_sum(path: Path) -> None:
    try:
        told = _sum_of(path).read_text().split()[:1]
        found = _digest(path)
    except OSError as error:
        raise Refused(f"{error.filename} cannot be read: {error.strerror}.") from error
    if told != [found]:
        raise Refused(f"{path} is not the file that was written: its SHA-256 is {found}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum_of(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A file under another name, which gets its own when the block has ended well."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch(mode=0o600)
        yield part
        _to_disk(part)
        part.rename(path)
        _to_disk(path.parent)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Owners and rights belong to a server, not to the data: a clone may have others.
_PLAIN = ["--no-owner", "--no-privileges"]


def _target() -> list[str]:
    """This database for PostgreSQL's programs; the password travels in the environment."""
    facts = connection.settings_dict
    options = {key: value for key, value in facts["OPTIONS"].items() if key != "options"}
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    given = {key: facts[name] for key, name in names.items() if facts[name]}
    return [f"--dbname={make_dsn(**given, **options)}"]


def _run(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs, of the server's own version. Raises Refused."""
    try:
        binaries = postgres.clients_for(_server_major())
    except LookupError as error:
        raise Refused(str(error)) from error
    environment = os.environ | {"PGPASSWORD": connection.settings_dict["PASSWORD"]}
    done = subprocess.run(
        [str(binaries / program), *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip()[-600:]}")


def _server_major() -> int:
    connection.ensure_connection()
    major = connection.connection.server_version // 10_000
    return int(major)

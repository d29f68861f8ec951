"""A disk of one's own that can be full: memory, mounted in a namespace, so nobody needs root.

Where the kernel lets nobody make a namespace, there is none, and the report says that no disk was
full.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSIDE = "FAULTS_HAVE_A_DISK"  # set for the process that may mount
APART = ["unshare", "--user", "--map-root-user", "--mount"]
ROOMY, LEFT = "2g", 64 * 1024


def move_apart(arguments: list[str]) -> None:
    """Begins this program anew where it may mount; returns if it does already or never may."""
    if INSIDE in os.environ or not _possible():
        return
    os.environ[INSIDE] = "1"
    program = shutil.which(APART[0]) or APART[0]
    os.execv(program, [*APART, sys.executable, "-m", "tests.faults", *arguments])


def _possible() -> bool:
    if not all(shutil.which(program) for program in (APART[0], "mount", "umount")):
        return False
    tried = "mount -t tmpfs -o size=64k tmpfs /mnt && umount /mnt"
    asked = [*APART, "sh", "-c", tried]
    return subprocess.run(asked, capture_output=True, timeout=30).returncode == 0


class Disk:
    """The folder in which the town keeps everything."""

    def __init__(self, folder: Path, *, can_fill: bool) -> None:
        self.folder, self.can_fill = folder, can_fill

    def fill(self) -> None:
        """Leaves next to no room; what is written now finds "no space left on device"."""
        found = os.statvfs(self.folder)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        self._resize(str(used + LEFT))

    def clear(self) -> None:
        self._resize(ROOMY)

    def _resize(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk in this folder: of its own where that is possible, else the machine's."""
    if INSIDE not in os.environ:
        yield Disk(folder, can_fill=False)
        return
    made = ["mount", "-t", "tmpfs", "-o", f"size={ROOMY},mode=0700", "tmpfs", folder]
    subprocess.run(made, check=True)
    try:
        yield Disk(folder, can_fill=True)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)

"""Children that cannot outlive the process that started them, and may have to stand back."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
OWN_GROUP = Path("/proc/self/autogroup")


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """A step between fork and exec: the kernel sends `sign` to the child when we die, however."""
    parent, libc = os.getpid(), ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return ask_kernel


def stand_back(by: int = 5) -> None:
    """Lets the other processes of this machine go first: building can wait, readers cannot.

    Linux weighs sessions against each other before it looks at the processes of each.
    """
    os.nice(by)
    with contextlib.suppress(OSError):  # not Linux, or a kernel that does not group them
        OWN_GROUP.write_text(str(by))

"""Children that cannot outlive the process that started them."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """A step between fork and exec: the kernel sends `sign` to the child when we die, however."""
    parent, libc = os.getpid(), ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return ask_kernel

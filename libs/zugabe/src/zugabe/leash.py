"""Replaces itself by another program that dies with its parent, however the parent ends.

Run as a script without site-packages (`python -I -S leash.py PARENT PROGRAM ARGUMENT...`), because
a hook between fork and exec is not safe in a process with threads, and this one always has some.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before prctl took effect
        os._exit(1)


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])

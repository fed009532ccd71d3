"""One heap for all threads of the window, where the C library would give each its own."""

import ctypes
import sys

M_ARENA_MAX = -8
"""From malloc.h: the option that limits the number of heaps."""


def share_heap() -> None:
    """Let all threads that are started from now on allocate from one heap; does nothing but with glibc.

    glibc gives threads heaps of their own, up to eight for each processor, so that they need not wait for each other.
    Here they seldom allocate at the same time, since they share one interpreter; but each heap keeps whole pages for
    the sake of what is still used on them, which is a tenth of the window's memory at first, and more after a while.
    """
    if not sys.platform.startswith("linux"):
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, 1)

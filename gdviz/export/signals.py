"""Ctrl+C and termination signals, deferred until they can be handled between two frames."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

DEFERRED = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl+C, termination, and, where it exists, the hangup of the terminal."""


@contextmanager
def deferred_signals() -> Iterator[Callable[[], None]]:
    """Defer signals while the block runs; yields a function that raises the exception for those received so far.

    Python raises KeyboardInterrupt wherever it happens to be. In a paint event called by Qt the exception would be
    printed and lost, and the export would go on.
    """
    received: list[int] = []

    def raise_deferred() -> None:
        if signal.SIGINT in received:
            raise KeyboardInterrupt
        if received:
            raise SystemExit(128 + received[0])

    if threading.current_thread() is not threading.main_thread():
        yield raise_deferred  # only the main thread receives signals
        return
    # Ignored signals stay ignored, or `nohup` would not work.
    handled = [number for number in DEFERRED if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: received.append(number)) for number in handled}
    try:
        yield raise_deferred
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""Ctrl+C and requests to terminate, held back until they can be obeyed between two frames."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HELD = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl+C, a request to terminate, and (where there is such a signal) the closed terminal."""


@contextmanager
def held_signals() -> Iterator[Callable[[], None]]:
    """While the block runs, `HELD` signals are only noted; the function yielded raises the exception they stand for.

    Python raises KeyboardInterrupt wherever it happens to be. Inside a paint event that Qt has called, the exception
    would be printed and lost, and the export would go on.
    """
    noted: list[int] = []

    def obey() -> None:
        if signal.SIGINT in noted:
            raise KeyboardInterrupt
        if noted:
            raise SystemExit(128 + noted[0])

    if threading.current_thread() is not threading.main_thread():
        yield obey  # signals come to the main thread alone
        return
    # Ignored signals stay ignored: `nohup` lets a program outlive its terminal that way.
    obeyed = [number for number in HELD if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: noted.append(number)) for number in obeyed}
    try:
        yield obey
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

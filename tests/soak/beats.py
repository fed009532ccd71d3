"""Measures how long the window's thread stands still: the longest time between two beats of a timer, and in what."""

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

BEAT_MILLISECONDS = 5
SCHEDULED = Path("/proc/thread-self/schedstat")
"""How long a thread has run, and waited for a processor, in nanoseconds; on Linux."""
SAMPLE_SECONDS = 0.01
DEEPEST = 6  # calls of gdviz that are kept of a stall


@dataclass(frozen=True)
class Stall:
    """A time in which no event was handled: the calls that went on, innermost last, and how long it was.

    processor: the seconds of it in which the window's thread computed; in the others it waited.
    """

    seconds: float
    processor: float
    where: tuple[str, ...]

    def __str__(self) -> str:
        """In one line."""
        times = f"{1000 * self.seconds:.0f} ms, {1000 * self.processor:.0f} of them computing"
        return f"{times}, in {' > '.join(self.where) or 'Qt'}"


class Beats(QObject):
    """A timer that beats in the window's thread, and a thread that looks what the window does when it is late.

    The time in which the window could have gone on, but other programs had the processors, is not the window's.
    """

    def __init__(self, least: float) -> None:
        """least: the seconds from which a stall is kept."""
        super().__init__()
        self._least, self.longest, self.stalls = least, 0.0, list[Stall]()
        self._beaten, self._waited, self._computed = time.monotonic(), _waited(), time.thread_time()
        self._where = tuple[str, ...]()
        self._window, self._ending = threading.get_ident(), threading.Event()
        self._timer = QTimer(self, interval=BEAT_MILLISECONDS)
        self._timer.timeout.connect(self.beat)
        self._timer.start()
        self._watcher = threading.Thread(target=self._watch, name="soak watcher", daemon=True)
        self._watcher.start()

    def beat(self) -> None:
        """Note how long the last beat is ago."""
        now, waited, computed = time.monotonic(), _waited(), time.thread_time()
        seconds, processor = now - self._beaten - (waited - self._waited), computed - self._computed
        self._beaten, self._waited, self._computed = now, waited, computed
        self.longest = max(self.longest, seconds)
        if seconds >= self._least:
            self.stalls.append(Stall(seconds, processor, self._where))
        self._where = ()

    def restart(self) -> None:
        """Forget what has been measured."""
        self.beat()
        self.longest, self.stalls = 0.0, []

    def stop(self) -> None:
        """End the timer and the thread."""
        self._timer.stop()
        self._ending.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._ending.wait(SAMPLE_SECONDS):
            if time.monotonic() - self._beaten > self._least / 2:
                self._where = _calls(self._window) or self._where


def _waited() -> float:
    """How long this thread has waited for a processor, in seconds; 0 where that is unknown."""
    return 1e-9 * int(SCHEDULED.read_text().split()[1]) if SCHEDULED.exists() else 0.0


def _calls(thread: int) -> tuple[str, ...]:
    """The innermost calls of gdviz in that thread."""
    frame = sys._current_frames().get(thread)
    if frame is None:
        return ()
    calls = [(entry.filename.rpartition("/gdviz/")[2], entry) for entry in traceback.extract_stack(frame)]
    own = [f"{name}:{entry.lineno} {entry.name}" for name, entry in calls if "/gdviz/" in entry.filename]
    return tuple(own[-DEEPEST:])

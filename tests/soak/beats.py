"""Measures how long the window's thread stands still: the longest time between two beats of a timer, and in what."""

import sys
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from tests.soak.delays import delayed, display_server

BEAT_MILLISECONDS = 5
SAMPLE_SECONDS = 0.01
DEEPEST = 6  # calls of gdviz that are kept of a stall


@dataclass(frozen=True)
class Stall:
    """A time in which no event was handled: the calls that went on, innermost last, and how long it was.

    processor: the seconds of it in which the window's thread computed; in the others it waited for something.
    samples: the calls that went on each time that the watcher looked. began, ended: by the monotonic clock.
    """

    seconds: float
    processor: float
    samples: tuple[tuple[str, ...], ...]
    began: float
    ended: float

    @property
    def where(self) -> tuple[str, ...]:
        """The calls that were seen most often, innermost last."""
        return Counter(self.samples).most_common(1)[0][0] if self.samples else ()

    def __str__(self) -> str:
        """In one line."""
        times = f"{1000 * self.seconds:.0f} ms, {1000 * self.processor:.0f} of them computing"
        return f"{times}, in {' > '.join(self.where[-DEEPEST:]) or 'Qt'}"


class Beats(QObject):
    """A timer that beats in the window's thread, and a thread that looks what the window does when it is late.

    The time in which other programs had the processors is not the window's: neither while its thread could have gone
    on, nor while what it waited for could have, such as the thread that had the interpreter, or the X server.
    """

    def __init__(self, least: float) -> None:
        """least: the seconds from which a stall is kept."""
        super().__init__()
        self._least, self.longest, self.stalls = least, 0.0, list[Stall]()
        self._display = display_server()
        self._samples = list[tuple[str, ...]]()
        self._window, self._ending = threading.get_ident(), threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="soak watcher", daemon=True)
        self._beaten, self._delays, self._computed = time.monotonic(), (0.0, 0.0), 0.0
        self._watcher.start()
        self.restart()
        self._timer = QTimer(self, interval=BEAT_MILLISECONDS)
        self._timer.timeout.connect(self.beat)
        self._timer.start()

    def beat(self) -> None:
        """Note how long the last beat is ago."""
        now, delays, computed = time.monotonic(), self._delayed(), time.thread_time()
        processor = computed - self._computed
        own, others = (after - before for before, after in zip(self._delays, delays, strict=True))
        waited = max(0.0, now - self._beaten - own - processor)
        seconds = processor + max(0.0, waited - max(0.0, others))  # a thread that has ended is missing in the sum
        self.longest = max(self.longest, seconds)
        if seconds >= self._least:
            self.stalls.append(Stall(seconds, processor, tuple(self._samples), self._beaten, now))
        self._beaten, self._delays, self._computed = now, delays, computed
        self._samples = []

    def restart(self) -> None:
        """Forget what has been measured."""
        self.beat()
        self.longest, self.stalls = 0.0, []

    def stop(self) -> None:
        """End the timer and the thread."""
        self._timer.stop()
        self._ending.set()
        self._watcher.join()

    def _delayed(self) -> tuple[float, float]:
        """How long this thread, and all that it may wait for, could have run but had no processor, in seconds."""
        own, watcher = threading.get_native_id(), self._watcher.native_id
        tasks = {int(task.name): task for task in Path("/proc/self/task").iterdir()}
        others = [task for identity, task in tasks.items() if identity not in (own, watcher)]
        others += [self._display] if self._display is not None else []
        return delayed(tasks[own]), sum(map(delayed, others))

    def _watch(self) -> None:
        while not self._ending.wait(SAMPLE_SECONDS):
            if time.monotonic() - self._beaten > 2 * SAMPLE_SECONDS:
                self._samples.append(_calls(self._window))


def _calls(thread: int) -> tuple[str, ...]:
    """The innermost calls of gdviz in that thread."""
    frame = sys._current_frames().get(thread)
    if frame is None:
        return ()
    calls = [(entry.filename.rpartition("/gdviz/")[2], entry) for entry in traceback.extract_stack(frame)]
    own = [f"{name}:{entry.name}" for name, entry in calls if "/gdviz/" in entry.filename]
    return tuple(own)

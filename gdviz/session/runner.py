"""The owner of the worker thread: it computes a run flat out and hands its steps over in batches."""

import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator

from gdviz.core.descent.loop import Checkpoint, Chunk, descend
from gdviz.core.descent.experiment import Experiment
from gdviz.session.step_clock import StepClock

SWITCH_INTERVAL = 5e-4
"""Seconds after which Python passes the interpreter on; the default of 5 ms would cost the window its frames."""
GATE_WAIT = 0.05


Descend = Callable[[Experiment, Checkpoint | None], Iterator[Chunk]]
"""The loop that a worker runs: the steps of an experiment, from a checkpoint on."""


class FrameGate:
    """Lets the window compose a frame undisturbed: closed meanwhile; the worker waits before it, but never long."""

    def __init__(self) -> None:
        """Open at first."""
        self._open = threading.Event()
        self._open.set()

    def __enter__(self) -> None:
        """Close it."""
        self._open.clear()

    def __exit__(self, *exception: object) -> None:
        """Open it again."""
        self._open.set()

    def wait(self) -> None:
        """Wait until it is open, at most GATE_WAIT seconds."""
        self._open.wait(GATE_WAIT)


class Channel:
    """The way of one run's steps from its worker to the window. Stale steps go with the channel they came through."""

    def __init__(self) -> None:
        """Empty, and not finished."""
        self._chunks: deque[Chunk] = deque()
        self.stopping = threading.Event()
        self.finished = threading.Event()
        self.error: str | None = None
        """The traceback with which the worker ended, if it did; valid once ``finished`` is set."""

    def put(self, chunk: Chunk) -> None:
        """Hand a batch over (worker)."""
        self._chunks.append(chunk)

    def drain(self) -> list[Chunk]:
        """Take all that is there (window)."""
        chunks = []
        while self._chunks:
            chunks.append(self._chunks.popleft())
        return chunks


class Runner:
    """At most one worker thread at a time, started, stopped and joined here."""

    def __init__(self, gate: FrameGate, descend: Descend = descend) -> None:
        """No thread yet. ``descend`` is the loop to run; tests put a failing one in its place."""
        self._gate = gate
        self._descend = descend
        self._thread: threading.Thread | None = None
        self.clock = StepClock()
        """How long the steps of the newest run take."""
        self.channel = Channel()
        self.channel.finished.set()

    @property
    def is_running(self) -> bool:
        """Whether steps or the worker's last word may still come out of the channel."""
        return self._thread is not None

    def start(self, experiment: Experiment, begin: Checkpoint | None = None) -> None:
        """Stop the run before, and compute this one in a new thread from ``begin`` on, into a new channel."""
        self.stop()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.channel = Channel()
        arguments = (self.channel, experiment, begin)
        self._thread = threading.Thread(target=self._work, args=arguments, name="gdviz descent", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell the worker to stop and wait until its thread has ended."""
        self.channel.stopping.set()
        self.join()

    def join(self) -> None:
        """Wait until the thread has ended and forget it."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self, channel: Channel, experiment: Experiment, begin: Checkpoint | None) -> None:
        try:
            for chunk in self.clock.timed(self._descend(experiment, begin)):
                # The first batch is handed over however soon it is stopped: no recording is left without its start.
                channel.put(chunk)
                if channel.stopping.is_set():
                    break
                self._gate.wait()
        except BaseException:  # whatever it is, the window has to be told
            channel.error = traceback.format_exc()
        finally:
            channel.finished.set()

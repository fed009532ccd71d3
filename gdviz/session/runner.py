"""The worker thread of a run and its owner: it computes at full speed, hands steps over in batches, and is timed."""

import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from gdviz.core.descent.checkpoint import Checkpoint
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import Chunk, descend
from gdviz.core.errors import InputError
from gdviz.core.long_work import between_pieces
from gdviz.core.problems.capabilities import reads_no_rows
from gdviz.core.right_of_way import right_of_way
from gdviz.presentation.numbers import format_number

logger = logging.getLogger(__name__)

TIME_UNITS = ((1e-6, 1e-9, "ns"), (1e-3, 1e-6, "µs"), (1.0, 1e-3, "ms"), (float("inf"), 1.0, "s"))
"""The time below which each unit is used and the unit's length, in seconds, and its name."""
SWITCH_INTERVAL = 1e-4
"""Seconds after which a thread gives the interpreter to one that waits for it, such as the window's for each call from
Qt into Python: with Python's 5 ms, and even with a tenth of it, those of a dialog would add up to a standstill."""
END_WAIT = 0.02
"""Seconds for which the window waits for a stopped thread to end before it goes on without it."""

Descend = Callable[[Experiment, Checkpoint | None], Iterator[Chunk]]
"""The loop that a worker runs: the steps of an experiment from a checkpoint on."""


class StepClock:
    """Times the steps of a run by the CPU time of its thread; can be read at any time by the window.

    In wall-clock time a step would last as long as the frame painted meanwhile.
    """

    def __init__(self) -> None:
        """Start without a measurement."""
        self._measured = (0, 0.0)

    @property
    def seconds_per_step(self) -> float | None:
        """The mean over the run so far; None before the first measurement."""
        steps, seconds = self._measured
        return seconds / steps if steps else None

    def timed(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks of a new run, timing only the wait for them, not what is done with them.

        The first chunk includes one-time setup, so it counts only while there is no other.
        """
        self._measured, iterator = (0, 0.0), iter(chunks)
        for place in count():
            began = time.thread_time()
            chunk = next(iterator, None)
            if chunk is None:
                return
            steps, seconds = self._measured if place != 1 else (0, 0.0)
            self._measured = (steps + len(chunk.losses), seconds + time.thread_time() - began)
            yield chunk


def is_closed_form(experiment: Experiment) -> bool:
    """Whether a step reads no rows of the data, so that more rows take no longer."""
    return experiment.batch_size is None and reads_no_rows(experiment.problem)


def step_time_text(seconds_per_step: float | None, closed_form: bool = False) -> str:
    """The time per step to two digits, "2.4 µs per step (closed form)"; empty if not measured."""
    if seconds_per_step is None:
        return ""
    size, unit = next((size, unit) for below, size, unit in TIME_UNITS if seconds_per_step < below)
    words = f"{format_number(float(f'{seconds_per_step / size:.2g}'), 2)} {unit} per step"
    return f"{words} (closed form)" if closed_form else words


class StoppedError(Exception):
    """Ends the work in a thread that is stopped in the middle of what takes long."""


class Channel:
    """Carries the steps of one run from its worker to the window. Stale steps are dropped with their channel."""

    def __init__(self) -> None:
        """Start empty and unfinished."""
        self._chunks: deque[Chunk] = deque()
        self.stopping = threading.Event()
        self.finished = threading.Event()
        self.refusal: str | None = None
        """Why the worker cannot go on, in one line, if that can be mended; valid once ``finished`` is set."""
        self.error: str | None = None
        """The traceback if the worker failed; valid once ``finished`` is set."""

    def put(self, chunk: Chunk) -> None:
        """Hand a batch over (worker)."""
        self._chunks.append(chunk)

    def pause(self) -> None:
        """Let the window pass, in the middle of what takes long; StoppedError if the worker is to stop (worker)."""
        if self.stopping.is_set():
            raise StoppedError
        right_of_way.wait()

    def drain(self) -> list[Chunk]:
        """Take all batches so far (window)."""
        return [self._chunks.popleft() for _ in range(len(self._chunks))]


class Runner:
    """At most one worker thread at a time, started, stopped and joined here."""

    def __init__(self, descend: Descend = descend) -> None:
        """Start no thread yet. descend: the loop to run; tests replace it with a failing one."""
        self._descend = descend
        self._thread: threading.Thread | None = None
        self._ending: list[threading.Thread] = []
        self.clock = StepClock()
        """Times the steps of the newest run."""
        self.channel = Channel()
        self.channel.finished.set()

    @property
    def is_running(self) -> bool:
        """Whether steps or a final error may still come out of the channel."""
        return self._thread is not None

    def start(self, experiment: Experiment, begin: Checkpoint | None = None) -> None:
        """Stop the previous run, and compute this one from ``begin`` on in a new thread and channel."""
        self.leave()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.channel, self.clock = Channel(), StepClock()  # a thread that was left still has the old ones
        arguments = (self.channel, self.clock, experiment, begin)
        self._thread = threading.Thread(target=self._work, args=arguments, name="gdviz descent", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the worker and wait for its thread to end."""
        self.channel.stopping.set()
        self.join()

    def leave(self) -> None:
        """Stop the worker, whose steps are not wanted any more; its thread ends soon, and at the latest in `join`."""
        self.channel.stopping.set()
        if self._thread is not None:
            with right_of_way.yielded():
                self._thread.join(END_WAIT)
            self._ending.append(self._thread)
            self._thread = None
        self._ending = [thread for thread in self._ending if thread.is_alive()]

    @property
    def is_ending(self) -> bool:
        """Whether a thread that was left has not ended yet."""
        return any(thread.is_alive() for thread in self._ending)

    def take_end(self) -> None:
        """Forget the thread, whose last steps have been taken; those that were left may still be ending."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def join(self) -> None:
        """Wait for the threads to end and forget them."""
        with right_of_way.yielded():
            self.take_end()
            for thread in self._ending:
                thread.join()
        self._ending = []

    def _work(self, channel: Channel, clock: StepClock, experiment: Experiment, begin: Checkpoint | None) -> None:
        logger.info("run begins at step %d: %s", begin.step if begin else 0, experiment)
        began, chunk = time.monotonic(), None
        between_pieces.set(channel.pause)
        try:
            for chunk in clock.timed(self._descend(experiment, begin)):
                # The first batch is handed over even if stopped at once: no recording is left without its start.
                channel.put(chunk)
                if channel.stopping.is_set():
                    break
                right_of_way.wait()
        except StoppedError:  # in the middle of steps that take long
            pass
        except InputError as error:  # about the file that holds the rows
            channel.refusal = str(error)
        except BaseException:  # the window must learn of any failure
            channel.error = traceback.format_exc()
        finally:
            last = chunk.begin.step + len(chunk.losses) - 1 if chunk is not None else -1
            end = "failed" if channel.error or channel.refusal else "ended" if last == experiment.steps else "stopped"
            logger.info("run %s: step %d of %d, %.3f s", end, last, experiment.steps, time.monotonic() - began)
            channel.finished.set()

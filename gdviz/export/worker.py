"""The process of one export: it takes a job from standard input, writes it, and tells of it on standard output.

Whoever has started it keeps standard input open. When that closes, because the export is cancelled or because the
starter is gone, the export ends and leaves nothing.
"""

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from gdviz.core.errors import InputError
from gdviz.core.printable import printable
from gdviz.export.job import AnimationJob
from gdviz.export.messages import Cancelled, Done, Failed, Logged, Message, Progress, encode, unpack
from gdviz.export.signals import held_signals

PROGRESS_SECONDS = 0.05
"""Progress is told at most so often."""
COURTESY = 5
"""By so much the export is less urgent to the system than the window, which must stay fluid."""

Send = Callable[[Message], None]


class CancelledError(Exception):
    """Standard input was closed."""


def main(verbose: bool = False) -> int:
    """Carry out the job on standard input; the exit code is 0 where the end was told.

    verbose: whether all that is logged is told too.
    """
    if hasattr(os, "nice"):
        os.nice(COURTESY)
    job = unpack(sys.stdin.buffer)
    if job is None:
        return 0
    with _messages() as send, _log_told(send if verbose else None), held_signals() as obey:
        send(Progress(0))
        # The last word is said while the stream is still watched: at that the starter closes it, which ends the watch.
        with _closing_of(sys.stdin.buffer) as closed:
            send(_outcome(job, send, obey, closed))
    return 0


def _outcome(job: AnimationJob, send: Send, obey: Callable[[], None], closed: threading.Event) -> Message:
    try:
        return _export(job, send, obey, closed)
    except InputError as error:
        return Failed(str(error))
    except CancelledError:
        return Cancelled()
    except (KeyboardInterrupt, SystemExit):
        return Failed("the export was ended from outside; nothing was written")
    except Exception as error:
        traceback.print_exc()
        return Failed(printable(f"the export met an error that it did not expect: {type(error).__name__}: {error}"))


def _export(job: AnimationJob, send: Send, obey: Callable[[], None], closed: threading.Event) -> Message:
    from gdviz.export.abilities import drawable
    from gdviz.export.off_screen import off_screen

    told = time.monotonic()

    def on_frame(done: int) -> None:
        nonlocal told
        obey()
        if closed.is_set():
            raise CancelledError
        now = time.monotonic()
        if now - told >= PROGRESS_SECONDS or done == len(job.animation):
            told = now
            send(Progress(done))

    with off_screen() as opengl_problem:
        from gdviz.export.animate import write_animation  # which imports PyOpenGL: see gdviz.panes.surface.opengl.setup

        possible, notes = drawable(job, opengl_problem)
        write_animation(possible, on_frame)
    return Done(notes)


@contextmanager
def _messages() -> Iterator[Send]:
    """A function that sends a message; what anything else prints goes to standard error meanwhile."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "wb", buffering=0) as channel:
        os.dup2(2, 1)

        def send(message: Message) -> None:
            # Where the starter is gone, the closed standard input says so too, and that ends the export.
            with suppress(OSError):
                channel.write(encode(message))

        yield send


class _Teller(logging.Handler):
    """Tells the starter what is logged; there it goes where the starter's own log goes."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        text = printable(f"process {os.getpid()}: {record.getMessage()}")
        self._send(Logged(record.name, record.levelno, text))


@contextmanager
def _log_told(send: Send | None) -> Iterator[None]:
    if send is None:
        yield
        return
    package, teller = logging.getLogger("gdviz"), _Teller(send)
    package.addHandler(teller)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.removeHandler(teller)


@contextmanager
def _closing_of(stream: BinaryIO) -> Iterator[threading.Event]:
    """An event that is set when the stream is closed at its other end; leaving the block waits for that."""
    closed = threading.Event()

    def watch() -> None:
        while stream.read(1):
            pass
        closed.set()

    watcher = threading.Thread(target=watch, name="export watch")
    watcher.start()
    try:
        yield closed
    finally:
        watcher.join()


if __name__ == "__main__":
    sys.exit(main("--verbose" in sys.argv))

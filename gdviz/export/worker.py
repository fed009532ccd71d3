"""The export process: reads a job from standard input, runs it, and reports on standard output.

The parent keeps standard input open. When that closes, because the export is cancelled or the parent is gone, the
export ends and leaves nothing.
"""

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import BinaryIO

from gdviz.core.errors import InputError, printable
from gdviz.export.job import AnimationJob
from gdviz.export.log import forwarded_log
from gdviz.export.messages import Cancelled, Done, Failed, Logged, Message, Progress, encode, unpack
from gdviz.export.signals import deferred_signals

PROGRESS_SECONDS = 0.05
"""The shortest time between two progress reports."""
NICENESS = 5
"""The export yields the CPU to the window, which must stay responsive."""

Send = Callable[[Message], None]


class CancelledError(Exception):
    """Standard input was closed."""


def main(verbose: bool = False) -> int:
    """Run the job on standard input; returns the exit code 0 once the outcome is reported.

    verbose: whether to send log records too, for the parent's log.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    job = unpack(sys.stdin.buffer)
    if job is None:
        return 0

    def report(record: logging.LogRecord) -> None:
        text = printable(f"process {os.getpid()}: {record.getMessage()}")
        send(Logged(record.name, record.levelno, text))

    with _channel() as send, deferred_signals() as raise_deferred, forwarded_log(report) if verbose else nullcontext():
        send(Progress(0))
        # The outcome is sent while the stream is watched: the parent then closes it, which ends the watch.
        with _close_watch(sys.stdin.buffer) as closed:
            send(_export(job, send, raise_deferred, closed))
    return 0


def _export(job: AnimationJob, send: Send, raise_deferred: Callable[[], None], closed: threading.Event) -> Message:
    """Run the job and return the outcome as a message."""
    reported = time.monotonic()

    def on_frame(done: int) -> None:
        nonlocal reported
        raise_deferred()
        if closed.is_set():
            raise CancelledError
        now = time.monotonic()
        if now - reported >= PROGRESS_SECONDS or done == len(job.animation):
            reported = now
            send(Progress(done))

    try:
        from gdviz.export.off_screen import adapt_job, off_screen

        with off_screen() as opengl_problem:
            from gdviz.export.animate import write_animation  # imports PyOpenGL: see gdviz.panes.surface.opengl.setup

            adapted, notes = adapt_job(job, opengl_problem)
            write_animation(adapted, on_frame)
        return Done(notes)
    except InputError as error:
        return Failed(str(error))
    except CancelledError:
        return Cancelled()
    except (KeyboardInterrupt, SystemExit):
        return Failed("the export was terminated; nothing was written")
    except Exception as error:
        traceback.print_exc()
        return Failed(printable(f"the export failed unexpectedly: {type(error).__name__}: {error}"))


@contextmanager
def _channel() -> Iterator[Send]:
    """Yield a function that sends a message; everything else printed meanwhile goes to standard error."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "wb", buffering=0) as channel:
        os.dup2(2, 1)

        def send(message: Message) -> None:
            # If the parent is gone, standard input is closed too, which ends the export.
            with suppress(OSError):
                channel.write(encode(message))

        yield send


@contextmanager
def _close_watch(stream: BinaryIO) -> Iterator[threading.Event]:
    """Yield an event that is set when the other end of the stream closes; leaving the block waits for that."""
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

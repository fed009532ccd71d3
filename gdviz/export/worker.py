"""The process of one export: it reads a job from standard input, carries it out, and reports on standard output.

The parent keeps standard input open. When it closes, because the export is cancelled or the parent is gone, the export
ends and leaves nothing.
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
from gdviz.export.signals import held_signals

PROGRESS_SECONDS = 0.05
"""The shortest time between two reports."""
NICENESS = 5
"""The export yields the processor to the window, which must stay responsive."""

Send = Callable[[Message], None]


class CancelledError(Exception):
    """Standard input was closed."""


def main(verbose: bool = False) -> int:
    """Carry out the job on standard input; the exit code is 0 where the outcome was reported.

    verbose: whether what is logged is reported too, for the parent's own log.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    job = unpack(sys.stdin.buffer)
    if job is None:
        return 0

    def report(record: logging.LogRecord) -> None:
        text = printable(f"process {os.getpid()}: {record.getMessage()}")
        send(Logged(record.name, record.levelno, text))

    with _messages() as send, held_signals() as obey, forwarded_log(report) if verbose else nullcontext():
        send(Progress(0))
        # The outcome is sent while the stream is still watched: the parent then closes it, which ends the watch.
        with _closing_of(sys.stdin.buffer) as closed:
            send(_outcome(job, send, obey, closed))
    return 0


def _outcome(job: AnimationJob, send: Send, obey: Callable[[], None], closed: threading.Event) -> Message:
    """Draw and write, and say how that ended."""
    reported = time.monotonic()

    def on_frame(done: int) -> None:
        nonlocal reported
        obey()
        if closed.is_set():
            raise CancelledError
        now = time.monotonic()
        if now - reported >= PROGRESS_SECONDS or done == len(job.animation):
            reported = now
            send(Progress(done))

    try:
        from gdviz.export.off_screen import drawable, off_screen

        with off_screen() as opengl_problem:
            from gdviz.export.animate import write_animation  # imports PyOpenGL: see gdviz.panes.surface.opengl.setup

            possible, notes = drawable(job, opengl_problem)
            write_animation(possible, on_frame)
        return Done(notes)
    except InputError as error:
        return Failed(str(error))
    except CancelledError:
        return Cancelled()
    except (KeyboardInterrupt, SystemExit):
        return Failed("the export was ended from outside; nothing was written")
    except Exception as error:
        traceback.print_exc()
        return Failed(printable(f"the export met an error that it did not expect: {type(error).__name__}: {error}"))


@contextmanager
def _messages() -> Iterator[Send]:
    """A function that sends a message; meanwhile anything else that is printed goes to standard error."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "wb", buffering=0) as channel:
        os.dup2(2, 1)

        def send(message: Message) -> None:
            # Where the parent is gone, the closed standard input says so too, and that ends the export.
            with suppress(OSError):
                channel.write(encode(message))

        yield send


@contextmanager
def _closing_of(stream: BinaryIO) -> Iterator[threading.Event]:
    """An event that is set when the other end of the stream is closed; leaving the block waits for that."""
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

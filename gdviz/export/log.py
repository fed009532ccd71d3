"""Logging of exports, and forwarding of the log records of all modules."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gdviz.animation.formats import Size, format_size

logger = logging.getLogger(__name__)


@contextmanager
def logged_export(target: Path, frames: int, size: Size) -> Iterator[None]:
    """Log the beginning of an export in the block, its outcome, and its duration."""
    logger.info("export started: %s, frames: %d, size: %s", target, frames, format_size(size))
    start = time.monotonic()
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - start
        logger.info("export aborted: %s, %.3f s, %s: %s", target, seconds, type(error).__name__, error)
        raise
    logger.info("export finished: %s, frames: %d, %.3f s", target, frames, time.monotonic() - start)


class _Forwarder(logging.Handler):
    def __init__(self, write: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        # Failing to log must neither end the command nor print anything.
        with suppress(Exception):
            self._write(record)


@contextmanager
def forwarded_log(write: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    """While the block runs, pass each log record of gdviz to ``write``."""
    package, handler = logging.getLogger("gdviz"), _Forwarder(write)
    level = package.level
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.setLevel(level)
        package.removeHandler(handler)

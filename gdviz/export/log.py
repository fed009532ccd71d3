"""Logs the beginning and the end of an export, and passes on what all modules log."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gdviz.animation.formats import Size, format_size

logger = logging.getLogger(__name__)


@contextmanager
def logged_export(target: Path, frames: int, size: Size) -> Iterator[None]:
    """Log that ``frames`` frames are written to ``target`` in the block, how that ends, and how long it took."""
    logger.info("export begins: %s, frames: %d, size: %s", target, frames, format_size(size))
    began = time.monotonic()
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - began
        logger.info("export broken off: %s, %.3f s, %s: %s", target, seconds, type(error).__name__, error)
        raise
    logger.info("export ended: %s, frames: %d, %.3f s", target, frames, time.monotonic() - began)


class _Forwarder(logging.Handler):
    def __init__(self, write: Callable[[logging.LogRecord], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        # A record that cannot be written must neither end the command nor cause a message.
        with suppress(Exception):
            self._write(record)


@contextmanager
def forwarded_log(write: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    """While the block runs, each record that a module of gdviz logs is passed to ``write``."""
    package, handler = logging.getLogger("gdviz"), _Forwarder(write)
    level = package.level
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.setLevel(level)
        package.removeHandler(handler)

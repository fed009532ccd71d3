"""Logs the beginning and the end of an export, with the time that it took."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gdviz.animation.formats import Size, in_words

logger = logging.getLogger(__name__)


@contextmanager
def logged_export(target: Path, frames: int, size: Size) -> Iterator[None]:
    """Log that ``frames`` frames are written to ``target`` in the block, and how that ends."""
    logger.info("export begins: %s, frames: %d, size: %s", target, frames, in_words(size))
    began = time.monotonic()
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - began
        logger.info("export broken off: %s, %.3f s, %s: %s", target, seconds, type(error).__name__, error)
        raise
    logger.info("export ended: %s, frames: %d, %.3f s", target, frames, time.monotonic() - began)

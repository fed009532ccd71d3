"""`--verbose`: logs to standard error while a command runs, one line per record."""

import logging
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gdviz import __version__
from gdviz.core.errors import MAX_MESSAGE_LENGTH, printable
from gdviz.export.log import forwarded_log

logger = logging.getLogger(__name__)


@contextmanager
def verbose(enabled: bool) -> Iterator[None]:
    """Print log records while the block runs, each with the seconds since its beginning, if ``enabled``."""
    if not enabled:
        yield
        return
    start = time.monotonic()

    def write(record: logging.LogRecord) -> None:
        prefix = f"{time.monotonic() - start:9.3f} s {record.name}: "
        sys.stderr.write(f"{prefix}{printable(record.getMessage(), MAX_MESSAGE_LENGTH - len(prefix))}\n")

    with forwarded_log(write):
        logger.info("gdviz %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
        yield
        logger.info("done")

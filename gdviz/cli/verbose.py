"""`--verbose`: while a command runs, the log of all modules goes to standard error, one line for each record."""

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
def verbose(wanted: bool) -> Iterator[None]:
    """Print all that is logged while the block runs, with the seconds since it began; if not wanted, do nothing."""
    if not wanted:
        yield
        return
    began = time.monotonic()

    def write(record: logging.LogRecord) -> None:
        begin = f"{time.monotonic() - began:9.3f} s {record.name}: "
        sys.stderr.write(f"{begin}{printable(record.getMessage(), MAX_MESSAGE_LENGTH - len(begin))}\n")

    with forwarded_log(write):
        logger.info("gdviz %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
        yield
        logger.info("done")

"""`--verbose`: while a command runs, the log of all modules goes to standard error, one line for each record."""

import logging
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from gdviz import __version__
from gdviz.core.errors import LONGEST_MESSAGE, printable

logger = logging.getLogger(__name__)


@contextmanager
def verbose(wanted: bool) -> Iterator[None]:
    """Print all that the modules log while the block runs, if wanted; else nothing is set up at all."""
    if not wanted:
        yield
        return
    package, handler = logging.getLogger("gdviz"), _Lines()
    level = package.level
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        logger.info("gdviz %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
        yield
        logger.info("done")
    finally:
        package.setLevel(level)
        package.removeHandler(handler)


class _Lines(logging.Handler):
    """Prints a record with the seconds since the handler was made."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        # A record that cannot be printed must neither end the command nor cause a message.
        with suppress(Exception):
            begin = f"{time.monotonic() - self._began:9.3f} s {record.name}: "
            sys.stderr.write(f"{begin}{printable(record.getMessage(), LONGEST_MESSAGE - len(begin))}\n")

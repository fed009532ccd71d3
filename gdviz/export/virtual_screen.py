"""A virtual screen (Xvfb) for machines that have no display."""

import logging
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

logger = logging.getLogger(__name__)

START_SECONDS = 60.0
"""How long a screen may take to come up on a busy machine."""
END_SECONDS = 10.0
"""How long it may take to end before it is killed."""
ARGUMENTS = ("-screen", "0", "1280x800x24", "+extension", "GLX", "-noreset", "-nolisten", "tcp")
UNTIL_CLOSED = 'Xvfb -displayfd 1 "$@" & exec >&-; read -r _; kill $!; wait $!'
"""For the shell: Xvfb with these arguments, until standard input is closed. It chooses a number and prints it."""


class NoDisplayError(RuntimeError):
    """There is no display, and a virtual one cannot be made; the text says what to install."""


@contextmanager
def screen(problem: str | None) -> Iterator[None]:
    """Provide a display while the block runs: the existing one, or where there is a ``problem`` with it a virtual one.

    NoDisplayError where Xvfb is missing or does not start.
    """
    if problem is None or not sys.platform.startswith("linux"):
        yield
        return
    if shutil.which("Xvfb") is None:
        raise NoDisplayError(f"{problem}; install Xvfb (Debian and Ubuntu: apt-get install xvfb) to draw without one")
    with virtual_screen(ARGUMENTS) as display:
        if display is None:
            raise NoDisplayError(f"{problem}, and the virtual screen did not start; try `Xvfb :99` to see why")
        logger.info("virtual screen %s: %s", display, problem)
        with variables(DISPLAY=display, QT_QPA_PLATFORM="xcb"):
            yield


@contextmanager
def variables(**values: str) -> Iterator[None]:
    """Set these variables of the environment while the block runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def virtual_screen(arguments: Sequence[str], patience: float = END_SECONDS) -> Iterator[str | None]:
    """Run Xvfb with these arguments while the block runs; yields its name for DISPLAY, None where it did not start.

    It ends with this process, even if that is killed before Xvfb is up: the standard input of the shell that watches
    over it is then closed, since nobody else holds the other end. It is left behind if that shell is killed, or if Xvfb
    does not react and this process is no longer there to kill it after ``patience`` seconds.
    """
    with subprocess.Popen(
        ["/bin/sh", "-c", UNTIL_CLOSED, "sh", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is for the program, which still needs its screen while it ends
    ) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        try:
            ready, _, _ = select.select([shell.stdout], [], [], START_SECONDS)
            number = shell.stdout.readline().decode().strip() if ready else ""  # Xvfb closes its end when it fails
            yield f":{number}" if number else None
        finally:
            shell.stdin.close()
            try:
                shell.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(shell.pid, signal.SIGKILL)  # the shell and Xvfb

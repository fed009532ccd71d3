"""A virtual screen (Xvfb) for machines without a display."""

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
"""How long Xvfb may take to start on a busy machine."""
END_SECONDS = 10.0
"""How long Xvfb may take to exit before it is killed."""
XVFB_ARGUMENTS = ("-screen", "0", "1280x800x24", "+extension", "GLX", "-noreset", "-nolisten", "tcp")
XVFB_SCRIPT = 'Xvfb -displayfd 1 "$@" & exec >&-; read -r _; kill $!; wait $!'
"""Shell script: run Xvfb until standard input is closed. Xvfb picks a display number and prints it."""


class NoDisplayError(RuntimeError):
    """There is no display and a virtual one cannot be started; the message says what to install or try."""


@contextmanager
def available_display(problem: str | None) -> Iterator[None]:
    """Provide a display while the block runs: the existing one, or a virtual one if there is a ``problem`` with it.

    NoDisplayError if Xvfb is missing or does not start.
    """
    if problem is None or not sys.platform.startswith("linux"):
        yield
        return
    if shutil.which("Xvfb") is None:
        raise NoDisplayError(f"{problem}; install Xvfb (Debian and Ubuntu: apt-get install xvfb) to draw without one")
    with virtual_screen(XVFB_ARGUMENTS) as display:
        if display is None:
            raise NoDisplayError(f"{problem}, and the virtual screen did not start; try `Xvfb :99` to see why")
        logger.info("virtual screen %s: %s", display, problem)
        with environment_variables(DISPLAY=display, QT_QPA_PLATFORM="xcb"):
            yield


@contextmanager
def environment_variables(**values: str) -> Iterator[None]:
    """Set these environment variables while the block runs."""
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
def virtual_screen(arguments: Sequence[str], timeout: float = END_SECONDS) -> Iterator[str | None]:
    """Run Xvfb with these arguments while the block runs; yields its DISPLAY, None if it did not start.

    Xvfb ends with this process, even if that is killed before Xvfb is up: only this process holds the other end of the
    supervising shell's standard input. Xvfb is left behind if that shell is killed, or if Xvfb hangs and this process
    is no longer there to kill it after ``timeout`` seconds.
    """
    with subprocess.Popen(
        ["/bin/sh", "-c", XVFB_SCRIPT, "sh", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is for the program, which needs its screen until it exits
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
                shell.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(shell.pid, signal.SIGKILL)  # the shell and Xvfb

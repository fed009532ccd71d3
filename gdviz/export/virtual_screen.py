"""Whether there is a display, and a virtual screen (Xvfb) for machines that have none."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

START_SECONDS = 20


def display_problem() -> str | None:
    """Why no window can be opened, in one sentence; None if one can. Asked before Qt, which would end the program."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY")
    if not display:
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    return None if _answers(display) else f"the display {display} does not answer"


def _answers(display: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt will name the missing library
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


class NoDisplayError(RuntimeError):
    """There is no display and no way to make a virtual one; the text says what to install."""


@contextmanager
def screen(problem: str | None) -> Iterator[None]:
    """Provide a display while the block runs: the one that is there, or where there is a ``problem`` a virtual one.

    NoDisplayError where Xvfb is missing or does not start.
    """
    if problem is None or not sys.platform.startswith("linux"):
        yield
        return
    if shutil.which("Xvfb") is None:
        raise NoDisplayError(f"{problem}; install Xvfb (Debian and Ubuntu: apt-get install xvfb) to draw without one")
    reader, writer = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        "1280x800x24",
        "+extension",
        "GLX",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(
        command,
        pass_fds=(writer,),
        start_new_session=True,  # Ctrl+C is for the program, which still needs its screen while it ends
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM")}
    try:
        with os.fdopen(reader) as answers:
            number = answers.readline().strip()  # Xvfb closes its end when it fails, which ends the wait
        if not number:
            raise NoDisplayError(f"{problem}, and the virtual screen did not start; try `Xvfb :99` to see why")
        os.environ.update(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
        yield
    finally:
        _restore(before)
        server.terminate()
        server.wait(START_SECONDS)


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

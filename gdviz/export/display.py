"""Finds a display that responds before Qt tries one, since Qt aborts the program if none does."""

import ctypes
import logging
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from gdviz.export.virtual_screen import environment_variables

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0
"""How long to wait for a display, which may be remote."""
MIN_DEPTH = 15
"""Bits per pixel; below this, colours are indexed, which Qt cannot paint with."""
NO_DISPLAY = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
PROBE_SECONDS = 30.0
PROBE = """
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QRasterWindow
from gdviz.plotting.text import load_fonts
application = QGuiApplication([])
load_fonts()
window = QRasterWindow()
window.show()
timer = QTimer(singleShot=True)
timer.start(10_000)
while timer.isActive() and not window.isExposed():
    application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
raise SystemExit(not window.isExposed())
"""


@contextmanager
def reachable_display(timeout: float = TIMEOUT_SECONDS) -> Iterator[str | None]:
    """Let Qt use a display that responds; yields None, or in one sentence why no window can be opened.

    While the block runs, QT_QPA_PLATFORM lists the platforms that respond, of which Qt takes the first that works, and
    a connection to the X server is kept open: a server without clients resets, and rejects connections meanwhile.
    timeout: seconds to wait for a display.
    """
    if not sys.platform.startswith("linux"):
        yield None
        return
    with ExitStack() as connections:
        problems = {platform: _problem(platform, connections, timeout) for platform in _platforms()}
        answering = [platform for platform, problem in problems.items() if problem is None]
        if answering and all(map(_is_wayland, answering)) and not _opens_window(";".join(answering)):
            # A compositor that responds may still be unusable: Qt may lack the plugin, or the compositor a feature.
            problems |= dict.fromkeys(answering, f"Qt cannot use the Wayland display {os.environ['WAYLAND_DISPLAY']}")
            answering = []
        for platform, problem in problems.items():
            logger.info("Qt's platform %s: %s", platform, problem or "can be used")
        if answering:
            with environment_variables(QT_QPA_PLATFORM=";".join(answering)):
                yield None
        else:
            yield " and ".join(dict.fromkeys(filter(None, problems.values()))) or NO_DISPLAY


def _platforms() -> list[str]:
    """The platforms that the user has chosen, or else those that the environment suggests, in Qt's order."""
    chosen = [part for part in os.environ.get("QT_QPA_PLATFORM", "").split(";") if part]
    if chosen:
        return chosen
    order = {"xcb": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}
    if os.environ.get("XDG_SESSION_TYPE") == "wayland":
        order = dict(reversed(order.items()))
    return [platform for platform, variable in order.items() if os.environ.get(variable)]


def _problem(platform: str, connections: ExitStack, timeout: float) -> str | None:
    """Why Qt cannot use a platform, in one sentence; ``connections`` collects what must stay open."""
    name = platform.partition(":")[0].lower()
    if name == "xcb":
        return _x_problem(connections, timeout)
    if _is_wayland(platform):
        return _wayland_problem(timeout)
    if name == "offscreen" or _opens_window(platform):
        return None
    return f"Qt cannot use the platform {name!r} here, which QT_QPA_PLATFORM asks for"


def _is_wayland(platform: str) -> bool:
    return platform.lower().startswith("wayland")


def _opens_window(platform: str) -> bool:
    """Whether Qt can open a window with this QT_QPA_PLATFORM, tried in a separate process."""
    command = [sys.executable, "-P", "-c", PROBE]
    modules = os.pathsep.join(place for place in sys.path if place)
    environment = os.environ | {"QT_QPA_PLATFORM": platform, "PYTHONPATH": modules}
    quiet, timeout = subprocess.DEVNULL, PROBE_SECONDS
    try:
        return subprocess.call(command, env=environment, timeout=timeout, stdin=quiet, stdout=quiet, stderr=quiet) == 0
    except subprocess.TimeoutExpired:
        return False


def _x_problem(connections: ExitStack, timeout: float) -> str | None:
    display = os.environ.get("DISPLAY")
    if not display:
        return "DISPLAY is not set" if os.environ.get("WAYLAND_DISPLAY") else NO_DISPLAY
    try:
        xcb = _load_xcb()
    except OSError:
        return None  # Qt will name the missing library
    answer: SimpleQueue[tuple[int, int]] = SimpleQueue()
    # In a thread, since xcb waits for ever for a server that does not respond.
    Thread(target=lambda: answer.put(_connect(xcb, display)), name="display", daemon=True).start()
    try:
        connection, depth = answer.get(timeout=timeout)
    except Empty:
        connection, depth = 0, 0
    if not connection:
        return f"the display {display} does not respond"
    connections.callback(xcb.xcb_disconnect, connection)
    if depth < MIN_DEPTH:
        return f"the display {display} has {depth} bits of colour; set it to 24, or at least {MIN_DEPTH}"
    return None


def _wayland_problem(timeout: float) -> str | None:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return "WAYLAND_DISPLAY is not set" if os.environ.get("DISPLAY") else NO_DISPLAY
    path = Path(os.environ.get("XDG_RUNTIME_DIR", ""), name)
    # wl_display.sync: object 1, size and opcode of the request, new object 2. Every compositor replies to it.
    request = struct.pack("=III", 1, 12 << 16 | 0, 2)
    try:
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(timeout)
            stream.connect(str(path))
            stream.sendall(request)
            if stream.recv(1):
                return None
    except OSError:  # including a timeout
        pass
    return f"the Wayland display {name} does not respond"


class _Screen(ctypes.Structure):
    """`xcb_screen_t` up to its depth."""

    _fields_ = (("before", ctypes.c_uint8 * 38), ("root_depth", ctypes.c_uint8))


class _Screens(ctypes.Structure):
    """`xcb_screen_iterator_t`."""

    _fields_ = (("data", ctypes.POINTER(_Screen)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


def _load_xcb() -> ctypes.CDLL:
    """Load libxcb; OSError if it is missing."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect, xcb.xcb_get_setup, xcb.xcb_setup_roots_iterator):
        function.argtypes = (ctypes.c_void_p,)
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_screen_next.argtypes = (ctypes.POINTER(_Screens),)
    return xcb


def _connect(xcb: ctypes.CDLL, display: str) -> tuple[int, int]:
    """Connect to the display; return the connection and its screen's depth in bits, or zeros on failure."""
    number = ctypes.c_int()
    connection = xcb.xcb_connect(os.fsencode(display), ctypes.byref(number))
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return 0, 0
    screens = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection))
    for _ in range(number.value):
        xcb.xcb_screen_next(ctypes.byref(screens))
    return connection, int(screens.data.contents.root_depth)

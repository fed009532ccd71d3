"""Asks an X server, without Qt, whether it answers and how many bits of colour its screen has."""

import ctypes
import os
from queue import Empty, SimpleQueue
from threading import Thread

LEAST_DEPTH = 15
"""Bits of a pixel's colour; with fewer there is a table of colours, which Qt cannot paint with."""


class XServer:
    """Holds a connection to an X server while the block runs, once `problem` has made one.

    Without any client the server would reset, and would reject connections meanwhile.
    """

    def __init__(self) -> None:
        self._xcb: ctypes.CDLL | None = None
        self._connection: int | None = None

    def __enter__(self) -> "XServer":
        return self

    def __exit__(self, *_: object) -> None:
        if self._xcb is not None:
            self._xcb.xcb_disconnect(self._connection)

    def problem(self, display: str, patience: float) -> str | None:
        """Why no window can be opened on ``display``, in one sentence; None if one can. ``patience`` in seconds."""
        try:
            xcb = _library()
        except OSError:
            return None  # Qt will name the missing library
        answer: SimpleQueue[tuple[int, int]] = SimpleQueue()
        # A thread, since xcb waits for ever for a server that does not answer.
        Thread(target=lambda: answer.put(_connected(xcb, display)), name="display", daemon=True).start()
        try:
            connection, depth = answer.get(timeout=patience)
        except Empty:
            connection, depth = 0, 0
        if not connection:
            return f"the display {display} does not answer"
        self._xcb, self._connection = xcb, connection
        if depth < LEAST_DEPTH:
            return f"the display {display} has {depth} bits of colour; set it to 24, or to {LEAST_DEPTH} at the least"
        return None


class _Screen(ctypes.Structure):
    """`xcb_screen_t` as far as the depth."""

    _fields_ = (("before", ctypes.c_uint8 * 38), ("root_depth", ctypes.c_uint8))


class _Screens(ctypes.Structure):
    """`xcb_screen_iterator_t`."""

    _fields_ = (("data", ctypes.POINTER(_Screen)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


def _library() -> ctypes.CDLL:
    """libxcb; OSError where it is missing."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect, xcb.xcb_get_setup, xcb.xcb_setup_roots_iterator):
        function.argtypes = (ctypes.c_void_p,)
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_screen_next.argtypes = (ctypes.POINTER(_Screens),)
    return xcb


def _connected(xcb: ctypes.CDLL, display: str) -> tuple[int, int]:
    """A connection and the depth of its screen in bits; zeros where there is none."""
    number = ctypes.c_int()
    connection = xcb.xcb_connect(os.fsencode(display), ctypes.byref(number))
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return 0, 0
    screens = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection))
    for _ in range(number.value):
        xcb.xcb_screen_next(ctypes.byref(screens))
    return connection, int(screens.data.contents.root_depth)

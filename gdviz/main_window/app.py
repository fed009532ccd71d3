"""Starts the desktop application, with everything needed before, around and after its event loop."""

import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gdviz.core.scenarios.library import resources
from gdviz.core.scenarios.scenario import Scenario
from gdviz.main_window.heap import share_heap
from gdviz.main_window.quick_imports import quick_imports

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gdviz.main_window.window import MainWindow

INTERRUPTED_EXIT_CODE = 130


def run_window(scenario: Scenario, name: str, look: Mapping[str, Any]) -> int:
    """Open the window, with these fields of its look, and return the exit code once it is closed. Needs a display."""
    share_heap()  # before there are threads
    # Until the window can be closed, Ctrl+C ends the process at once: an exception during Qt's start-up would be lost
    # or crash.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    with quick_imports():
        from PySide6.QtCore import QSettings, QTimer

        application = _application()
        from gdviz.panes.surface.opengl.setup import opengl_problem

        no_surface = opengl_problem()  # before the window imports PyOpenGL, which must know where to find contexts
        from gdviz.main_window.window import MainWindow

    window = MainWindow(scenario, name, QSettings("gdviz", "gdviz"), no_surface, look)
    show_uncaught_exceptions(window)
    _close_on_interrupt(application)
    window.show()
    # Show the empty window before computing the first frame: that is what the user waits for.
    QTimer.singleShot(0, window.start)
    return int(application.exec())


def _application() -> "QApplication":
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from gdviz.plotting.text import load_fonts

    application = QApplication(sys.argv[:1])
    application.setApplicationName("gdviz")
    application.setApplicationDisplayName("gdviz")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resources() / "icons" / "gdviz.svg")))
    load_fonts()
    return application


def show_uncaught_exceptions(window: "MainWindow") -> None:
    """Show uncaught exceptions in a dialog, in addition to the usual traceback on standard error."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, Exception):
            window.show_error("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = show


def _close_on_interrupt(application: "QApplication") -> None:
    """Close the window on Ctrl+C in the terminal: a socket wakes Qt's loop, which runs no Python code by itself."""
    from PySide6.QtCore import QSocketNotifier, QTimer

    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, application)
    notifier.activated.connect(lambda: reader.recv(64))

    def close() -> None:
        application.closeAllWindows()
        application.exit(INTERRUPTED_EXIT_CODE)

    def interrupt(*_: object) -> None:
        # Deferred: Python may call this at any point, even while reading the socket.
        QTimer.singleShot(0, close)

    def restore_wakeup() -> None:
        signal.set_wakeup_fd(-1)
        notifier.setEnabled(False)
        reader.close()
        writer.close()

    signal.signal(signal.SIGINT, interrupt)
    application.aboutToQuit.connect(restore_wakeup)

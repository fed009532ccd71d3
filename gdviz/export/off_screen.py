"""A place to draw without a window: a screen, real or virtual, and an application with the program's style."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gdviz.export.display import reachable_display
from gdviz.export.virtual_screen import screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@contextmanager
def off_screen() -> Iterator[str | None]:
    """Make drawing possible while the block runs; gives why there is no OpenGL, or None where there is.

    NoDisplayError without any screen.
    """
    with reachable_display() as problem, screen(problem), _application():
        from gdviz.panes.surface.opengl.setup import opengl_problem

        yield opengl_problem()


@contextmanager
def _application() -> Iterator[None]:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    made = _made() if QApplication.instance() is None else None
    try:
        yield
    finally:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if made is not None:
            from gdviz.plotting.fonts import forget_fonts

            made.shutdown()  # before its screen goes, or Qt would end the program
            forget_fonts()


def _made() -> "QApplication":
    from gdviz.panes.surface.opengl.setup import prepare_application

    prepare_application()
    from PySide6.QtWidgets import QApplication

    application = QApplication(["gdviz"])
    application.setApplicationName("gdviz")
    application.setStyle("Fusion")
    return application

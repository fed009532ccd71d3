"""A real window on the virtual screen, as the program opens it."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from shiboken6 import isValid

from gdviz.core.scenarios.library import load_scenario
from gdviz.main_window.window import MainWindow
from gdviz.panes.surface.opengl.setup import opengl_problem


@pytest.fixture
def settings(tmp_path):
    """Settings of this test alone."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot, qapp, settings):
    """A function that opens a window, waits for its first frame and closes it at the end of the test."""
    opened = []

    def make(name="point-nine", no_surface=None, size=(1280, 720), **look):
        window = MainWindow(load_scenario(name), name, settings, no_surface or opengl_problem(), look)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        window.start()
        wait_computed(qtbot, window)
        opened.append(window)
        return window

    yield make
    for window in opened:
        close(window)


@pytest.fixture
def window(open_window):
    """The window with `point-nine`, computed."""
    return open_window()


def wait_computed(qtbot, window):
    """Until what is to be opened is there, and the run is complete and shown."""
    session = window.session
    qtbot.waitUntil(lambda: not session.opening.is_busy, timeout=20_000)
    qtbot.waitUntil(lambda: session.runs.live.is_complete and not session.runs.runner.is_running, timeout=20_000)
    qtbot.waitUntil(lambda: session.player.frame is not None and window.stage.frame is session.player.frame)


def close(window):
    """Close it and let Qt delete it; one that is closed already is left alone."""
    if not isValid(window):
        return
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

"""What all tests share: Qt set up as the program sets it up, and a look after each test at what it left behind."""

import atexit
import gc
import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from gdviz.core.descent.optimizers import OPTIMIZERS
from tests.seams import RULES, Broken
from tools.screen import virtual_screen


def use_own_screen():
    """Bring a screen for this process alone: the windows of two would take the focus from each other."""
    screens = ExitStack()
    room = screens.enter_context(TemporaryDirectory(prefix="gdviz-tests-"))
    os.environ.update(screens.enter_context(virtual_screen(Path(room))))
    atexit.register(screens.close)


if "PYTEST_XDIST_WORKER" in os.environ and sys.platform.startswith("linux"):
    use_own_screen()

# How fast the machine is fails no test.
settings.register_profile("gdviz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gdviz")

# A suite that a script started in the background inherits an ignored Ctrl+C, and so would the programs it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The program does not ask OpenGL for errors, for speed; the tests do, after every call.
os.environ["PYOPENGL_ERROR_CHECKING"] = "1"

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

NOT_MEASURED = {"cli", "controls", "export", "export_dialog", "fuzz", "main_window", "stage", "widgets"}
"""Folders of tests that meet what the floor of coverage counts on their way only, and take much longer if measured.

Single tests of other folders of which that is true have the mark `unmeasured`.
"""


def pytest_collection_modifyitems(items):
    """Measure coverage in the tests of the session and those without Qt, except for the folders above."""
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        if folder in NOT_MEASURED or ("qapp" in item.fixturenames and folder != "session"):
            item.add_marker("unmeasured")


def _coverage(config):
    """What measures coverage in this process, or None."""
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin.cov_controller if plugin is not None else None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    """In a worker, stop the measurement that pytest-cov begins as if it were the main process.

    Below that of the worker, it would go on where that one is paused: nothing would be left out, nor any faster.
    """
    if (controller := _coverage(session.config)) is not None and hasattr(session.config, "workerinput"):
        controller.pause()


def pytest_collection_finish(session):
    """From here on only what tests call is measured: measured, the work of pytest itself takes twice as long."""
    if (controller := _coverage(session.config)) is not None:
        controller.pause()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    return (yield from _measured(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    return (yield from _measured(item))


def _measured(item):
    controller = _coverage(item.config)
    if controller is None or item.get_closest_marker("unmeasured"):
        return (yield)
    controller.resume()
    try:
        return (yield)
    finally:
        controller.pause()


@pytest.fixture
def further_schedules(monkeypatch):
    """Schedules that gdviz does not have: one that follows the losses, and one that sets the momentum."""
    from gdviz.core.descent.schedules import SCHEDULES
    from tests.seams import Cycle, Plateau

    for kind in (Plateau, Cycle):
        monkeypatch.setitem(SCHEDULES, kind.name, kind)


@pytest.fixture(scope="session")
def qapp_cls():
    """The application as the program starts it."""
    return QApplication


@pytest.fixture
def picture(tmp_path, monkeypatch, qapp):
    """The picture that the hostile text names is there, in a folder of its own, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    pixmap = QPixmap(40, 40)
    pixmap.fill(Qt.GlobalColor.red)
    assert pixmap.save("x.png")


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application in the style and fonts of the program, whichever test is first: what is measured is kept."""
    from gdviz.plotting.text import load_fonts

    qapp.setStyle("Fusion")
    load_fonts()
    return qapp


@pytest.fixture(autouse=True, scope="module")
def only_what_is_new_is_searched():
    """Take what is there, modules above all, out of the search for leaks: it would be half of the suite's time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_left(request):
    """Leaked threads, widgets and running timers fail the test that left them."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not left, f"threads left: {left}"
    if "qapp" not in request.fixturenames or QApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    widgets = [type(widget).__name__ for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not widgets, f"windows left: {widgets}"
    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer and _is_running(thing)]
    assert not timers, f"timers left running: {[timer.parent() for timer in timers]}"


def _is_running(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:  # its C++ side is deleted
        return False


@pytest.fixture
def further_rules(monkeypatch):
    """The rules of `tests.seams` are registered, as if they were shipped."""
    for kind in (*RULES, Broken):
        monkeypatch.setitem(OPTIMIZERS, kind.name, kind)


@pytest.fixture
def settled(qtbot):
    """Wait until a session has computed its run."""

    def wait(session):
        qtbot.waitUntil(lambda: session.runs.live.is_complete and not session.runs.runner.is_running, timeout=10_000)

    return wait


@pytest.fixture
def still(qapp):
    """A private stage, off screen."""
    from gdviz.export.still import StillStage

    stage = StillStage(with_surface=True)
    yield stage
    stage.close()

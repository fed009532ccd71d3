"""The program as a process of its own: it opens its window, and goes when it is told to."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gdviz.export.virtual_screen import virtual_screen
from tests.export.marked import wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the displays and processes of Linux")


@pytest.fixture
def environment(tmp_path):
    """The environment of the tests, with settings of its own."""
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}


def begun(environment, *command):
    """A process of Python, just started."""
    command = [sys.executable, "-X", "faulthandler", *command]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_caught(process, wanted):
    """Until the process has a handler for Ctrl+C, or has none."""

    def is_so():
        assert process.poll() is None, process.stderr.read()
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        caught = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
        return bool(caught >> (signal.SIGINT - 1) & 1) == wanted

    wait_until(is_so)


SAY_WHEN_PAINTED = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, stage, event):
        if event.type() is QEvent.Type.Paint and stage.frame is not None:
            stage.removeEventFilter(self)
            QTimer.singleShot(0, lambda: print("painted", flush=True))  # what is on the stage is painted with it
        return False

def watched(application):
    window, = (each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow))
    watch = Watch(window)
    window.stage.installEventFilter(watch)
    return original()

original, QApplication.exec = QApplication.exec, watched
from gdviz.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def interrupted(environment, *arguments):
    """Start the program, press Ctrl+C once the first frame is painted; its exit code, and what it printed as errors."""
    process = begun(environment, "-c", SAY_WHEN_PAINTED, *arguments)
    said = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert said == "painted\n", errors
    # Qt's platform for no screen says this about every window.
    return process.returncode, errors.replace("This plugin does not support propagateSizeHints()\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{}, {"GDVIZ_NO_OPENGL": "1"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_a_window_opens_and_ctrl_c_closes_it(environment, variables):
    assert interrupted({**environment, **variables}, "ten", "--theme", "dark") == (130, "")


@pytest.mark.slow
def test_the_surface_is_drawn_on_an_x_server_without_glx(environment):
    with virtual_screen(["-screen", "0", "1280x800x24", "-noreset", "-extension", "GLX"]) as display:
        assert interrupted({**environment, "DISPLAY": display}, "ten") == (130, "")


@pytest.mark.slow
def test_ctrl_c_while_the_program_starts_ends_it_at_once(environment):
    process = begun(environment, "-m", "gdviz")
    for wanted in (True, False):
        wait_until_caught(process, wanted)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (-signal.SIGINT, "")


FIRST_START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

def look():
    window, = (each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow))
    print(window.width(), window.height(), *(dock.isVisible() for dock in window.findChildren(QDockWidget)))
    window.close()

original = QApplication.exec
QApplication.exec = lambda self: (QTimer.singleShot(0, look), original())[1]
from gdviz.cli.main import run
sys.exit(run([]))
"""


@pytest.mark.slow
def test_panels_are_closed_at_first_on_a_small_screen(environment):
    with virtual_screen(["-screen", "0", "800x600x24", "-noreset"]) as display:
        variables = {**environment, "DISPLAY": display, "GDVIZ_NO_OPENGL": "1"}
        command = [sys.executable, "-c", FIRST_START]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    width, height, *shown = done.stdout.split()
    assert int(width) <= 800
    assert int(height) <= 600
    assert shown == ["False", "False"]

"""From launch to the first painted frame, against an empty PySide6 window, and against what the libraries need."""

import subprocess
import sys
import time

from measuring import median, report

EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
def painted():
    print(time.time())
    application.quit()
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, painted)
application = QApplication(sys.argv)
window = Window()
window.resize(1280, 720)
window.show()
application.exec()
"""

LIBRARIES = EMPTY.replace(
    "window = Window()",
    """
import numpy, pyqtgraph
from gdviz.panes.surface.opengl.setup import opengl_problem
assert opengl_problem() is None  # imports PyOpenGL, with a context made for it
window = Window()""",
)

GDVIZ = """
import sys, time
from gdviz.main_window import app
prepare = app.show_uncaught_exceptions  # is given the window before it is shown
def prepare_and_quit(window):
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    def paint():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        print(time.time())
        window.close()
    prepare(window)
    window.session.player.frame_changed.connect(lambda frame: QTimer.singleShot(0, paint))
app.show_uncaught_exceptions = prepare_and_quit
from gdviz.cli.main import run
sys.exit(run(["point-nine"]))
"""
ROUNDS = 7


def launch(code: str) -> float:
    """Seconds from the launch of a new interpreter to what the code prints as the time of its first paint."""
    begin = time.time()
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[0]) - begin


def main() -> None:
    """The first round fills the file cache and is not counted; the three alternate."""
    times: dict[str, list[float]] = {EMPTY: [], LIBRARIES: [], GDVIZ: []}
    for counted in [False] + [True] * ROUNDS:
        for code, took in times.items():
            seconds = launch(code)
            if counted:
                took.append(seconds)
    empty, libraries, gdviz = (median(took) for took in times.values())
    print(f"      empty window {empty:.2f} s, with its libraries imported {libraries:.2f} s, gdviz {gdviz:.2f} s")
    report("launch to first paint, more than an empty window", gdviz - empty, "s", "within 0.65", gdviz - empty <= 0.65)
    print(f"      {gdviz / empty:.1f} times an empty window, {gdviz / libraries:.1f} times the libraries alone")


main()

"""From launch to the first painted window, against an empty PySide6 window."""

import subprocess
import sys

from measuring import median, report, seconds

EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, application.quit)
application = QApplication(sys.argv)
window = Window()
window.resize(1280, 720)
window.show()
application.exec()
"""

GDVIZ = """
import sys
from gdviz.main_window import window as module
start = module.MainWindow.start
def start_and_quit(self):
    start(self)
    from PySide6.QtCore import QTimer
    def painted(frame):
        QTimer.singleShot(0, self.close)
    self.session.frame_changed.connect(painted)
    self.stage.surface and self.stage.surface.update()
module.MainWindow.start = start_and_quit
from gdviz.cli import run
sys.exit(run(["point-nine"]))
"""
ROUNDS = 7


def main() -> None:
    """The first round fills the file cache and is not counted; the two alternate."""
    empty, gdviz = [], []
    for counted in [False] + [True] * ROUNDS:
        for code, times in ((EMPTY, empty), (GDVIZ, gdviz)):
            took = seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True))
            if counted:
                times.append(took)
    print(f"      empty window {median(empty):.2f} s, gdviz {median(gdviz):.2f} s, launch to end of process")
    more = median(gdviz) - median(empty)
    report("launch, more than an empty window", more, "s", "within 0.7", more <= 0.7)
    print(f"      ratio {median(gdviz) / median(empty):.1f}")


main()

"""What the benchmarks share: a window to measure in, and one way to print a result beside its bar."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from gdviz.core.scenarios.library import load_scenario

CALIBRATION_CALLS = 20_000
CALIBRATED_CALLS = 3.88e6
"""Calls a second on the machine on which the bars were set, where the loop took 121,000 steps before it was lean."""


def report(what: str, value: float, unit: str, bar: str, reached: bool) -> None:
    """One line: what was measured, and whether it reaches the bar of the design."""
    print(f"{'ok  ' if reached else 'MISS'}  {what}: {value:.3g} {unit} (bar: {bar})", flush=True)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def processor_seconds(action: Callable[[], object]) -> float:
    """How much of the processor one call takes in this thread, which a loaded machine hardly changes."""
    begin = time.thread_time()
    action()
    return time.thread_time() - begin


def machine_speed() -> float:
    """How fast the machine is at the moment, at calls of NumPy, against the one on which the bars were set.

    Bars in figures a second are for that one, so what was measured is divided by this, taken in turns with it.
    """
    import numpy as np

    numbers = np.ones(100, np.float32)

    def calls() -> None:
        for _ in range(CALIBRATION_CALLS):
            np.multiply(numbers, numbers, numbers)

    return CALIBRATION_CALLS / processor_seconds(calls) / CALIBRATED_CALLS


def median(values: list[float]) -> float:
    """The middle one, which a disturbance does not move."""
    return statistics.median(values)


def make_application():
    """The application as the program makes it."""
    from PySide6.QtWidgets import QApplication

    from gdviz.panes.surface.opengl.setup import opengl_problem
    from gdviz.plotting.text import load_fonts

    application = QApplication.instance() or QApplication(["bench"])
    application.setStyle("Fusion")
    load_fonts()
    opengl_problem()  # sets PyOpenGL up before it is imported
    return application


def make_window(**experiment):
    """A window of 1280x720 with the default scenario, its experiment changed as given, computed and painted."""
    from PySide6.QtCore import QSettings

    from gdviz.main_window.window import MainWindow
    from gdviz.panes.surface.opengl.setup import opengl_problem

    scenario = load_scenario("point-nine")
    scenario = replace(scenario, experiment=replace(scenario.experiment, **experiment))
    settings = QSettings(str(Path(mkdtemp()) / "bench.ini"), QSettings.Format.IniFormat)
    window = MainWindow(scenario, "point-nine", settings, opengl_problem())
    window.resize(1280, 720)
    window.show()
    return window


def wait_until(condition: Callable[[], bool], limit: float = 120.0) -> None:
    """Let Qt work in its own loop until the condition holds, which is looked at every 5 ms; TimeoutError if late.

    A loop around `processEvents` would never sleep, and take the interpreter from the worker that is measured.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    if condition():
        return
    loop, timer, end = QEventLoop(), QTimer(interval=5), time.perf_counter() + limit
    timer.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() > end else None)
    timer.start()
    loop.exec()
    timer.stop()
    if not condition():
        raise TimeoutError("the benchmark does not come to an end")


@contextmanager
def counted_paints(widget) -> Iterator[list[int]]:
    """Count how often a widget is painted while the block runs."""
    from PySide6.QtCore import QEvent, QObject

    paints: list[int] = []

    class Counter(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                paints.append(1)
            return False

    counter = Counter()
    widget.installEventFilter(counter)
    yield paints
    widget.removeEventFilter(counter)

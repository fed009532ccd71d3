"""Runs a soak: opens the window, lets the user act, brings it back to where it began, and says what is wrong."""

import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, qInstallMessageHandler
from PySide6.QtTest import QTest

from gdviz.core.scenarios.library import DEFAULT_SCENARIO, load_scenario, resources
from gdviz.main_window.race_dialog import RaceDialog
from gdviz.main_window.window import MainWindow
from gdviz.panes.surface.opengl.setup import opengl_problem
from gdviz.presentation.look import Look
from gdviz.session import edits
from tests.soak.beats import Beats, Stall
from tests.soak.counts import Held, held
from tests.soak.pauses import Pauses
from tests.soak.user import NOT_TRIED, SIZES, User, answer_file_dialogs

LONGEST_STALL, LONGEST_OF_LARGE = 0.1, 0.2
"""Seconds; the second while rows change to ten million, or four surfaces are resized."""
SETTLED_SECONDS = 60.0
MANY_ROWS = 10_000_000
OTHER_SCENARIOS = ("next", "previous", "open")


@dataclass
class Soak:
    """What a soak has found: what is held before and after, the stalls with what was done, and what went wrong."""

    before: Held | None = None
    after: Held | None = None
    acts: int = 0
    stalls: list[tuple[str, Stall]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """What is held on to, in lines."""
        assert self.before is not None
        assert self.after is not None
        return self.after.faults_since(self.before)


def soak(seed: int, seconds: float, folder: Path) -> Soak:
    """Use a window at random for so long; everything that goes wrong is in the result."""
    found = Soak()
    with _faults_noted(found), _window(folder) as window:
        user = User(window, seed, folder)
        restore = answer_file_dialogs(user)
        _try_everything_once(window, user)
        _return(window, user)
        found.before = held()
        beats, pauses, end = Beats(LONGEST_STALL), Pauses(), time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                beats.restart()
                is_large = _is_large(window)
                user.act()
                QTest.qWait(20)
                beats.beat()
                found.acts += 1
                _note_stalls(found, user.done, beats.stalls, pauses, is_large or _is_large(window))
        finally:
            beats.stop()
            pauses.stop()
            restore()
        _return(window, user)
        found.after = held()
    return found


def _note_stalls(found: Soak, done: str, stalls: Iterable[Stall], pauses: Pauses, is_large: bool) -> None:
    most = LONGEST_OF_LARGE if is_large else LONGEST_STALL
    own = [replace(stall, seconds=stall.seconds - pauses.within(stall.began, stall.ended)) for stall in stalls]
    found.stalls += [(done, stall) for stall in own if stall.seconds > most]


def _is_large(window: MainWindow) -> bool:
    """Whether something is going on that may take longer."""
    state, progress = window.session.state, window.session.timeline.generator.progress
    rows = state.data_problem.data.rows if state.data_problem is not None else 0
    many = rows == MANY_ROWS or (progress is not None and progress.settings.rows == MANY_ROWS)
    return many or (state.look.multiples and len(state.pinned) > 0)


def _try_everything_once(window: MainWindow, user: User) -> None:
    """Make what is made once and kept: imports, fonts and pictures of each size, shaders, panes, dialogs, idle threads.

    A thread of the session waits for more of its kind of work until the window is closed.
    """
    for name in (DEFAULT_SCENARIO, "two-wells", "race"):
        window.files.load(name)
        _settle(window)
        for command in window.commands:
            if command not in (*NOT_TRIED, *OTHER_SCENARIOS):
                user.command(command)
                _settle(window, 0.3)
                user.close_dialogs()
        for size in SIZES:
            window.resize(*size)
            _settle(window, 0.3)
    for command in ("race", "multiples", "pane", "pane", "multiples", "unpin"):
        user.command(command)
        _settle(window, 1.0)
    user.command("choose_race")
    for dialog in window.findChildren(RaceDialog):
        dialog.choice.setCurrentIndex(1)  # rules, whose rates are found in a thread
    QTest.qWait(500)
    window.files.load(str(resources() / "data" / "lecture.csv"))
    _settle(window)
    window.files.load(DEFAULT_SCENARIO)
    user.rows(100_000)
    _settle(window)
    user.export()
    QTest.qWait(2000)
    user.cancel_export()
    _work_long(window, user)


def _work_long(window: MainWindow, user: User) -> None:
    """Begin what takes too long for the window's thread: edits and pictures over a batch of a million rows."""
    user.rows(1_000_000)
    _settle(window)
    window.session.apply(edits.change, batch_size=1_000_000, steps=3)
    _settle(window)
    for command in ("ghost", "range_test"):
        user.command(command)
        QTest.qWait(100)
    window.files.load(DEFAULT_SCENARIO)
    _settle(window)
    assert {"gdviz edits", "gdviz frames"} <= {thread.name for thread in threading.enumerate()}


def _return(window: MainWindow, user: User) -> None:
    """Bring the window back to how it opens, with nothing to undo and nothing going on."""
    session = window.session
    user.close_dialogs()
    window.exports.process.close()
    window.exports.progress.hide()
    window.black_screen.hide()
    window.appearance.present(False)
    session.stop_computing()
    window.files.load(DEFAULT_SCENARIO)
    session.set_look(**vars(Look()))
    session.timeline.clear()
    window.resize(1280, 720)
    _settle(window)
    QTest.qWait(500)


def _settle(window: MainWindow, seconds: float = SETTLED_SECONDS) -> None:
    """Wait until nothing goes on, at most for so long."""
    end = time.monotonic() + seconds
    QTest.qWait(10)
    while (window.session.is_busy or window.exports.process.is_running) and time.monotonic() < end:
        QTest.qWait(10)


@contextmanager
def _window(folder: Path) -> Iterator[MainWindow]:
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(load_scenario(DEFAULT_SCENARIO), DEFAULT_SCENARIO, settings, opengl_problem())
    window.resize(1280, 720)
    window.show()
    window.start()
    try:
        yield window
    finally:
        window.exports.process.close()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def _faults_noted(found: Soak) -> Iterator[None]:
    """Note what Qt says, and every exception that nobody catches, such as an error of OpenGL."""

    def say(kind: Any, context: Any, text: str) -> None:
        found.faults.append(f"Qt: {text}")

    def show(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        found.faults.append("".join(traceback.format_exception(kind, error, trace)))

    before, sys.excepthook = sys.excepthook, show
    handler = qInstallMessageHandler(say)
    try:
        yield
    finally:
        qInstallMessageHandler(handler)
        sys.excepthook = before

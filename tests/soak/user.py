"""A person who does anything that the window offers, by chance, from a seed."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit

from gdviz.core.data.settings import DataSettings
from gdviz.core.scenarios.library import resources, shipped
from gdviz.export_dialog import exports as window_exports
from gdviz.export_dialog.dialog import ExportDialog
from gdviz.main_window import files as window_files
from gdviz.main_window.window import MainWindow
from gdviz.session import edits

ROWS = (10, 100, 5_000, 100_000, 1_000_000, 10_000_000)
SIZES = ((784, 520), (960, 600), (1280, 720), (1920, 1080))
NUMBERS = ("0", "1", "0.1", "0.9", "1e-4", "10", "200", "5000", "-1", "nan", "1e400", "abc", "")
KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Escape)
NOT_TRIED = ("quit",)


class User:
    """Acts on a window; ``done`` names what was done last."""

    def __init__(self, window: MainWindow, seed: int, folder: Path) -> None:
        """folder: for what is exported and saved."""
        self._window, self._random, self._folder = window, random.Random(seed), folder
        self._targets = 0
        self.done = ""
        self._actions: tuple[tuple[int, Callable[[], object]], ...] = (
            (8, self.command),
            (4, self.key),
            (4, self.type_in_a_field),
            (3, self.choose),
            (3, self.scenario),
            (2, self.rows),
            (2, self.batches),
            (2, self.resize),
            (2, self.scrub),
            (1, self.export),
            (1, self.cancel_export),
            (4, self.wait),
        )

    def act(self) -> None:
        """Do one thing, and now and then close the dialogs."""
        weights = [weight for weight, _ in self._actions]
        (action,) = self._random.choices([action for _, action in self._actions], weights)
        self.done = action.__name__
        action()
        if self._random.random() < 0.2:
            self.close_dialogs()

    def close_dialogs(self) -> None:
        """Cancel whatever asks something."""
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()

    def command(self, name: str = "") -> None:
        """Trigger a command of the menus; those that ask for a file get one."""
        name = name or self._random.choice([name for name in self._window.commands if name not in NOT_TRIED])
        self.done = f"command {name}"
        self._window.commands[name].trigger()

    def key(self) -> None:
        modifier = self._random.choice((Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier))
        QTest.keyClick(self._window.stage, self._random.choice(KEYS), modifier)

    def type_in_a_field(self) -> None:
        fields = [field for field in self._window.findChildren(QLineEdit) if field.isVisible() and field.isEnabled()]
        if not fields:
            return
        field, text = self._random.choice(fields), self._random.choice(NUMBERS)
        self.done = f"type {text!r} into {field.accessibleName()!r}"
        field.setFocus()
        field.selectAll()
        field.insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        self._window.stage.setFocus()

    def choose(self) -> None:
        boxes = [box for box in self._window.findChildren(QComboBox) if box.isVisible() and box.isEnabled()]
        if not boxes:  # in full screen
            return
        box = self._random.choice(boxes)
        box.setFocus()
        self.done = f"choose in {box.accessibleName()!r}"
        QTest.keyClick(box, self._random.choice((Qt.Key.Key_Down, Qt.Key.Key_Up)))
        self._window.stage.setFocus()

    def scenario(self) -> None:
        name = self._random.choice([*shipped()])
        self.done = f"scenario {name}"
        self._window.files.load(name)

    def rows(self, rows: int = 0) -> None:
        rows = rows or self._random.choice(ROWS)
        self.done = f"{rows:,} rows"
        self._window.session.set_data(replace(DataSettings(), rows=rows))

    def batches(self) -> None:
        problem = self._window.session.state.data_problem
        size = self._random.choice((None, 1, 16, 1000, 100_000, problem.data.rows if problem is not None else 1))
        self.done = f"batches of {size}"
        self._window.session.apply(edits.change, batch_size=size)

    def resize(self) -> None:
        self._window.resize(*self._random.choice(SIZES))

    def scrub(self) -> None:
        self._window.playback_bar.seek.emit(self._random.randrange(self._window.session.state.experiment.steps + 1))

    def export(self) -> None:
        self._window.exports.open_dialog()
        for dialog in self._window.findChildren(ExportDialog):
            if dialog.isVisible():
                dialog.export.click()

    def cancel_export(self) -> None:
        if self._window.exports.process.is_running:
            self._window.exports.progress.cancel_button.click()

    def wait(self) -> None:
        QTest.qWait(self._random.randrange(400))

    def target(self, parent: Any, title: str, suggestion: str, kinds: Any) -> Path:
        """A name that is free, in the place of a dialog for files."""
        self._targets += 1
        return self._folder / f"{self._targets}{next(iter(kinds.values()))}"

    def opened(self, *asked: Any) -> tuple[str, str]:
        """A scenario or a table, in the place of a dialog for files."""
        found = [*(resources() / "scenarios").glob("*.toml"), *(resources() / "data").glob("*.csv")]
        return str(self._random.choice(sorted(found))), ""


def answer_file_dialogs(user: User) -> Callable[[], None]:
    """Let the user name the files that the window asks for; return what undoes that."""
    before = window_files.ask_target, window_exports.ask_target, window_files.QFileDialog.getOpenFileName
    window_files.ask_target = window_exports.ask_target = user.target  # type: ignore[assignment]
    window_files.QFileDialog.getOpenFileName = user.opened  # type: ignore[method-assign]

    def restore() -> None:
        window_files.ask_target, window_exports.ask_target, window_files.QFileDialog.getOpenFileName = before

    return restore

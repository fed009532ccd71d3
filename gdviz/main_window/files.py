"""Opening, saving and exporting from the window, with errors reported in one line."""

import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.animation.formats import PICTURES
from gdviz.core.atomic import check_target
from gdviz.core.errors import InputError, escape_controls
from gdviz.core.scenarios.library import load_scenario, shipped
from gdviz.core.scenarios.scenario import write_scenario
from gdviz.export.job import DEFAULT_SAMPLES
from gdviz.export.picture_files import PictureSource, save_picture, tags_of
from gdviz.scene.scene import Frame
from gdviz.session.session import Session
from gdviz.stage.stage import Stage
from gdviz.widgets.dialogs import ask_target, write_confirmed

SCENARIO_KINDS = {"Scenario (*.toml)": ".toml"}
"""The file type that the dialog offers, with its ending."""


class Files(QObject):
    """The slots of the File menu, and those of the Scenario menu, which also open files."""

    noticed = Signal(str)
    """What was done, or why it could not be done."""

    def __init__(self, session: Session, stage: Stage, window: QWidget) -> None:
        """``window`` is the parent of the dialogs."""
        super().__init__(window)
        self._session, self._stage, self._window = session, stage, window

    def open(self) -> None:
        """Ask for a file and load it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", "", "Scenarios and data (*.toml *.csv)")
        if path:
            self.load(path)

    def load(self, name: str) -> None:
        """Load a scenario by name or file; on an error, report it and keep the current scenario."""
        try:
            scenario = load_scenario(name)
        except InputError as error:
            self.noticed.emit(str(error))
        except Exception as error:  # a bug in a loader: keep the window open, and print the traceback
            print(*map(escape_controls, traceback.format_exc().splitlines()), sep="\n", file=sys.stderr)
            is_large = isinstance(error, MemoryError)
            reason = "not enough memory" if is_large else f"{type(error).__name__}: {error}"
            self.noticed.emit(f"{name}: cannot be loaded: {reason}")
        else:
            self._session.open(scenario, name)
            self.noticed.emit(scenario.question)

    def load_next(self, direction: int) -> None:
        """Load the scenario ``direction`` places further on in the list of shipped scenarios."""
        names = list(shipped())
        name = self._session.state.scenario_name
        place = (names.index(name) if name in names else -1) + direction
        if 0 <= place < len(names):
            self.load(names[place])
        else:
            self.noticed.emit("this is the last scenario" if direction > 0 else "this is the first scenario")

    def save(self) -> None:
        """Ask for a name and save the current scenario; the file name becomes the title."""
        self._write_as("Save scenario as", "scenario.toml", SCENARIO_KINDS, self._save)

    def export_picture(self) -> None:
        """Ask for a name and save the stage's picture from before the dialog opened; the ending sets the format."""
        if (frame := self._stage.frame) is not None:
            kinds = {f"{format.label} (*{format.ending})": format.ending for format in PICTURES.values()}
            self._write_as("Export picture", "gdviz", kinds, partial(self._save_picture, frame, self._stage.picture()))

    def copy_picture(self) -> None:
        """Copy the picture of the stage to the clipboard."""
        QGuiApplication.clipboard().setImage(self._stage.picture())
        self.noticed.emit("picture copied to the clipboard")

    def _write_as(self, title: str, suggestion: str, kinds: Mapping[str, str], write: Callable[[Path], None]) -> None:
        """Ask for a name and, if it exists, whether to replace it; then write, and report the result."""
        try:
            target = ask_target(self._window, title, suggestion, kinds)
            if target is not None:
                check = partial(check_target, target, replace_old=True)
                write_confirmed((target,), check, partial(self._write, target, write), self._window)
        except InputError as error:
            self.noticed.emit(str(error))

    def _write(self, target: Path, write: Callable[[Path], None]) -> None:
        try:
            write(target)
        except InputError as error:
            self.noticed.emit(str(error))
        else:
            self.noticed.emit(f"written: {target}")

    def _save(self, target: Path) -> None:
        try:
            titled = replace(self._session.state.as_scenario(), title=target.stem)
        except InputError as error:
            raise InputError(f"{target}: the file name would be an empty title; choose another name") from error
        write_scenario(titled, target)

    def _save_picture(self, frame: Frame, picture: QImage, target: Path) -> None:
        now = self._stage.frame
        self._stage.show_frame(frame)
        try:
            save_picture(PictureSource(self._stage, lambda: picture, tags_of(frame), DEFAULT_SAMPLES), target)
        finally:
            if now is not None:
                self._stage.show_frame(now)

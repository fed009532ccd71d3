"""Opening, saving and exporting from the window, with errors reported in one line."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.animation.formats import PICTURES
from gdviz.core.atomic import check_target
from gdviz.core.errors import InputError
from gdviz.core.scenarios.library import TABLE_ENDINGS, load_scenario, shipped
from gdviz.core.scenarios.scenario import Scenario, write_scenario
from gdviz.export.job import DEFAULT_SAMPLES
from gdviz.export.picture_files import PictureSource, painted, tags_of
from gdviz.export.picture_writer import PictureWriter
from gdviz.main_window.columns_dialog import ColumnsDialog
from gdviz.main_window.drops import dropped_file
from gdviz.scene.scene import Frame
from gdviz.session.loading.table_reader import ColumnChoice, faults_in_one_line
from gdviz.session.session import Session
from gdviz.stage.stage import Stage
from gdviz.widgets.dialogs import ask_target, write_confirmed

SCENARIO_KINDS = {"Scenario (*.toml)": ".toml"}
"""The file type in the dialog, with its ending."""
_OFFERED = " ".join(f"*{case}" for ending in (".toml", *TABLE_ENDINGS) for case in (ending, ending.upper()))
OPEN_KINDS = f"Scenarios and tables ({_OFFERED});;All files (*)"


class Files(QObject):
    """The slots of the File menu, and those of the Scenario menu, which also open files."""

    noticed = Signal(str)
    """What was done."""
    refused = Signal(str)
    """Why something could not be saved or exported; empty once something was."""

    def __init__(self, session: Session, stage: Stage, window: QWidget) -> None:
        """``window`` is the parent of the dialogs."""
        super().__init__(window)
        self._session, self._stage, self._window = session, stage, window
        self._columns_dialog: ColumnsDialog | None = None
        self._pictures = PictureWriter(self)
        self._pictures.ended.connect(self._tell_written)
        session.opening.choice_wanted.connect(self._ask_columns)
        session.opening.begun.connect(self._close_columns_dialog)

    def close(self) -> None:
        """Wait until the pictures are written."""
        self._pictures.close()

    def open(self) -> None:
        """Ask for a file and load it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", "", OPEN_KINDS)
        if path:
            self.load(path)

    def load(self, name: str) -> None:
        """Load a shipped scenario by name, or a file in the background; an error is reported and changes nothing."""
        if name not in shipped():
            self._session.opening.open_file(name)
            return
        with self._reporting(), faults_in_one_line(name):
            scenario = load_scenario(name)
            self._session.open(scenario, name)
            self._session.opening.refused.emit("")

    def take(self, content: QMimeData) -> None:
        """Load the file that was dropped."""
        with self._reporting():
            self.load(dropped_file(content))

    def paste(self) -> None:
        """Load the table, or the file, that is on the clipboard."""
        content = QGuiApplication.clipboard().mimeData()
        if content.hasUrls():
            self.take(content)
        elif (text := content.text()).strip():
            self._session.opening.open_pasted(text)
        else:
            what = "holds no text" if content.formats() else "is empty"
            self._session.opening.refused.emit(f"the clipboard {what}; copy a table with two columns of numbers first")

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Report why something cannot be opened."""
        try:
            yield
        except InputError as error:
            self._session.opening.refused.emit(str(error))

    def _ask_columns(self, choice: ColumnChoice) -> None:
        self._close_columns_dialog()
        self._columns_dialog = dialog = ColumnsDialog(choice, self._window)
        dialog.chosen.connect(lambda x, y: self._session.opening.read(choice.answered(x, y)))
        dialog.finished.connect(self._forget_columns_dialog)
        dialog.open()

    def _close_columns_dialog(self) -> None:
        if self._columns_dialog is not None:
            self._columns_dialog.reject()

    def _forget_columns_dialog(self) -> None:
        self._columns_dialog = None

    def load_next(self, direction: int) -> None:
        """Load the shipped scenario ``direction`` places further on."""
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
            self._write_as("Export picture", "gdviz", kinds, partial(self._export, frame, self._stage.picture()))

    def copy_picture(self) -> None:
        """Copy the picture of the stage to the clipboard."""
        QGuiApplication.clipboard().setImage(self._stage.picture())
        self.noticed.emit("picture copied to the clipboard")

    def _write_as(self, title: str, suggestion: str, kinds: Mapping[str, str], write: Callable[[Path], None]) -> None:
        """Ask for a name and, if it exists, whether to replace it; then write."""
        try:
            target = ask_target(self._window, title, suggestion, kinds)
            if target is not None:
                check = partial(check_target, target, replace_old=True)
                write_confirmed((target,), check, partial(write, target), self._window)
        except InputError as error:
            self.refused.emit(str(error))

    @contextmanager
    def _telling(self, target: Path) -> Iterator[None]:
        """Tell that it is written, or why it cannot be."""
        try:
            yield
        except InputError as error:
            self.refused.emit(str(error))
        else:
            self.refused.emit("")
            self.noticed.emit(f"written: {target}")

    def _save(self, target: Path) -> None:
        with self._telling(target):
            write_scenario(self._titled(target), target)

    def _titled(self, target: Path) -> Scenario:
        try:
            return replace(self._session.state.as_scenario(), title=target.stem)
        except InputError as error:
            raise InputError(f"{target}: the file name would be an empty title; choose another name") from error

    def _export(self, frame: Frame, picture: QImage, target: Path) -> None:
        now = self._stage.frame
        self._stage.show_frame(frame)
        try:
            encode = painted(PictureSource(self._stage, lambda: picture, tags_of(frame), DEFAULT_SAMPLES), target)
        finally:
            if now is not None:
                self._stage.show_frame(now)
        self._pictures.write(target, encode)

    def _tell_written(self, target: Path, writing: Future[None]) -> None:
        with self._telling(target):
            writing.result()

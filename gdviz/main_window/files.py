"""Opening, saving and exporting from the window, with what went wrong said in one line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.core.errors import InputError
from gdviz.core.scenario import write_scenario
from gdviz.export.still import save_picture
from gdviz.model.session import Session
from gdviz.views.stage import Stage


class Files(QObject):
    """The slots of the File menu."""

    chosen = Signal(str)
    """A file that is to be loaded."""
    noticed = Signal(str)
    """What was done, or what could not be done."""

    def __init__(self, session: Session, stage: Stage, window: QWidget) -> None:
        """``window`` is what the dialogs stand over."""
        super().__init__(window)
        self._session, self._stage, self._window = session, stage, window

    def open(self) -> None:
        """Ask for a file and tell its name."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", "", "Scenarios and data (*.toml *.csv)")
        if path:
            self.chosen.emit(path)

    def save(self) -> None:
        """Ask for a name and save the recipe as it stands; the file's name becomes the title."""
        path, _ = QFileDialog.getSaveFileName(self._window, "Save scenario as", "scenario.toml", "Scenario (*.toml)")
        if path:
            target = Path(path).with_suffix(".toml")
            scenario = replace(self._session.current_scenario(), title=target.stem)
            self._write(target, lambda: write_scenario(scenario, target))

    def export_picture(self) -> None:
        """Ask for a name and save the picture that was on the stage when asked."""
        picture = self._stage.picture()
        path, _ = QFileDialog.getSaveFileName(self._window, "Export picture", "gdviz.png", "Picture (*.png)")
        if path:
            target = Path(path).with_suffix(".png")
            self._write(target, lambda: save_picture(picture, target))

    def copy_picture(self) -> None:
        """Put the picture of the stage into the clipboard."""
        QGuiApplication.clipboard().setImage(self._stage.picture())
        self.noticed.emit("the picture is in the clipboard")

    def _write(self, target: Path, write: Callable[[], None]) -> None:
        try:
            write()
        except InputError as error:
            self.noticed.emit(str(error))
        else:
            self.noticed.emit(f"written: {target}")

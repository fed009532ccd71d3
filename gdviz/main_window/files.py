"""Opening, saving and exporting from the window, with what went wrong said in one line."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.core.errors import InputError
from gdviz.core.scenario import write_scenario
from gdviz.export.job import SAMPLES
from gdviz.export.picture_files import check_ending, save_png, save_vectors, tags_of
from gdviz.model.frame import Frame
from gdviz.model.session import Session
from gdviz.views.question import Question
from gdviz.views.stage import Stage

PICTURE_FILTERS = {
    "Picture (*.png)": ".png",
    "Drawing for web pages and office programs (*.svg)": ".svg",
    "Drawing for LaTeX and print (*.pdf)": ".pdf",
}
"""What the file dialog offers, and the ending that a name without one gets."""


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
            scenario = replace(self._session.state.as_scenario(), title=target.stem)
            self._write(target, lambda: write_scenario(scenario, target))

    def export_picture(self) -> None:
        """Ask for a name and save the picture that was on the stage when asked; its ending says as what."""
        frame, picture = self._stage.frame, self._stage.picture()
        filters = ";;".join(PICTURE_FILTERS)
        path, chosen = QFileDialog.getSaveFileName(self._window, "Export picture", "gdviz", filters)
        if not path or frame is None:
            return
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(PICTURE_FILTERS.get(chosen, ".png"))
        save = partial(self._write, target, partial(self._save_picture, frame, picture, target))
        # The dialog has asked about a file of the name that was typed, and only of that name.
        if target != Path(path) and target.exists():
            self._ask_to_replace(target, save)
        else:
            save()

    def copy_picture(self) -> None:
        """Put the picture of the stage into the clipboard."""
        QGuiApplication.clipboard().setImage(self._stage.picture())
        self.noticed.emit("the picture is in the clipboard")

    def _save_picture(self, frame: Frame, picture: QImage, target: Path) -> None:
        check_ending(target)
        tags = tags_of(frame)
        if target.suffix.lower() == ".png":
            save_png(picture, target, tags)
            return
        now = self._stage.frame
        self._stage.show_frame(frame)
        try:
            save_vectors(self._stage, target, tags, SAMPLES)
        finally:
            if now is not None:
                self._stage.show_frame(now)

    def _ask_to_replace(self, target: Path, save: Callable[[], None]) -> None:
        question = Question(f"{target.name} is there already. Replace it?", "", "Replace", "Keep it", self._window)
        question.accepted_it.connect(save)
        question.open()

    def _write(self, target: Path, write: Callable[[], None]) -> None:
        try:
            write()
        except InputError as error:
            self.noticed.emit(str(error))
        else:
            self.noticed.emit(f"written: {target}")

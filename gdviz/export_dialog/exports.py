"""The export of an animation from the window: dialog, previews, file names, and export process."""

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, QProcess, QSettings, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMainWindow

from gdviz.animation.animation import Animation
from gdviz.animation.formats import Format
from gdviz.core.errors import InputError
from gdviz.core.right_of_way import right_of_way
from gdviz.export.job import AnimationJob, check_job, companion_path
from gdviz.export.process import ExportProcess
from gdviz.export_dialog.choices import ExportChoices, from_texts, to_texts
from gdviz.export_dialog.preview import Preparation, Prepared, PreviewRequest, Previews
from gdviz.export_dialog.progress import ExportProgress
from gdviz.presentation.look import SURFACE
from gdviz.scene.scene import Scene
from gdviz.session import edits
from gdviz.session.session import Session
from gdviz.widgets.dialogs import Question, ask_target, write_confirmed

if TYPE_CHECKING:
    from gdviz.export_dialog.dialog import ExportDialog

LONGEST_NAME = 60
"""Characters of a title, which in any script fit into the bytes of a file name."""
SETTINGS = "export"
FOLDER = f"{SETTINGS}/folder"
POLL_MILLISECONDS = 20


def suggested_name(title: str, format: Format) -> str:
    """A file name made from a title: lower case, words joined by hyphens."""
    words = re.findall(r"\w+", title.lower())
    return ("-".join(words)[:LONGEST_NAME].rstrip("-") or "animation") + format.ending


def file_filter(format: Format) -> dict[str, str]:
    """The single filter of the file dialog, with its ending; the format has already been chosen."""
    return {f"{format.label} (*{format.ending})" if format.ending else "Folders (*)": format.ending}


def make_job(animation: Animation, choices: ExportChoices, target: Path) -> AnimationJob:
    """The job that writes an animation; companion files are named after the target."""
    poster = companion_path(target, choices.format, ".png") if choices.poster else None
    captions = companion_path(target, choices.format, ".vtt") if choices.captions else None
    return AnimationJob(animation, choices.format, choices.size, target, poster, captions, choices.writes_beamer)


def open_with_default_program(path: Path) -> bool:
    """Open a file or folder with its default program; returns False if there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> bool:
    """Open the folder of a file, selecting it on macOS and Windows; returns False if that fails."""
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", str(path)])[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(str(path))])[0]
    return open_with_default_program(path.parent)


class Exports(QObject):
    """Runs one export at a time; ``progress`` is a widget for the status bar."""

    noticed = Signal(str)
    """A line about what was done."""
    refused = Signal(str)
    """A line about what could not be done; empty once something was."""

    def __init__(self, session: Session, settings: QSettings, no_surface: str | None, window: QMainWindow) -> None:
        """``no_surface``: why OpenGL is missing, or None. ``window``: the parent of the dialogs."""
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._previews = Previews(no_surface is None)
        self._preparation = Preparation()
        self._requested: PreviewRequest | None = None
        self._prepared: Prepared | None = None
        self._unpainted: list[int] = []
        self._wanted: ExportChoices | None = None
        self._timer = QTimer(self, interval=POLL_MILLISECONDS)
        self._timer.timeout.connect(self._take_prepared)
        self._dialog: ExportDialog | None = None
        self._question: Question | None = None
        self._job: AnimationJob | None = None
        self.progress = ExportProgress()
        self.process = ExportProcess(self)
        process, progress = self.process, self.progress
        for end in (process.finished, process.failed, process.cancelled):
            end.connect(self._dismiss_question)
        process.progress.connect(progress.show_progress)
        process.finished.connect(self._on_finished)
        process.failed.connect(progress.show_failed)
        process.cancelled.connect(self._on_cancelled)
        progress.cancel_button.clicked.connect(self._cancel)
        progress.open_button.clicked.connect(lambda: self._open(open_with_default_program))
        progress.folder_button.clicked.connect(lambda: self._open(show_in_folder))

    def close(self) -> None:
        """Cancel a running export, wait for its end, and close the dialogs."""
        self._dismiss_question()
        if self._dialog is not None:
            self._dialog.reject()
        self.process.close()
        self._forget_previews()
        self._preparation.stop()

    def open_dialog(self) -> None:
        """Open the dialog, or offer to cancel a running export first."""
        if self.process.is_running:
            details = f"{self.progress.line.capitalize()}. You can start another when it is done."
            self._ask_about_running(details, "Cancel the export", self._cancel)
        elif self._dialog is not None:
            self._dialog.activateWindow()
        elif not len(self._session.runs.live):
            self.refused.emit("nothing has been computed yet; try again in a moment")
        else:
            self.refused.emit("")
            self._create_dialog(self._session.player.scene())

    @right_of_way
    def _create_dialog(self, scene: Scene) -> None:
        from gdviz.export_dialog.dialog import ExportDialog  # not before the window is shown

        # As in the window the first time, then as last chosen.
        defaults = ExportChoices(text_scale=scene.look.text_scale)
        found = {name: self._settings.value(f"{SETTINGS}/{name}") for name in to_texts(defaults)}
        texts = {name: str(value) for name, value in found.items() if value is not None}
        choices = replace(from_texts(texts, defaults), steps=(0, scene.last_step))
        self._dialog = dialog = ExportDialog(choices, scene.look.theme, self._window)
        self._show_run(dialog, scene)
        dialog.preview_requested.connect(partial(self._show, dialog, scene))
        dialog.export_requested.connect(partial(self._export, dialog, scene))
        dialog.form.forget_keys.connect(partial(self._forget_keys, dialog, scene))
        dialog.finished.connect(self._forget_dialog)
        self._show(dialog, scene, choices)
        dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None
        self._forget_previews()

    def _forget_previews(self) -> None:
        self._timer.stop()
        self._preparation.submit(None)
        self._requested = self._prepared = self._wanted = None
        self._previews.close()

    def _forget_keys(self, dialog: "ExportDialog", scene: Scene) -> None:
        self._session.apply(edits.forget_cameras)
        self._show_run(dialog, scene)

    def _show_run(self, dialog: "ExportDialog", scene: Scene) -> None:
        dialog.form.show_run(scene.last_step, len(self._session.state.cameras), scene.look.pane == SURFACE)

    def _show(self, dialog: "ExportDialog", scene: Scene, choices: ExportChoices) -> None:
        """Prepare the summary and the previews, which come as soon as they are ready.

        It begins in a later turn: a dialog that has just been opened is painted first, undisturbed.
        """
        self._requested = PreviewRequest(scene, self._session.state.cameras, choices)
        self._preparation.submit(None)
        self._unpainted = []
        self._timer.start()

    def _take_prepared(self) -> None:
        """Show what is ready, one preview at a time, so that the dialog can be used in between."""
        dialog, outcome = self._dialog, self._preparation.take()
        if dialog is None:
            return
        if self._requested is not None:
            requested, self._requested = self._requested, None
            self._preparation.submit(requested)
            return
        if outcome is not None and (prepared := outcome.result) is None:
            self._wanted = None
            dialog.show_problem(outcome.refusal or outcome.error.splitlines()[-1])
        elif outcome is not None and prepared is not None:
            self._prepared, self._unpainted = prepared, [0, 1]
            dialog.show_summary(prepared.summary)
            wanted, self._wanted = self._wanted, None  # other choices made since are not exported unasked
            if wanted == prepared.request.choices:
                self._export(dialog, prepared.request.scene, wanted)
            else:
                self._previews.prepare(prepared.frames[0])
        elif self._unpainted and self._prepared is not None:
            self._paint(dialog, self._prepared, self._unpainted.pop(0))
        elif not self._preparation.is_busy:
            self._timer.stop()

    def _paint(self, dialog: "ExportDialog", prepared: Prepared, place: int) -> None:
        animation, size = prepared.animation, prepared.request.choices.size
        image = self._previews.draw(prepared.frames[place], size, dialog.first.drawn_size())
        dialog.show_preview(place, image, animation.steps[place], animation.scene.look.theme)

    def _export(self, dialog: "ExportDialog", scene: Scene, choices: ExportChoices) -> None:
        prepared = self._prepared
        if prepared is None or not prepared.request.is_for(choices, self._session.state.cameras):
            self._wanted = choices
            self._show(dialog, scene, choices)
            return
        try:
            folder = Path(str(self._settings.value(FOLDER, "")))
            suggestion = folder / suggested_name(scene.title, choices.format)
            target = ask_target(dialog, "Export animation", str(suggestion), file_filter(choices.format))
            if target is None:
                return
            job = make_job(prepared.animation, choices, target)
            check, start = partial(check_job, job, replace_old=True), partial(self._start, job, choices)
            question = write_confirmed(job.files, check, start, dialog)
        except InputError as error:
            dialog.show_problem(str(error))
        else:
            if question is not None:
                self._set_question(question)

    def _start(self, job: AnimationJob, choices: ExportChoices) -> None:
        for name, text in to_texts(choices).items():
            self._settings.setValue(f"{SETTINGS}/{name}", text)
        self._settings.setValue(FOLDER, str(job.target.parent))
        if self._dialog is not None:
            self._dialog.accept()
        self._job = job
        self.progress.show_progress(0, len(job.animation), None)
        self.process.start(job)

    def confirm_close(self) -> bool:
        """Whether the window may close now; during an export, ask, and close it if the answer is yes."""
        if not self.process.is_running:
            return True
        self._ask_about_running("If you cancel it, nothing is written.", "Cancel it and close", self._cancel_and_close)
        return False

    def _cancel(self) -> None:
        if self.process.is_running:
            self.progress.show_cancelling()
            self.process.cancel()

    def _cancel_and_close(self) -> None:
        self.process.close()
        self._window.close()

    def _ask_about_running(self, details: str, action: str, then: Callable[[], None]) -> None:
        question = Question("An export is running.", details, action, "Keep exporting", self._window)
        question.confirmed.connect(then)
        self._set_question(question)
        question.open()

    def _set_question(self, question: Question) -> None:
        """Keep the question, and dismiss one that is already open."""
        self._dismiss_question()
        self._question = question
        question.finished.connect(self._forget_question)

    def _dismiss_question(self) -> None:
        if self._question is not None:
            self._question.reject()

    def _forget_question(self) -> None:
        self._question = None

    def _on_finished(self, job: AnimationJob, notes: tuple[str, ...]) -> None:
        self.progress.show_written(", ".join((f"written: {job.target.name}", *notes)))

    def _on_cancelled(self) -> None:
        self.progress.hide()
        self.noticed.emit("export cancelled; nothing was written")

    def _open(self, opener: Callable[[Path], bool]) -> None:
        assert self._job is not None
        path = self._job.target
        if not opener(path):
            self.refused.emit(f"no program here opens {path.name}; it is in {path.parent}")

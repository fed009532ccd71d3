"""Exporting an animation from the window as a person does: the choices, the running export, its ends, the camera."""

import os
import threading
from dataclasses import replace

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel

from gdviz.animation.animation import AnimationSettings, make_animation
from gdviz.animation.camera_path import CameraKey
from gdviz.animation.formats import FORMATS, MAX_SIZE, MIN_SIZE
from gdviz.animation.pace import EveryStep
from gdviz.export import process
from gdviz.export.job import DEFAULT_SAMPLES
from gdviz.export.process import ExportProcess
from gdviz.export.still import StillStage
from gdviz.export_dialog import preview
from gdviz.export_dialog.dialog import ExportDialog
from gdviz.export_dialog.exports import suggested_name
from gdviz.export_dialog.preview import Previews, preview_size
from gdviz.presentation.look import Camera, Theme
from gdviz.session import edits
from gdviz.widgets.dialogs import Question
from tests.controls_shown import retype
from tests.main_window.actions import activate, click, open_dialog, press, shown, told
from tests.main_window.conftest import wait_computed

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
SMALL = {"size": "480x300", "pace": "every-step", "frame_rate": "20"}


@pytest.fixture
def target(tmp_path, monkeypatch):
    """The name that is typed into the dialog for files."""
    folder = tmp_path / "clips"
    folder.mkdir()
    target = folder / "clip.mp4"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    return target


@pytest.fixture
def small(settings):
    """What was chosen the last time is small and quick."""
    for name, text in SMALL.items():
        settings.setValue(f"export/{name}", text)


def choose(qtbot, choice, text):
    """With the keyboard: from the top downwards until it is there."""
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    while not choice.currentText().startswith(text):
        qtbot.keyClick(choice, Qt.Key.Key_Down)


def type_number(qtbot, field, text):
    retype(qtbot, field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def says(qtbot, dialog, start):
    """Wait until the line with the figures starts so."""
    qtbot.waitUntil(lambda: dialog.summary.text().startswith(start))


def begin(qtbot, window):
    """Start an export of the whole run as it was chosen the last time, and wait until frames are drawn."""
    drawn = []
    window.exports.process.progress.connect(lambda done, *_: drawn.append(done))
    click(qtbot, open_dialog(qtbot, window).export)
    qtbot.waitUntil(lambda: bool(drawn) and drawn[-1] > 0, timeout=20_000)
    assert window.exports.process.is_running


def wait_for_end(qtbot, window):
    qtbot.waitUntil(lambda: not window.exports.process.is_running, timeout=30_000)


def decoded(path):
    with av.open(str(path)) as clip:
        return [picture.to_ndarray(format="rgb24") for picture in clip.decode(video=0)]


def drawn_frames(scene, last):
    """The frames of the steps up to the last one as pictures."""
    settings = AnimationSettings(FORMATS["mp4"], (480, 300), 20, (0, last), EveryStep())
    animation = make_animation(scene, settings)
    stage = StillStage(with_surface=True)
    images = [stage.picture(animation.frame(index), 480, 300) for index in range(len(animation))]
    stage.close()
    return [
        np.frombuffer(image.constBits(), np.uint8).reshape(300, 480, 4)[:, :, 2::-1].astype(float) for image in images
    ]


def test_a_clip_is_exported_while_the_window_is_used(qtbot, window, target, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    scene, stage_before = window.session.player.scene(), window.stage.geometry()
    dialog = open_dialog(qtbot, window)
    form = dialog.form
    choose(qtbot, form.size_choice, "Custom")
    type_number(qtbot, form.width_field, "481")
    type_number(qtbot, form.height_field, "300")
    says(qtbot, dialog, "size: mp4 needs an even width")
    assert not dialog.export.isEnabled()
    type_number(qtbot, form.width_field, "480")
    choose(qtbot, form.rate, "20")
    choose(qtbot, form.pace, "One")
    says(qtbot, dialog, "10.1 s, 201 frames, about ")
    before = dialog.last.image.copy()
    type_number(qtbot, form.last_step, "3")
    says(qtbot, dialog, "0.2 s, 4 frames, about ")
    qtbot.waitUntil(lambda: "last frame: step 3" in [label.text() for label in dialog.findChildren(QLabel)])
    assert dialog.last.image != before
    click(qtbot, dialog.export)
    assert shown(window, ExportDialog) is None
    # A running export is not touched by what is done in the window, nor is its line by a notice.
    window.session.set_learning_rate(0.1)
    press(qtbot, window, Qt.Key.Key_V)
    window.messages.notice("something else")
    progress = window.exports.progress
    assert progress.isVisible()
    assert progress.cancel_button.isVisible()
    assert window.stage.geometry() == stage_before
    wait_for_end(qtbot, window)
    assert progress.line == "written: clip.mp4"
    assert window.stage.geometry() == stage_before
    assert os.listdir(target.parent) == ["clip.mp4"]
    found, expected = decoded(target), drawn_frames(scene, 3)
    assert len(found) == 4
    for picture, wanted in zip(found, expected, strict=True):
        assert np.abs(picture - wanted).mean() < 4.0
    click(qtbot, progress.open_button)
    click(qtbot, progress.folder_button)
    assert opened == [QUrl.fromLocalFile(str(target)), QUrl.fromLocalFile(str(target.parent))]
    click(qtbot, progress.dismiss_button)
    assert not progress.isVisible()
    # The next time everything is chosen as before, but the range.
    form = open_dialog(qtbot, window).form
    assert (form.width_field.text(), form.rate.currentText(), form.last_step.text()) == ("480", "20", "200")
    assert form.pace.currentText() == "One frame per step"
    shown(window, ExportDialog).reject()


def test_a_second_export_waits_and_a_cancelled_one_is_gone(qtbot, window, small, target):
    begin(qtbot, window)
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_E, CONTROL_SHIFT)
    question = shown(window, Question)
    assert question.text() == "An export is running."
    assert "of 201" in question.informativeText()
    click(qtbot, question.reject_button)
    assert window.exports.process.is_running
    click(qtbot, window.exports.progress.cancel_button)
    wait_for_end(qtbot, window)
    assert not window.exports.progress.isVisible()
    assert window.statusBar().currentMessage() == "export cancelled; nothing was written"
    assert os.listdir(target.parent) == []


def test_closing_asks_and_keeps_or_cancels(qtbot, window, small, target):
    begin(qtbot, window)
    window.close()
    question = shown(window, Question)
    assert window.isVisible()
    click(qtbot, question.reject_button)
    assert window.exports.process.is_running
    window.close()
    click(qtbot, shown(window, Question).accept_button)
    assert not window.isVisible()
    assert not window.exports.process.is_running
    assert not window.session.runs.runner.is_running
    assert os.listdir(target.parent) == []


def test_ctrl_c_in_the_terminal_ends_it_without_an_answer(qtbot, qapp, window, small, target):
    begin(qtbot, window)
    qapp.closeAllWindows()
    assert shown(window, Question) is not None
    qapp.aboutToQuit.emit()
    assert not window.exports.process.is_running
    assert os.listdir(target.parent) == []
    assert not window.session.runs.runner.is_running


def test_an_animation_is_prepared_and_packed_in_threads(qtbot, window, small, target, monkeypatch):
    names = {}

    def noting(module, name):
        function = getattr(module, name)

        def noted(*arguments):
            names.setdefault(name, set()).add(threading.current_thread().name)
            return function(*arguments)

        monkeypatch.setattr(module, name, noted)

    noting(preview, "make_animation")
    noting(process, "pack")
    begin(qtbot, window)
    window.exports.close()
    assert names == {"make_animation": {"gdviz previews"}, "pack": {"gdviz export"}}
    assert not target.exists()


def test_an_export_that_is_asked_for_before_it_is_prepared_comes_as_soon_as_it_is(qtbot, window, small, target):
    dialog = open_dialog(qtbot, window)
    type_number(qtbot, dialog.form.last_step, "3")
    click(qtbot, dialog.export)
    qtbot.waitUntil(target.exists, timeout=30_000)
    wait_for_end(qtbot, window)
    assert len(decoded(target)) == 4


def test_choices_made_after_asking_for_an_export_are_not_exported_unasked(qtbot, window, small, target):
    dialog, exports = open_dialog(qtbot, window), window.exports
    scene, choices = window.session.player.scene(), exports._prepared.request.choices
    earlier, later = replace(choices, steps=(0, 3)), replace(choices, steps=(0, 2))
    exports._export(dialog, scene, earlier)
    exports._show(dialog, scene, later)
    qtbot.waitUntil(lambda: exports._prepared.request.choices == later)
    assert not exports.process.is_running
    exports._show(dialog, scene, earlier)
    qtbot.waitUntil(lambda: exports._prepared.request.choices == earlier)
    assert not exports.process.is_running
    assert shown(window, ExportDialog) is dialog


def test_an_old_file_is_asked_about_and_a_failure_stays(qtbot, window, small, target, settings, monkeypatch):
    target.write_bytes(b"old")
    target.with_suffix(".png").write_bytes(b"old poster")
    settings.setValue("export/poster", "True")
    dialog = open_dialog(qtbot, window)
    click(qtbot, dialog.export)
    question = shown(dialog, Question)
    assert question.text() == "clip.mp4, clip.png already exist. Replace them?"
    click(qtbot, question.reject_button)
    assert dialog.isVisible()
    assert not window.exports.process.is_running
    started = []
    monkeypatch.setattr(ExportProcess, "start", lambda process, job: started.append(job))
    click(qtbot, dialog.export)
    click(qtbot, shown(dialog, Question).accept_button)
    (job,) = started
    assert job.files == (target, target.with_suffix(".png"))
    window.exports.process.failed.emit("the export crashed")
    window.messages.notice("something else")
    assert window.exports.progress.isVisible()
    assert window.exports.progress.line == "the export crashed"


def test_a_folder_that_is_not_there_is_said_in_the_dialog(qtbot, window, small, target):
    target.parent.rmdir()
    dialog = open_dialog(qtbot, window)
    click(qtbot, dialog.export)
    assert dialog.summary.text() == f"{target}: there is no folder {target.parent}; make it, or use another name"
    assert not window.exports.process.is_running
    dialog.reject()


def test_keys_of_the_window_do_nothing_while_the_dialog_is_open(qtbot, window, small):
    dialog = open_dialog(qtbot, window)
    look = window.session.state.look
    for key in (Qt.Key.Key_V, Qt.Key.Key_K, Qt.Key.Key_Right, Qt.Key.Key_R, Qt.Key.Key_D):
        qtbot.keyClick(dialog.form.transparent, key)
        qtbot.keyClick(dialog, key)
    assert (window.session.state.look, window.session.player.playback.step, window.session.state.cameras) == (
        look,
        0,
        (),
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert shown(window, ExportDialog) is None


def test_camera_positions_are_kept_offered_and_forgotten(qtbot, window, small):
    session = window.session
    press(qtbot, window, Qt.Key.Key_K)
    assert window.statusBar().currentMessage() == "camera kept at step 0 (1 position)"
    session.player.seek(20)
    press(qtbot, window, Qt.Key.Key_K)
    session.set_look(camera=Camera(10.0, 50.0, 3.0))
    press(qtbot, window, Qt.Key.Key_K)
    assert window.statusBar().currentMessage() == "camera kept at step 20 (2 positions)"
    assert session.state.cameras == (CameraKey(0, Camera()), CameraKey(20, Camera(10.0, 50.0, 3.0)))
    dialog = open_dialog(qtbot, window)
    choose(qtbot, dialog.form.camera, "Through")
    says(qtbot, dialog, "10.1 s")
    click(qtbot, dialog.form.forget)
    assert session.state.cameras == ()
    assert not dialog.form.forget.isVisible()
    assert dialog.form.camera.currentText() == "As in the window"
    dialog.reject()
    activate(qtbot, window)
    session.apply(edits.keep_camera, session.target_step)
    window.commands["forget_cameras"].trigger()
    assert session.state.cameras == ()
    session.apply(edits.keep_camera, session.target_step)
    press(qtbot, window, Qt.Key.Key_R)
    assert len(session.state.cameras) == 1
    press(qtbot, window, Qt.Key.Key_PageDown)
    wait_computed(qtbot, window)
    assert session.state.cameras == ()
    session.set_look(pane="contour")
    press(qtbot, window, Qt.Key.Key_K)
    assert session.state.cameras == ()
    assert "only the surface has a camera" in told(window)


def test_without_opengl_the_dialog_shows_the_contour(qtbot, open_window, small):
    window = open_window(no_surface="there is none", theme=Theme.DARK)
    dialog = open_dialog(qtbot, window)
    assert not dialog.form.camera.isEnabled()
    assert dialog.first.image is not None
    assert dialog.height() <= 690
    assert dialog.width() <= 1280
    dialog.reject()


def test_nothing_is_exported_before_the_first_step_is_computed(qtbot, window):
    window.session.runs.live = type(window.session.runs.live)(window.session.state.experiment)
    window.commands["export_animation"].trigger()
    assert shown(window, ExportDialog) is None
    assert told(window) == "nothing has been computed yet; try again in a moment"


def test_where_nothing_opens_the_file_it_is_said(qtbot, window, small, target, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    monkeypatch.setattr(ExportProcess, "start", lambda process, job: process.finished.emit(job, ("with a note",)))
    click(qtbot, open_dialog(qtbot, window).export)
    assert window.exports.progress.line == "written: clip.mp4, with a note"
    click(qtbot, window.exports.progress.open_button)
    assert told(window) == f"no program here opens clip.mp4; it is in {target.parent}"


def test_a_name_is_suggested_that_works_everywhere():
    assert suggested_name("Point nine", FORMATS["mp4"]) == "point-nine.mp4"
    assert suggested_name("Linear regression: 0.9 / ½?", FORMATS["png"]) == "linear-regression-0-9-½"
    assert suggested_name("!", FORMATS["gif"]) == "animation.gif"


@given(
    st.tuples(st.integers(MIN_SIZE[0], MAX_SIZE[0]), st.integers(MIN_SIZE[1], MAX_SIZE[1])),
    st.tuples(st.integers(100, 3000), st.integers(100, 3000)),
)
def test_a_preview_has_the_shape_of_the_clip(size, room):
    width, height = preview_size(size, QSize(*room))
    assert MIN_SIZE[0] <= width <= size[0]
    assert MIN_SIZE[1] <= height <= size[1]
    assert abs(width / size[0] - height / size[1]) <= 0.5 / size[0] + 0.5 / size[1] + 1e-9
    if width > MIN_SIZE[0] and height > MIN_SIZE[1]:
        assert width <= room[0] + 1
        assert height <= room[1] + 1


@pytest.mark.parametrize(
    ("size", "room", "samples"),
    [((1280, 720), (768, 432), 0), ((1080, 1080), (768, 432), 0), ((480, 300), (768, 432), DEFAULT_SAMPLES)],
)
def test_a_preview_that_is_shrunk_to_be_shown_takes_no_samples(monkeypatch, size, room, samples):
    """OpenGL would make further programs for them: 50 ms at once, again for every dialog."""
    drawn = []

    class Stage:
        def __init__(self, with_surface):
            drawn.append("made")

        def prepare(self, frame):
            drawn.append("prepared")

        def picture(self, frame, width, height, samples):
            drawn.append(samples)

    monkeypatch.setattr(preview, "StillStage", Stage)
    previews = Previews(True)
    previews.prepare(None)
    assert drawn == ["made", "prepared"]
    for _ in range(2):
        previews.draw(None, size, QSize(*room))
    assert drawn[2:] == [samples, samples]


def test_the_stage_of_the_previews_is_made_in_another_turn_than_they_are_drawn(qtbot, window, monkeypatch):
    turns = [[]]

    def noting(name):
        method = getattr(StillStage, name)
        monkeypatch.setattr(StillStage, name, lambda stage, *given: turns[-1].append(name) or method(stage, *given))

    noting("prepare")
    noting("picture")
    window.exports._timer.timeout.connect(lambda: turns.append([]))  # after what it does in this turn
    open_dialog(qtbot, window)
    qtbot.waitUntil(lambda: sum(map(len, turns)) == 3)
    assert [done for done in turns if done] == [["prepare"], ["picture"], ["picture"]]

"""Formats that are registered for the test: the dialog of animations and that of pictures offer and write them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gdviz.animation.animation import AnimationSettings, make_animation
from gdviz.animation.pace import EveryStep
from gdviz.export.still import StillStage
from tests.controls_shown import retype
from tests.main_window.actions import click, open_dialog, press
from tests.new_formats import PPM, RAW, decoded, register, rgb


@pytest.fixture(autouse=True)
def new_formats(monkeypatch):
    register(monkeypatch)


@pytest.fixture
def answer(tmp_path, monkeypatch):
    """What the dialog for files offers; the first name in it is typed, without an ending, and the last kind taken."""
    offered = []

    def typed(parent, title, name, kinds, *_):
        offered.extend(kinds.split(";;"))
        return str(tmp_path / "clip"), offered[-1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", typed)
    return offered


def test_an_animation_is_written_by_the_process_of_exports(qtbot, window, settings, answer, tmp_path):
    for name, text in {"size": "480x300", "pace": "every-step", "frame_rate": "30"}.items():
        settings.setValue(f"export/{name}", text)
    scene = window.session.player.scene()
    dialog = open_dialog(qtbot, window)
    form = dialog.form
    form.format.setFocus()
    qtbot.keyClick(form.format, Qt.Key.Key_End)
    assert form.format.currentText() == PPM.label
    assert [form.rate.itemText(place) for place in range(form.rate.count())] == ["12", "24"]
    assert (form.rate.currentText(), form.transparent.isEnabled(), form.beamer.isVisible()) == ("24", False, False)
    retype(qtbot, form.last_step, "2")
    qtbot.keyClick(form.last_step, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: dialog.summary.text() == "0.1 s, 3 frames, about 2.6 MB")
    click(qtbot, dialog.export)
    qtbot.waitUntil(lambda: not window.exports.process.is_running, timeout=30_000)
    assert (window.exports.progress.line, answer) == ("written: clip.ppm", ["Pixmaps in a row (*.ppm)"])
    clip = make_animation(scene, AnimationSettings(PPM, (480, 300), 24, (0, 2), EveryStep()))
    stage = StillStage(with_surface=True)
    pictures = [rgb(stage.picture(clip.frame(index), 480, 300)) for index in range(3)]
    stage.close()
    found = decoded(tmp_path / "clip.ppm")
    assert len(found) == 3
    assert all(map(np.array_equal, found, pictures))
    # The next time it is chosen already.
    dialog = open_dialog(qtbot, window)
    assert dialog.form.format.currentText() == PPM.label
    dialog.reject()


def test_a_picture_is_written_by_the_menu(qtbot, window, answer, tmp_path):
    picture = window.stage.picture()
    press(qtbot, window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert answer[-1] == f"{RAW.label} (*.raw)"
    said = f"written: {tmp_path / 'clip.raw'}"
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == said)
    assert (tmp_path / "clip.raw").read_bytes() == rgb(picture).tobytes() + b"Point nine"

"""Opening, saving and copying from the window, and what it says and logs of files that it cannot take."""

import logging

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from tests.main_window.actions import press, told, wait_opened
from tests.main_window.conftest import wait_computed


def test_a_bad_scenario_file_leaves_everything_as_it_was(qtbot, window, tmp_path, monkeypatch):
    bad = tmp_path / "bad.toml"
    bad.write_text('title = "x"\nsteps = 1000000000000\n[schedule]\nlearning_rate = 0.1\n')
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    before = window.session.state.experiment
    window.commands["open"].trigger()
    wait_opened(qtbot, window)
    assert str(bad) in told(window)
    assert "steps" in told(window)
    assert window.session.state.experiment is before


def test_save_and_open_again(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    window.session.set_learning_rate(0.31)
    window.commands["save"].trigger()
    press(qtbot, window, Qt.Key.Key_R)
    window.commands["open"].trigger()
    wait_computed(qtbot, window)
    assert window.session.state.experiment.schedule(0) == 0.31
    assert window.windowTitle().startswith("mine")


def test_export_and_copy_give_the_picture_of_the_stage(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "stage.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.commands["export_picture"].trigger()
    picture = window.stage.picture()
    assert QImage(str(target)).convertToFormat(picture.format()) == picture
    window.commands["copy_picture"].trigger()
    assert QGuiApplication.clipboard().image().convertToFormat(picture.format()) == picture


def test_a_file_that_cannot_be_loaded_is_logged_once(qtbot, window, caplog, tmp_path):
    with caplog.at_level(logging.INFO, logger="gdviz"):
        window.files.load(str(tmp_path / "none.toml"))
        wait_opened(qtbot, window)
    refused = [text for _, _, text in caplog.record_tuples if "none.toml" in text]
    assert refused == [f"rejected: {tmp_path}/none.toml: cannot be read: No such file or directory"]

"""Opening, saving and copying from the window, and what it says and logs of files that it cannot take."""

import logging
import threading

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from gdviz.core.errors import InputError
from gdviz.export import picture_files
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
    qtbot.waitUntil(target.exists)
    picture = window.stage.picture()
    assert QImage(str(target)).convertToFormat(picture.format()) == picture
    window.commands["copy_picture"].trigger()
    assert QGuiApplication.clipboard().image().convertToFormat(picture.format()) == picture


def test_a_picture_is_encoded_and_written_in_its_thread_and_the_window_closes_when_it_is(
    qtbot, window, tmp_path, monkeypatch
):
    threads, gate = [], threading.Event()

    def slow(picture, tags):
        threads.append(threading.current_thread())
        assert gate.wait(10)
        return b"a picture"

    targets = [tmp_path / "one.png", tmp_path / "two.png"]
    answers = iter(targets)
    monkeypatch.setattr(picture_files, "png_of", slow)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(answers)), ""))
    for _ in targets:
        window.commands["export_picture"].trigger()
    qtbot.waitUntil(lambda: threads != [])
    assert [*tmp_path.glob("*.png")] == []
    gate.set()
    window.close()
    assert [target.read_bytes() for target in targets] == [b"a picture"] * 2
    (thread,) = {*threads}
    assert thread is not threading.current_thread()
    assert not thread.is_alive()


def test_why_a_picture_cannot_be_written_is_told(qtbot, window, tmp_path, monkeypatch):
    def fail(picture, tags):
        raise InputError("size: the picture is too large to be encoded; use a smaller size")

    monkeypatch.setattr(picture_files, "png_of", fail)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stage.png"), ""))
    window.commands["export_picture"].trigger()
    qtbot.waitUntil(lambda: told(window).startswith("size: the picture is too large"))
    assert not (tmp_path / "stage.png").exists()


def test_a_file_that_cannot_be_loaded_is_logged_once(qtbot, window, caplog, tmp_path):
    with caplog.at_level(logging.INFO, logger="gdviz"):
        window.files.load(str(tmp_path / "none.toml"))
        wait_opened(qtbot, window)
    refused = [text for _, _, text in caplog.record_tuples if "none.toml" in text]
    assert refused == [f"rejected: {tmp_path}/none.toml: cannot be read: No such file or directory"]

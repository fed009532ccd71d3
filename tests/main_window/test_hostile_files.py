"""Whatever a file is, the window says one line of it."""

import os

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from gdviz.session.loading import table_reader as module
from tests.main_window.actions import told, wait_opened


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth exceeded"),
        (MemoryError(), "not enough memory"),
        (OverflowError("int too large\nto convert\x1b]0;gone\x07"), r"too large\nto convert\x1b]0;gone\x07"),
        (KeyError("a" * 5000), "aaa'"),
    ],
)
def test_a_fault_of_a_loader_ends_in_one_line(qtbot, window, monkeypatch, capsys, error, why):
    def fail(name):
        raise error

    before, title = window.session.state.experiment, window.windowTitle()
    monkeypatch.setattr(module, "load_scenario", fail)
    window.files.load("a\tb.toml")
    wait_opened(qtbot, window)
    line = told(window)
    assert line.startswith(r"a\tb.toml: cannot be loaded: ")
    assert line.endswith(why)
    assert line.isprintable()
    assert len(line) <= 300
    assert (window.session.state.experiment, window.windowTitle()) == (before, title)
    assert "\x1b" not in (shown := capsys.readouterr().err)
    assert "Traceback" in shown


def test_a_pipe_is_not_waited_for(qtbot, window, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "pipe.csv"), ""))
    before = window.session.state.experiment
    window.commands["open"].trigger()
    wait_opened(qtbot, window)
    assert told(window).endswith("pipe.csv: is a pipe, not a file; give a file")
    assert window.session.state.experiment is before


def test_a_scenario_is_not_saved_under_no_title(window, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / " .toml"), ""))
    window.commands["save"].trigger()
    why = f"{tmp_path}/ .toml: the file name would be an empty title; choose another name"
    assert told(window) == why
    assert not (tmp_path / " .toml").exists()
    assert QApplication.activeModalWidget() is None

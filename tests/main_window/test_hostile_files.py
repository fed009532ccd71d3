"""Whatever a file is, the window says one line of it."""

import os

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from gdviz.main_window import files as module


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth exceeded"),
        (MemoryError(), "not enough memory"),
        (OverflowError("int too large\nto convert\x1b]0;gone\x07"), r"too large\nto convert\x1b]0;gone\x07"),
        (KeyError("a" * 5000), "aaa'"),
    ],
)
def test_a_fault_of_a_loader_ends_in_one_line(window, monkeypatch, capsys, error, told):
    def fail(name):
        raise error

    before, title = window.session.state.experiment, window.windowTitle()
    monkeypatch.setattr(module, "load_scenario", fail)
    window.files.load("a\tb.toml")
    line = window.statusBar().currentMessage()
    assert line.startswith(r"a\tb.toml: cannot be loaded: ")
    assert line.endswith(told)
    assert line.isprintable()
    assert len(line) <= 300
    assert (window.session.state.experiment, window.windowTitle()) == (before, title)
    assert "\x1b" not in (shown := capsys.readouterr().err)
    assert "Traceback" in shown


def test_a_pipe_is_not_waited_for(window, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "pipe.csv"), ""))
    before = window.session.state.experiment
    window.commands["open"].trigger()
    assert window.statusBar().currentMessage().endswith("pipe.csv: is a pipe, not a file; give a file")
    assert window.session.state.experiment is before


def test_a_scenario_is_not_saved_under_no_title(window, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / " .toml"), ""))
    window.commands["save"].trigger()
    told = f"{tmp_path}/ .toml: the file name would be an empty title; choose another name"
    assert window.statusBar().currentMessage() == told
    assert not (tmp_path / " .toml").exists()
    assert QApplication.activeModalWidget() is None

"""Whatever a file is or says, the window says one line of it, and shows its words as words."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from gdviz.main_window import window as module

from .conftest import wait_computed

SCENARIO = 'title = "{}"\nquestion = "{}"\nproves = "{}"\n[schedule]\nlearning_rate = 0.2\n'


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion depth exceeded"),
        (MemoryError(), "it needs more memory than there is"),
        (OverflowError("int too large\nto convert\x1b]0;gone\x07"), r"too large\nto convert\x1b]0;gone\x07"),
        (KeyError("a" * 5000), "aaa'"),
    ],
)
def test_a_fault_of_a_loader_ends_in_one_line(window, monkeypatch, capsys, error, told):
    def fail(name):
        raise error

    before, title = window.session.experiment, window.windowTitle()
    monkeypatch.setattr(module, "load_scenario", fail)
    window.load("a\tb.toml")
    line = window.statusBar().currentMessage()
    assert line.startswith(r"a\tb.toml: cannot be loaded: ")
    assert line.endswith(told)
    assert line.isprintable()
    assert len(line) <= 300
    assert (window.session.experiment, window.windowTitle()) == (before, title)
    assert "\x1b" not in (shown := capsys.readouterr().err)
    assert "Traceback" in shown


def test_a_pipe_is_not_waited_for(window, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "pipe.csv"), ""))
    before = window.session.experiment
    window.commands["open"].trigger()
    assert window.statusBar().currentMessage().endswith("pipe.csv: is a pipe, not a file; give a file")
    assert window.session.experiment is before


def test_words_of_a_file_are_shown_as_words(qtbot, window, tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(SCENARIO.format(r"a[*]\n\u001b]0;b\u202e", r"<b>Is\nit?</b>", r"<img src='/dev/zero'>"))
    window.load(str(path))
    wait_computed(qtbot, window)
    title = r"a[*] \x1b]0;b\u202e"
    assert window.session.frame.header.title == title
    # What the system shows has the mark of a changed file replaced, but for one that is there twice.
    assert window.windowTitle() == title.replace("[*]", "[*][*]") + " – gdviz"
    assert window.windowHandle().title().startswith(title)
    panel = window.scenario_panel
    assert (panel.question.text(), panel.proves.text()) == ("<b>Is it?</b>", "<img src='/dev/zero'>")
    assert {panel.question.textFormat(), panel.proves.textFormat()} == {Qt.TextFormat.PlainText}
    assert window.statusBar().currentMessage() == "<b>Is it?</b>"


def test_the_name_of_a_data_file_is_shown_as_words(qtbot, window, tmp_path):
    path = tmp_path / "<b>a\x1b\u202e.CSV"
    path.write_text("x,y\n1,2\n2,4\n3,7\n")
    window.load(str(path))
    wait_computed(qtbot, window)
    assert window.session.state.title == r"<b>a\x1b\u202e"
    source = window.control_panel.data._source
    assert source.textFormat() is Qt.TextFormat.PlainText
    assert source.text().isprintable()
    assert "&lt;b&gt;" in source.toolTip()


def test_a_scenario_is_not_saved_under_no_title(window, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / " .toml"), ""))
    window.commands["save"].trigger()
    assert window.statusBar().currentMessage().startswith("title: is empty; give one")
    assert not (tmp_path / " .toml").exists()
    assert QApplication.activeModalWidget() is None

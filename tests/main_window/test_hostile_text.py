"""A scenario, its data and a file whose names and words would do something as HTML: the window shows them as text."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel

from gdviz.export_dialog.dialog import ExportDialog
from gdviz.widgets.dialogs import Question
from tests.main_window.actions import click, open_dialog, shown, told, wait_opened
from tests.main_window.conftest import wait_computed
from tests.widgets.hostile_text import HOSTILE, labels_that_guess, told_by

SCENARIO = f"""
title = '{HOSTILE}'
question = '{HOSTILE}'
proves = '{HOSTILE}'
steps = 20
[data]
file = '{HOSTILE}.csv'
[schedule]
learning_rate = 0.1
"""


@pytest.fixture
def hostile(tmp_path, picture):
    """The scenario file, in a folder with the data and the picture that the text names."""
    (tmp_path / f"{HOSTILE}.csv").write_text("x,y\n0,1\n1,2\n2,4\n", encoding="utf-8")
    path = tmp_path / f"{HOSTILE}.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def choose_file(window, path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.commands["open"].trigger()


def test_hostile_text_of_a_scenario_is_shown_as_written(qtbot, window, hostile, monkeypatch):
    choose_file(window, hostile, monkeypatch)
    wait_computed(qtbot, window)
    assert window.windowHandle().title().startswith(f"{HOSTILE} – gdviz")
    assert window.session.player.scene().question == HOSTILE
    assert window.stage.frame.header.title == HOSTILE
    panel = window.scenario_panel
    assert (panel.question.text(), panel.proves.text()) == (HOSTILE, HOSTILE)
    tips = [told_by(label.toolTip()) for label in window.control_panel.findChildren(QLabel)]
    assert f"The points come from {HOSTILE}.csv" in [tip.replace(f"{hostile.parent}/", "") for tip in tips]
    hostile.write_text(SCENARIO.replace("steps", f"'{HOSTILE}'"), encoding="utf-8")
    choose_file(window, hostile, monkeypatch)
    wait_opened(qtbot, window)
    said = told(window)
    assert '<img src="x.png"><b>bold<i>' in said
    assert "a<b and c>d: there is no such key" in said
    assert labels_that_guess(window) == []


def test_control_characters_are_written_out(qtbot, window, tmp_path):
    name, title = "<b>a\x1b\u202e.CSV", r"a[*] \x1b]0;b\u202e"
    (tmp_path / name).write_text("x,y\n1,2\n2,4\n3,7\n")
    path = tmp_path / "a.toml"
    words = (r"a[*]\n\u001b]0;b\u202e", r"Is\nit?", r"\u001bc")
    path.write_text('title = "{}"\nquestion = "{}"\nproves = "{}"\n[schedule]\nlearning_rate = 0.2\n'.format(*words))
    window.files.load(str(path))
    wait_computed(qtbot, window)
    assert window.session.player.frame.header.title == title
    # What the system shows has the mark of a changed file replaced, but for one that is there twice.
    assert window.windowTitle() == title.replace("[*]", "[*][*]") + " – gdviz"
    assert window.windowHandle().title().startswith(title)
    panel = window.scenario_panel
    assert (panel.question.text(), panel.proves.text()) == ("Is it?", r"\x1bc")
    assert window.session.player.scene().question == "Is it?"
    window.files.load(str(tmp_path / name))
    wait_computed(qtbot, window)
    assert window.session.state.title == r"<b>a\x1b\u202e"
    assert all(label.text().isprintable() for label in window.control_panel.data.findChildren(QLabel))


NAMES = [
    (HOSTILE, "a & b <b>c</b>"),
    ("\u202ea\x1b]0;b", "\u0645\u0633\u0627\u062d\u0629"),
    ("W" * 500, "\u6210\u4ea4\u4ef7\u683c" * 100),
]


@pytest.mark.parametrize("names", NAMES)
def test_names_of_columns_are_shown_as_written(qtbot, window, tmp_path, names):
    path = tmp_path / "a.csv"
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    path.write_text(f"{header}\n0,1\n1,2\n2,4\n", encoding="utf-8")
    before = (window.size(), window.stage.width(), window.minimumSizeHint().width())
    window.files.load(str(path))
    wait_computed(qtbot, window)
    for key in ("data_pane", "data_pane", "tape", "formula"):
        window.commands[key].trigger()
        QCoreApplication.processEvents()
    wait_computed(qtbot, window)
    data = window.session.state.experiment.problem.data
    shown = [words.text for pane in window.stage.panes.created for words in getattr(pane, "words", ())]
    assert all(text.isprintable() or "\u200e" in text for text in shown)
    assert all(len(name) <= 40 and name.isprintable() for name in data.names)
    assert any(data.names[1][:3] in text for text in shown)
    assert (window.size(), window.stage.width(), window.minimumSizeHint().width()) == before
    assert labels_that_guess(window) == []


def test_every_dialog_shows_text_as_it_is(qtbot, window, tmp_path, monkeypatch):
    window.show_error(f"Traceback\nValueError: {HOSTILE}")
    target = tmp_path / f"{HOSTILE}.mp4"
    target.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    export = open_dialog(qtbot, window)
    click(qtbot, export.export)
    question = shown(export, Question)
    assert any(HOSTILE in label.text() for label in question.findChildren(QLabel))
    assert labels_that_guess(window) == []
    for dialog in (question, export, *window.findChildren(QDialog)):
        dialog.close()
    assert shown(window, ExportDialog) is None


@pytest.mark.parametrize("size", [(784, 520), (1280, 720)])
def test_no_text_decides_how_wide_the_window_or_its_parts_are(qtbot, open_window, tmp_path, size):
    window = open_window(size=size)
    before = (window.size(), window.stage.width(), window.minimumSizeHint().width())
    path = tmp_path / "w.toml"
    words = f'title = "{"W" * 300}"\nquestion = "{"W" * 1000}"\nproves = "{"W" * 1000}"\nsteps = 200\n'
    path.write_text(f"{words}[schedule]\nlearning_rate = 0.1\n", encoding="utf-8")
    window.files.load(str(path))
    wait_computed(qtbot, window)
    for dock in window.docks:
        dock.raise_()
        QCoreApplication.processEvents()
        assert (window.size(), window.stage.width(), window.minimumSizeHint().width()) == before
        assert window.scenario_panel.minimumSizeHint().width() <= window.panel_area.width()

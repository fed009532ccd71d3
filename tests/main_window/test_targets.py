"""Saving and exporting under a name that is typed: the ending, the question, and what is never overwritten."""

import os
import stat

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gdviz.core.atomic import write_atomically
from gdviz.export.picture_writer import PictureWriter
from gdviz.export.process import ExportProcess
from gdviz.export_dialog.dialog import ExportDialog
from gdviz.widgets.dialogs import Question, write_confirmed
from tests.main_window.actions import activate, click, open_dialog, press, shown
from tests.main_window.file_dialog import Typist

OLD = b"precious"
REPLACEMENT_NOTE = "The existing version is kept until the new one is complete, and is then replaced."
ENDINGS = {"scenario": ".toml", "picture": ".png", "animation": ".mp4"}
KEYS = {"scenario": Qt.Key.Key_S, "picture": Qt.Key.Key_E}
WITHOUT_NATIVE_DIALOGS = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


@pytest.fixture
def qt_dialogs(qapp):
    """The desktop's own dialog for files could not be typed into."""
    before = QApplication.testAttribute(WITHOUT_NATIVE_DIALOGS)
    QApplication.setAttribute(WITHOUT_NATIVE_DIALOGS)
    yield
    QApplication.setAttribute(WITHOUT_NATIVE_DIALOGS, before)


@pytest.fixture
def folder(tmp_path):
    """Where nothing else is; the settings are beside it."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture(params=ENDINGS)
def save(request, qtbot, window, qt_dialogs, monkeypatch):
    """A function that saves under a typed name and gives the question that is asked, if any; with its ``ending``."""
    # What the process writes, and in which thread a picture is written, is tested elsewhere.
    monkeypatch.setattr(ExportProcess, "start", lambda process, job: job.target.write_bytes(b"clip"))
    monkeypatch.setattr(PictureWriter, "write", lambda writer, target, encode: write_atomically(target, encode()))

    def save(path):
        if request.param == "animation":
            dialog = shown(window, ExportDialog) or open_dialog(qtbot, window)
            typist = Typist(qtbot, path)
            click(qtbot, dialog.export)
        else:
            activate(qtbot, window)
            typist = Typist(qtbot, path)
            press(qtbot, window, KEYS[request.param], Qt.KeyboardModifier.ControlModifier)
        assert typist.has_typed
        assert not typist.was_asked, "the dialog asks about the name that was typed, which may not be what is written"
        return shown(window, Question)

    save.ending = ENDINGS[request.param]
    yield save
    if shown(window, ExportDialog) is not None:
        shown(window, ExportDialog).reject()


def told(window):
    """What the window says, or the dialog that is open."""
    dialog = shown(window, ExportDialog)
    said = window.messages.bar.text or window.statusBar().currentMessage()
    return said if dialog is None else dialog.summary.text()


def test_only_what_is_really_replaced_is_asked_about(qtbot, window, save, folder):
    ending = save.ending
    others = [f"rate 0{ending}", f"notes{ending}", "notes.txt", f"mine{ending}"]
    for name in others:
        (folder / name).write_bytes(OLD)
    (folder / f"mine{ending}").chmod(0o600)
    for typed, meant in (
        ("rate 0.9", f"rate 0.9{ending}"),
        ("notes.txt", f"notes.txt{ending}"),
        (f"SHOUT{ending.upper()}", f"SHOUT{ending.upper()}"),
    ):
        assert save(folder / typed) is None
        assert (folder / meant).exists()
        others.append(meant)
    assert sorted(os.listdir(folder)) == sorted(others)
    assert [(folder / name).read_bytes() for name in others[:4]] == [OLD] * 4

    for typed, key in (("mine", Qt.Key.Key_Return), (f"mine{ending}", Qt.Key.Key_Escape)):
        question = save(folder / typed)
        assert question.text() == f"mine{ending} already exists. Replace it?"
        assert question.informativeText() == REPLACEMENT_NOTE
        qtbot.keyClick(question, key)
        assert shown(window, Question) is None
        assert (folder / f"mine{ending}").read_bytes() == OLD
    click(qtbot, save(folder / "mine").accept_button)
    assert (folder / f"mine{ending}").read_bytes() != OLD
    assert stat.S_IMODE((folder / f"mine{ending}").stat().st_mode) == 0o600
    assert sorted(os.listdir(folder)) == sorted(others)


def test_a_name_may_be_its_ending(window, save, folder):
    assert save(folder / save.ending) is None
    assert os.listdir(folder) == [save.ending]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a folder in use")
def test_a_current_folder_that_was_deleted_is_told_in_a_notice(qtbot, window, folder, monkeypatch):
    monkeypatch.chdir(folder)
    folder.rmdir()
    monkeypatch.setattr("gdviz.widgets.dialogs.QFileDialog.getSaveFileName", lambda *_: ("mine", "Scenario (*.toml)"))
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    told_now = "mine.toml: the current folder no longer exists; give an absolute path"
    assert told(window) == told_now


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_what_is_read_only_is_not_even_asked_about(window, save, folder):
    path = folder / f"mine{save.ending}"
    path.write_bytes(OLD)
    path.chmod(0o444)
    assert save(folder / "mine") is None
    assert told(window) == f"{path}: cannot be written: it is read-only; make it writable or use another name"
    assert path.read_bytes() == OLD
    assert os.listdir(folder) == [path.name]


def test_files_beside_a_folder_have_its_whole_name(qtbot, window, settings, qt_dialogs, tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(ExportProcess, "start", lambda process, job: started.append(job))
    settings.setValue("export/format", "png")
    settings.setValue("export/poster", "True")
    folder, old = tmp_path / "rate 0.9", tmp_path / "rate 0.png"
    folder.mkdir()
    old.write_bytes(OLD)
    (tmp_path / "link").symlink_to(folder)
    for typed, text in ((folder, "rate 0.9 already exists."), (tmp_path / "link", "link (a link to ")):
        dialog = open_dialog(qtbot, window)
        monkeypatch.setattr(
            "gdviz.widgets.dialogs.QFileDialog.getSaveFileName", lambda *_, name=str(typed): (name, "Folders (*)")
        )
        click(qtbot, dialog.export)
        question = shown(window, Question)
        assert question.text().startswith(text)
        assert question.text().endswith("Replace the pictures in it?")
        click(qtbot, question.accept_button)
    assert [job.files for job in started] == [
        (folder, tmp_path / "rate 0.9.png"),
        (tmp_path / "link", tmp_path / "link.png"),
    ]
    assert old.read_bytes() == OLD


def test_the_name_of_a_file_in_a_question_is_text(qtbot, window, qt_dialogs, tmp_path):
    (tmp_path / "<b>a.toml").write_bytes(OLD)
    activate(qtbot, window)
    typist = Typist(qtbot, tmp_path / "<b>a")
    press(qtbot, window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert typist.has_typed
    question = shown(window, Question)
    assert (question.text(), question.textFormat()) == (
        "<b>a.toml already exists. Replace it?",
        Qt.TextFormat.PlainText,
    )
    click(qtbot, question.reject_button)


def test_every_name_in_a_question_of_several_files_can_be_seen(window, tmp_path):
    folder, poster, captions = (tmp_path / f"{name[0] * 200}{name[1:]}" for name in ("a", "b.png", "c.vtt"))
    folder.mkdir()
    for link in (poster, captions):
        (tmp_path / f"d{link.name}").write_bytes(OLD)
        link.symlink_to(tmp_path / f"d{link.name}")
    question = write_confirmed((folder, poster, captions), lambda: None, lambda: None, window)
    text = question.text()
    assert len(text) <= 300
    for part in ("a…aaa", "b.png (a link to /", "b.png), ", "c.vtt (a link to /", "c.vtt) already exist. "):
        assert text.count(part) == 1
    assert text.endswith(" Replace the pictures in the folder and the other files?")
    question.reject()

"""Ctrl+E as a person uses it: a name, a kind of file, and the picture that was on the stage when asked."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from gdviz.animation.formats import PICTURES

SVG, PDF = "Drawing for web pages and office programs (*.svg)", "Drawing for LaTeX and print (*.pdf)"


def export(qtbot, window, monkeypatch, path, chosen="Picture (*.png)", meanwhile=lambda: None):
    """Press Ctrl+E and answer the dialog."""
    offered = []

    def answer(parent, title, name, filters, *_):
        offered.extend(filters.split(";;"))
        meanwhile()
        return str(path), chosen

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert offered == [f"{format.label} (*{format.ending})" for format in PICTURES.values()]


def written(qtbot, path):
    """The path, once it is there."""
    qtbot.waitUntil(path.exists)
    return path


def test_the_picture_is_what_was_on_the_stage_when_asked(qtbot, window, tmp_path, monkeypatch):
    window.session.player.seek(4)
    qtbot.waitUntil(lambda: window.stage.frame.step == 4)

    def go_on():
        window.session.player.seek(20)
        window.stage.show_frame(window.session.player.frame)

    drawing = tmp_path / "drawing"
    export(qtbot, window, monkeypatch, drawing, SVG, go_on)
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == f"written: {drawing}.svg")
    assert window.messages.bar.text == ""
    content = drawing.with_suffix(".svg").read_text(encoding="utf-8")
    assert "step 4 / 200" in content
    assert "step 20 / 200" not in content
    # the stage shows again what it showed, and looks so
    assert window.stage.frame.step == 20
    later = window.stage.picture()
    window.stage.show_frame(window.session.player.frame)
    assert window.stage.picture() == later

    picture = tmp_path / "picture.png"
    export(qtbot, window, monkeypatch, picture, SVG)
    assert QImage(str(written(qtbot, picture))).convertToFormat(later.format()) == later
    assert "step 20 / 200" in QImage(str(picture)).text("Description")


def test_the_ending_comes_from_the_kind_chosen(qtbot, window, tmp_path, monkeypatch):
    export(qtbot, window, monkeypatch, tmp_path / "a", PDF)
    assert written(qtbot, tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    export(qtbot, window, monkeypatch, tmp_path / "b")
    assert not QImage(str(written(qtbot, tmp_path / "b.png"))).isNull()
    export(qtbot, window, monkeypatch, tmp_path / "c.pdf", SVG)
    assert written(qtbot, tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")
    before = sorted(tmp_path.iterdir())
    export(qtbot, window, monkeypatch, "")
    assert sorted(tmp_path.iterdir()) == before

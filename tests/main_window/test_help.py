"""The small windows, as a person sees them."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QScrollArea, QWidget

from gdviz.main_window.commands import MENUS, commands, key_text
from gdviz.main_window.help import RichText, TextDialog, about_html, keys_html

SMALLEST = QSize(800, 600)


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize("screen_width", [800, 1280])
def test_every_key_stands_beside_what_it_does(screen_width):
    shown = keys_html(screen_width).replace("&nbsp;", " ")
    for command in commands():
        if command.keys:
            assert key_text(command).replace("&", "&amp;") in shown
            assert command.text.replace("&", "&amp;") in shown
    assert [shown.count(f"<i>{menu}</i>") for menu in MENUS] == [1] * len(MENUS)


def test_all_keys_are_seen_without_scrolling(qtbot, parent):
    dialog = TextDialog("Keys", keys_html(1280), parent, wraps=False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    area, text = dialog.findChild(QScrollArea), dialog.findChild(RichText)
    qtbot.waitUntil(lambda: area.viewport().size() == text.sizeHint())
    assert dialog.width() <= 1280
    assert dialog.height() <= 620


def test_on_a_narrow_screen_no_line_of_the_keys_is_cut(qtbot, parent, monkeypatch):
    monkeypatch.setattr(TextDialog, "screen", lambda self: SimpleNamespace(availableSize=lambda: SMALLEST))
    dialog = TextDialog("Keys", keys_html(SMALLEST.width()), parent, wraps=False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    area = dialog.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().isVisible() and not area.horizontalScrollBar().isVisible())
    assert dialog.width() <= 800
    assert dialog.height() <= 600


def test_the_keys_are_laid_out_once(qtbot, parent, monkeypatch):
    laid_out = []

    class Counted(QTextDocument):
        def __init__(self, parent):
            super().__init__(parent)
            self.documentLayout().documentSizeChanged.connect(lambda size: laid_out.append(size.width()))

    monkeypatch.setattr("gdviz.main_window.help.QTextDocument", Counted)
    dialog = TextDialog("Keys", keys_html(1280), parent, wraps=False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert len(laid_out) <= 2, "once to find the width, and at that width"
    assert laid_out[-1] == dialog.findChild(RichText).width()


def test_the_lines_of_a_text_that_wraps_follow_the_width(qtbot, parent):
    dialog = TextDialog("About gdviz", about_html(), parent)
    with qtbot.waitExposed(dialog):
        dialog.show()
    text = dialog.findChild(RichText)
    before = text.sizeHint().height()
    dialog.resize(300, dialog.height())
    qtbot.waitUntil(lambda: text.width() < 300 and text.sizeHint().height() > before)
    assert text.height() >= text.sizeHint().height()


def test_what_gdviz_is_is_said_in_lines_that_fit(qtbot, parent):
    dialog = TextDialog("About gdviz", about_html(), parent)
    dialog.show()
    assert dialog.width() <= 600


def test_keys_are_set_in_a_cut_that_the_font_has(qtbot, parent):
    dialog = TextDialog("Keys", keys_html(1280), parent, wraps=False)
    document = dialog.findChild(RichText).document
    cursor = document.find(key_text(next(command for command in commands() if command.keys)))
    assert cursor.charFormat().fontWeight() == QFont.Weight.DemiBold.value

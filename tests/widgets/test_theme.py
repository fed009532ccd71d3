"""The look of the window: its fonts grow with it from the first time on."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton, QVBoxLayout, QWidget

from gdviz.presentation.look import Theme
from gdviz.widgets.theme import TEXT_SIZE, apply_theme


@pytest.fixture
def application(qapp):
    """The application without a look, and afterwards with the one that it had."""
    font, palette = QApplication.font(), qapp.palette()
    yield qapp
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_existing_widgets_get_the_size_of_text_at_once(qtbot, application):
    window = QMainWindow()
    qtbot.addWidget(window)
    menu, button = window.menuBar(), QToolButton(window)
    menu.addMenu("File")
    window.show()
    for unit in (1.25, 1.0, 1.5):
        apply_theme(application, window, Theme.LIGHT, unit)
        assert menu.font().pixelSize() == button.font().pixelSize() == round(TEXT_SIZE * unit)


class Nested(QWidget):
    """A widget in eight others that counts how often it is styled."""

    def __init__(self, depth: int = 8) -> None:
        super().__init__()
        self.styled = 0
        self.inner = Nested(depth - 1) if depth else None
        QVBoxLayout(self).addWidget(self.inner or QLabel())

    def changeEvent(self, event):
        super().changeEvent(event)
        self.styled += event.type() is QEvent.Type.StyleChange

    @property
    def innermost(self):
        return self.inner.innermost if self.inner else self


def test_each_widget_is_styled_once(qtbot, application):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(Nested())
    window.show()
    apply_theme(application, window, Theme.LIGHT, 1.0)
    innermost = window.centralWidget().innermost
    innermost.styled = 0
    apply_theme(application, window, Theme.LIGHT, 1.5)
    assert innermost.styled <= 2  # by the style sheet and by the font, not by each of its ancestors
